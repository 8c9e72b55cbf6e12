"""Erase a user: their record at once, then everything of theirs, a slice at a time.

`erase_user` makes them nobody in one transaction: names, handle, password and identities are gone
and their sessions with them; the id stays taken for ever. `erase_slice` then does away with what
the user's other items lead to, and with these items last: so an interruption loses no trace, and
doing it again finishes it. It is done when nothing is left to be found.

- A direct conversation is closed and stays readable for the other one.
- A group is left; where somebody was, `LeftGroup` says until their messages are gone.
- What they wrote becomes tombstones, each with its amendment, so that readers follow and no number
  shifts.
"""

from collections.abc import Sequence

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, UserNotFound
from tavola.core.ids import Conversation, check_id, group, parse_conversation
from tavola.core.items import Item
from tavola.core.operations import Page
from tavola.flows.flow import Flow

_AT_ONCE = limits.TRANSACTION_WRITES_MAX // 2  # entries with their amendments in a transaction


def erase_user(user_id: str, now: str) -> Flow[None]:
    """Make a user nobody; again changes nothing. The feed does the rest.

    Raises `UserNotFound`, and `Changed` when the user changed meanwhile.
    """
    item, page = yield (
        patterns.get_user(check_id(user_id), consistent=True),
        patterns.identities_of_user(user_id, limits.ERASE_IDENTITIES),
    )
    if item is None:
        raise UserNotFound
    user = table.USER.parse(item)
    if user.deleted_at is None:
        identities = [table.USER_IDENTITY.parse(one) for one in page.items]
        yield patterns.erase_user(user, now, identities)


def erase_all(user_id: str) -> Flow[None]:
    """Do away with everything of an erased user, to the end."""
    while (yield from erase_slice(user_id)):
        pass


def erase_slice(user_id: str) -> Flow[int]:
    """Do away with some of what is left of an erased user; how many items, 0 when none was left.

    Of a user who is not erased, nothing is touched.
    """
    item, page = yield (
        patterns.get_user(user_id, consistent=True),
        patterns.traces_of_user(user_id, limits.ERASE_SLICE),
    )
    user = table.USER.parse(item) if item else None
    if user is None or user.deleted_at is None:
        return 0
    for trace in page.items:
        yield from _erase_trace(user, trace)
    return len(page.items)


def _erase_trace(user: e.User, item: Item) -> Flow[None]:
    now = user.deleted_at or ""
    match item["type"]:
        case "UserGroup":
            yield patterns.erase_membership(table.USER_GROUP.parse(item), now)
        case "UserIdentity":
            yield patterns.erase_identity(table.USER_IDENTITY.parse(item))
        case "LeftGroup":
            left = table.LEFT_GROUP.parse(item)
            yield from _erase_messages(group(left.group_id), user.user_id, now)
            yield patterns.forget_left_group(left)
        case "RuleMark":
            yield patterns.erase_mark(table.RULE_MARK.parse(item))
        case "InboxPointer":
            pointer = table.INBOX_POINTER.parse(item)
            target = parse_conversation(pointer.conversation)
            if target.users:
                yield from erase_in_direct(target, user)
            yield patterns.delete_pointer(user.user_id, pointer.bucket, target.id)
        case other:
            raise table.UnknownItem(f"{other!r} does not belong to a user")


def erase_in_direct(target: Conversation, user: e.User) -> Flow[None]:
    """Close a direct conversation for an erased user, and do away with what they wrote there."""
    yield patterns.erase_direct_user(target, user.user_id, user.names_rev)
    yield from _erase_messages(target, user.user_id, user.deleted_at or "")


def _erase_messages(target: Conversation, user_id: str, now: str) -> Flow[None]:
    """Walk a log from its end, a page at a time."""
    high = limits.SEQ_MAX
    while True:
        page: Page = yield patterns.read_messages(
            target, 1, high, limits.ERASE_ENTRIES, consistent=True
        )
        yield from _erase_entries(target, user_id, page.items, now)
        if page.next is None:
            return
        high = int(page.items[-1]["sk"]) - 1


def _erase_entries(
    target: Conversation, user_id: str, items: Sequence[Item], now: str
) -> Flow[None]:
    own = [int(item["sk"]) for item in items if _says(item, user_id)]
    for first in range(0, len(own), _AT_ONCE):
        yield from _bury(target, user_id, own[first : first + _AT_ONCE], now)


def _bury(target: Conversation, user_id: str, seqs: list[int], now: str) -> Flow[None]:
    """Tombstones for some entries. Who loses, to an amendment or a deletion, looks again."""
    for _ in range(limits.APPEND_LOSSES_MAX):
        page: Page = yield patterns.last_amendment(target, consistent=True)
        n = table.AMENDMENT.parse(page.items[0]).n if page.items else 0
        amendments = [
            e.Amendment(
                conversation=target.id, n=n + k, target=seq, kind="delete", by=user_id, at=now
            )
            for k, seq in enumerate(seqs, start=1)
        ]
        lost = yield patterns.erase_messages(target, amendments)
        if lost is None:
            return
        items = yield tuple(patterns.get_message(target, seq, consistent=True) for seq in seqs)
        seqs = [int(item["sk"]) for item in items if item and _says(item, user_id)]
        if not seqs:
            return
    raise Busy


def _says(item: Item, user_id: str) -> bool:
    """Whether somebody's entry still says something."""
    return bool(item["sender_id"] == user_id and "deleted_at" not in item)


def erase_late(user_id: str, conversation: str) -> Flow[None]:
    """Do away with what came into a conversation while its writer was erased, and was not met.

    Of a user who is not erased, nothing is touched.
    """
    item = yield patterns.get_user(user_id, consistent=True)
    user = table.USER.parse(item) if item else None
    if user is None or user.deleted_at is None:
        return
    target = parse_conversation(conversation)
    if target.users:
        yield from erase_in_direct(target, user)
    else:
        yield from _erase_messages(target, user_id, user.deleted_at)
