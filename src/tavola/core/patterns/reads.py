"""What is asked of the table."""

from tavola.core import limits, table
from tavola.core.ids import Conversation
from tavola.core.items import Key
from tavola.core.operations import Get, Query, Scan
from tavola.core.patterns.declared import pattern

NEWEST_FIRST = True
_DIGITS_LOW, _DIGITS_HIGH = "0", "9~"  # all messages of a log, and nothing else
_USERS_LOW, _USERS_HIGH = "USER#", "USER#~"
# Below and above every name: folding can put a space in front, and 51 such letters are too long.
_LISTED_LOW, _LISTED_HIGH = " ", "\U0010ffff" * (limits.NAME_BYTES_MAX // 4 + 1)

# --- users -----------------------------------------------------------------------------------


@pattern("Who is this user?", "pk = USER#u and sk = A", "0.5 RRU")
def get_user(user_id: str, *, consistent: bool = False) -> Get:
    return Get("get_user", table.USER.key(user_id=user_id), consistent)


@pattern("Who has this handle?", "pk = HANDLE#ha and sk = handle", "0.5 RRU")
def get_handle(handle: str, *, consistent: bool = False) -> Get:
    return Get("get_handle", table.HANDLE.key(handle=handle), consistent)


@pattern("Whose handle begins so?", "pk = HANDLE#ha, sk from prefix", "0.5 RRU")
def handles_by_prefix(prefix: str) -> Query:
    return Query(
        "handles_by_prefix",
        f"HANDLE#{prefix[:2]}",
        prefix,
        prefix + "~",
        limits.PREFIX_USERS_MAX,
        peek=False,
    )


@pattern("All users by name", "pk = USERS", "0.5 RRU per 4 KB")
def list_users(limit: int, start: str | None = None) -> Query:
    return Query("list_users", "USERS", _LISTED_LOW, _LISTED_HIGH, limit, start=start)


@pattern("A user's password hash", "pk = PASSWORD#u and sk = A", "1 RRU")
def get_password(user_id: str) -> Get:
    return Get("get_password", table.PASSWORD.key(user_id=user_id), consistent=True)


@pattern("A user with their groups", "pk = USER#u, sk from A to GROUP~", "1 RRU per 4 KB")
def user_with_groups(user_id: str, limit: int, start: str | None = None) -> Query:
    return Query(
        "user_with_groups", f"USER#{user_id}", "A", "GROUP~", limit, consistent=True, start=start
    )


# --- groups ----------------------------------------------------------------------------------


@pattern("What is this group?", "pk = GROUP#g and sk = A", "0.5 RRU")
def get_group(group_id: str, *, consistent: bool = False) -> Get:
    return Get("get_group", table.GROUP.key(group_id=group_id), consistent)


@pattern("Is this user in this group?", "pk = GROUP#g and sk = USER#u", "0.5 RRU")
def get_member(group_id: str, user_id: str, *, consistent: bool = False) -> Get:
    return Get("get_member", table.GROUP_USER.key(group_id=group_id, user_id=user_id), consistent)


@pattern("Who is in this group?", "pk = GROUP#g, sk from USER#", "1 RRU per 4 KB")
def list_members(group_id: str, limit: int, start: str | None = None) -> Query:
    pk = f"GROUP#{group_id}"
    return Query("list_members", pk, _USERS_LOW, _USERS_HIGH, limit, consistent=True, start=start)


@pattern("All groups by name", "pk = GROUPS", "0.5 RRU per 4 KB")
def list_groups(limit: int, start: str | None = None) -> Query:
    return Query("list_groups", "GROUPS", _LISTED_LOW, _LISTED_HIGH, limit, start=start)


# --- conversations ---------------------------------------------------------------------------


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
    high, tops = (_USERS_HIGH, 2) if conversation.users else ("A", 1)
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
def last_amendment(conversation: Conversation) -> Query:
    return Query("last_amendment", conversation.pk, "!", "!~", 1, NEWEST_FIRST, peek=False)


@pattern(
    "A user's conversations by bucket, newest first",
    "pk = USER#u, sk from INBOX#, reversed",
    "0.5 RRU per 4 KB",
)
def inbox_pointers(
    user_id: str, limit: int, *, low: str = "", high: str = "~", start: str | None = None
) -> Query:
    return Query(
        "inbox_pointers",
        f"USER#{user_id}",
        f"INBOX#{low}",
        f"INBOX#{high}",
        limit,
        NEWEST_FIRST,
        start=start,
    )


@pattern("Is the pointer in its true bucket there?", "pk = USER#u and sk = INBOX#…", "1 RRU")
def get_pointer(user_id: str, bucket: str, conversation: str) -> Get:
    key = table.INBOX_POINTER.key(user_id=user_id, bucket=bucket, conversation=conversation)
    return Get("get_pointer", key, consistent=True)


@pattern("Any item collection, for operators", "pk, sk between two keys", "0.5 RRU per 4 KB")
def read_collection(
    pk: str,
    low: str = "",
    high: str = "",
    limit: int = limits.PAGE_DEFAULT,
    *,
    reverse: bool = False,
    start: str | None = None,
) -> Query:
    return Query(
        "read_collection", pk, low or "!", high or _LISTED_HIGH, limit, reverse, start=start
    )


@pattern("The whole table, for operators", "none: every item, in segments", "0.5 RRU per 4 KB")
def scan_table(limit: int, start: Key | None = None, segment: int = 0, segments: int = 1) -> Scan:
    """A page of a segment; raises `BadItem` for bounds and keys that make no sense."""
    return Scan("scan_table", limit, start, segment, segments)
