"""Edit or delete one's own message: the entry in place and an amendment, in one transaction.

The number of the amendment is appended as a message's is: who loses tries the next one.
"""

from typing import Literal

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, ConversationClosed, MessageDeleted, NotFound, NotYours
from tavola.core.ids import Conversation, parse_conversation
from tavola.flows.access import access_direct, find_member
from tavola.flows.flow import Flow
from tavola.flows.tail import closed_to_writing, tail_of


class Change(msgspec.Struct, frozen=True):
    """What becomes of an entry: attributes to set and to remove."""

    kind: Literal["edit", "delete"]
    target: int
    by: str
    at: str
    set: dict[str, str]
    remove: tuple[str, ...] = ()


def edit_message(user_id: str, conversation: str, seq: int, body: str, now: str) -> Flow[e.Message]:
    """Give one's own message another body. The same body again changes nothing.

    Raises `NotFound`, `NotYours`, `ConversationClosed`, `MessageDeleted` and `Busy`.
    """
    target, entry = yield from _own_entry(user_id, conversation, seq)
    yield from _check_open(target)
    if entry.body == body:  # of an eventually consistent read: it may have changed since
        entry = yield from _as_it_is(target, seq)
    if entry.deleted_at:
        raise MessageDeleted
    if entry.body == body:
        return entry
    changed = {"body": body, "edited_at": now}
    yield from _amend(target, Change("edit", seq, user_id, now, changed))
    return msgspec.structs.replace(entry, **changed)


def delete_message(user_id: str, conversation: str, seq: int, now: str) -> Flow[e.Message]:
    """Leave a tombstone of one's own message; again, the tombstone that is there.

    It keeps id, sender, time, `peer_seq` and bump, so numbers and unread counts never shift.
    """
    target, entry = yield from _own_entry(user_id, conversation, seq)
    if entry.deleted_at:
        return entry
    removed = ("body", "digest", "edited_at")
    try:
        yield from _amend(target, Change("delete", seq, user_id, now, {"deleted_at": now}, removed))
    except MessageDeleted:
        return (yield from _as_it_is(target, seq))
    return msgspec.structs.replace(entry, deleted_at=now, **dict.fromkeys(removed))


def _own_entry(user_id: str, conversation: str, seq: int) -> Flow[tuple[Conversation, e.Message]]:
    target = parse_conversation(conversation)
    read = patterns.get_message(target, seq)
    if target.group_id is None:
        access_direct(user_id, target)
        visible_from, item = 1, (yield read)
    else:
        member, item = yield patterns.get_member(target.group_id, user_id), read
        joiner = yield from find_member(target.group_id, user_id, member)
        visible_from = joiner.visible_from_seq
    if seq < visible_from:
        raise NotFound
    # A read that found nothing may be behind.
    entry = table.MESSAGE.parse(item) if item else (yield from _as_it_is(target, seq))
    if entry.sender_id != user_id or entry.kind != "text":
        raise NotYours
    return target, entry


def _as_it_is(target: Conversation, seq: int) -> Flow[e.Message]:
    """The entry as it is now. Raises `NotFound`: a group may have been purged meanwhile."""
    item = yield patterns.get_message(target, seq, consistent=True)
    if item is None:
        raise NotFound
    return table.MESSAGE.parse(item)


def _check_open(target: Conversation) -> Flow[None]:
    """Another body is another message to the other one of the two, who may block it."""
    if target.users:
        tail = tail_of((yield patterns.direct_head(target)))
        if closed_to_writing(tail, target):
            raise ConversationClosed


def _amend(target: Conversation, change: Change) -> Flow[None]:
    page = yield patterns.last_amendment(target)
    n = table.AMENDMENT.parse(page.items[0]).n if page.items else 0
    for _ in range(limits.APPEND_LOSSES_MAX):
        n += 1
        amendment = e.Amendment(
            conversation=target.id,
            n=n,
            target=change.target,
            kind=change.kind,
            by=change.by,
            at=change.at,
        )
        lost = yield patterns.amend_message(target, amendment, change.set, change.remove)
        if lost is None:
            return
    raise Busy
