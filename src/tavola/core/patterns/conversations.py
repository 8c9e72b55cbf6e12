"""Access patterns of conversations: their logs, heads and read markers."""

from typing import Any

from tavola.core import entities as e
from tavola.core import errors, limits, table
from tavola.core.ids import Conversation
from tavola.core.items import Key
from tavola.core.operations import (
    And,
    Exists,
    Get,
    LessThan,
    Missing,
    Or,
    Put,
    Query,
    Transact,
    Update,
)
from tavola.core.patterns.declared import ALIVE, NEWEST_FIRST, USERS_HIGH, pattern

_DIGITS_LOW, _DIGITS_HIGH = "0", "9~"  # all messages of a log, and nothing else


@pattern(
    "A direct conversation's head, and both its users",
    "pk = DM#a#b, sk from 0 to USER#~, reversed, limit 3",
    "0.5 RRU",
)
def direct_head(conversation: Conversation, *, consistent: bool = False) -> Query:
    return _tail("direct_head", conversation, 1, consistent)


@pattern(
    "A group conversation's head, and the group",
    "pk = GROUP#g, sk from 0 to A, reversed, limit 2",
    "0.5 RRU",
)
def group_head(conversation: Conversation, *, consistent: bool = False) -> Query:
    return _tail("group_head", conversation, 1, consistent)


def head_of(conversation: Conversation, *, consistent: bool = False) -> Query:
    """`direct_head` or `group_head`, whichever fits."""
    read = direct_head if conversation.users else group_head
    return read(conversation, consistent=consistent)


@pattern(
    "The newest entries and what decides who may write (users or group)",
    "pk = log, sk from 0, reversed",
    "0.5 RRU for each started 4 KB",
)
def read_tail(conversation: Conversation, entries: int, *, consistent: bool = False) -> Query:
    return _tail("read_tail", conversation, entries, consistent)


def _tail(name: str, conversation: Conversation, entries: int, consistent: bool) -> Query:
    high, tops = (USERS_HIGH, 2) if conversation.users else ("A", 1)
    return Query(
        name,
        conversation.pk,
        _DIGITS_LOW,
        high,
        tops + entries,
        NEWEST_FIRST,
        consistent,
        peek=False,
    )


@pattern("A page of messages", "pk = log, sk between two numbers, reversed", "2 RRU for 50")
def read_messages(
    conversation: Conversation, low: int, high: int, limit: int, *, consistent: bool = False
) -> Query:
    """Entries `low` to `high`, newest first; numbers beyond the log are harmless."""
    return Query(
        "read_messages",
        conversation.pk,
        f"{max(low, 0):012d}",
        f"{min(high, limits.SEQ_MAX):012d}",
        limit,
        NEWEST_FIRST,
        consistent,
        peek=False,
    )


@pattern("One message by its number", "pk = log and sk = number", "0.5 RRU")
def get_message(conversation: Conversation, seq: int, *, consistent: bool = False) -> Get:
    return Get("get_message", Key(conversation.pk, f"{seq:012d}"), consistent)


@pattern("The newest amendment", "pk = log, sk from !, reversed, limit 1", "0.5 RRU")
def last_amendment(conversation: Conversation, *, consistent: bool = False) -> Query:
    pk = conversation.pk
    return Query("last_amendment", pk, "!", "!~", 1, NEWEST_FIRST, consistent, peek=False)


@pattern("Append a message", "put the next number, missing before", "1 WRU")
def append_message(entry: e.Message) -> Put:
    return Put("append_message", table.MESSAGE.build(entry), Missing())


@pattern("Append imported messages", "put the next numbers, missing before", "2 WRU each")
def append_imported(entries: tuple[e.Message, ...]) -> Transact:
    return Transact(
        "append_imported",
        tuple(
            Put("append_imported", table.MESSAGE.build(entry), Missing(), errors.Busy)
            for entry in entries
        ),
    )


@pattern("Edit or delete a message", "update the entry, put the next amendment", "4 WRU")
def amend_message(
    conversation: Conversation,
    amendment: e.Amendment,
    changed: dict[str, Any],
    removed: tuple[str, ...] = (),
) -> Transact:
    """The entry in place and the amendment behind it; `Lost` when its number was taken."""
    key = Key(conversation.pk, f"{amendment.target:012d}")
    stamped = table.MESSAGE.stamp(**changed)
    update = Update("amend_message", key, stamped, removed, ALIVE, errors.MessageDeleted)
    put = Put("amend_message", table.AMENDMENT.build(amendment), Missing())
    return Transact("amend_message", (update, put))


@pattern("Move a read marker on", "update the joiner, only upwards", "1 WRU")
def mark_read(conversation: Conversation, user_id: str, seq: int) -> Update:
    further = Or((Missing("read_seq"), LessThan("read_seq", seq)))
    if conversation.group_id:
        key = table.GROUP_USER.key(group_id=conversation.group_id, user_id=user_id)
        stamped = table.GROUP_USER.stamp(read_seq=seq)
        return Update("mark_read", key, stamped, condition=And((Exists(), further)))
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user_id)
    return Update("mark_read", key, table.DIRECT_USER.stamp(read_seq=seq), condition=further)


@pattern("Block the other one of the two", "update one's own joiner, not blocked yet", "1 WRU")
def block_user(conversation: Conversation, user_id: str) -> Update:
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user_id)
    stamped = table.DIRECT_USER.stamp(blocked=True)
    return Update("block_user", key, stamped, condition=Missing("blocked"))


@pattern("Let the other one write again", "update one's own joiner, blocked before", "1 WRU")
def unblock_user(conversation: Conversation, user_id: str) -> Update:
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user_id)
    stamped = table.DIRECT_USER.stamp()
    return Update("unblock_user", key, stamped, ("blocked",), Exists("blocked"))
