"""Edit or delete one's own message: the entry in place and an amendment, in one transaction.

The number of the amendment is appended as a message's is: who loses tries the next one.
"""

from typing import Literal

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, MessageDeleted, NotFound, NotYours
from tavola.core.ids import Conversation, parse_conversation
from tavola.flows.access import access_direct, access_member
from tavola.flows.flow import Flow


def edit_message(user_id: str, conversation: str, seq: int, body: str, now: str) -> Flow[e.Message]:
    """Give one's own message another body. The same body again changes nothing.

    Raises `NotFound`, `NotYours`, `MessageDeleted` and `Busy`.
    """
    target, entry = yield from _own_entry(user_id, conversation, seq)
    if entry.deleted_at:
        raise MessageDeleted
    if entry.body == body:
        return entry
    edited = msgspec.structs.replace(entry, body=body, edited_at=now)
    return (yield from _amend(target, edited, "edit", user_id, now))


def delete_message(user_id: str, conversation: str, seq: int, now: str) -> Flow[e.Message]:
    """Leave a tombstone of one's own message; again, the tombstone that is there.

    It keeps id, sender, time, `peer_seq` and bump, so numbers and unread counts never shift.
    """
    target, entry = yield from _own_entry(user_id, conversation, seq)
    if entry.deleted_at:
        return entry
    tombstone = msgspec.structs.replace(
        entry, body=None, digest=None, edited_at=None, deleted_at=now
    )
    try:
        return (yield from _amend(target, tombstone, "delete", user_id, now))
    except MessageDeleted:
        return table.MESSAGE.parse((yield patterns.get_message(target, seq, consistent=True)))


def _own_entry(user_id: str, conversation: str, seq: int) -> Flow[tuple[Conversation, e.Message]]:
    target = parse_conversation(conversation)
    item = None
    if target.users:
        access_direct(user_id, target)
        visible_from = 1
        item = yield patterns.get_message(target, seq, consistent=True)
    else:
        member, item = yield (
            patterns.get_member(target.group_id or "", user_id),
            patterns.get_message(target, seq, consistent=True),
        )
        visible_from = access_member(member).visible_from_seq
    if item is None or seq < visible_from:
        raise NotFound
    entry = table.MESSAGE.parse(item)
    if entry.sender_id != user_id or entry.kind != "text":
        raise NotYours
    return target, entry


def _amend(
    target: Conversation, entry: e.Message, kind: Literal["edit", "delete"], user_id: str, now: str
) -> Flow[e.Message]:
    page = yield patterns.last_amendment(target)
    n = table.AMENDMENT.parse(page.items[0]).n if page.items else 0
    for _ in range(limits.APPEND_LOSSES_MAX):
        n += 1
        amendment = e.Amendment(
            conversation=target.id, n=n, target=entry.seq, kind=kind, by=user_id, at=now
        )
        lost = yield patterns.amend_message(entry, amendment)
        if lost is None:
            return entry
    raise Busy
