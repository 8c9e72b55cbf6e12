"""The access patterns: every question and every write that Tavola asks of its table.

Each is declared once: what it answers, its key condition, what it costs in DynamoDB request units
(for items under 1 KB), and the function that builds its operation. An operation carries its
pattern's name; metrics, costs and documentation are keyed by it. Reads come first, writes after.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from tavola.core import entities as e
from tavola.core import errors, limits, table
from tavola.core.access import AccessPattern, params_of
from tavola.core.ids import Conversation, fold_name
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    And,
    Check,
    Delete,
    Equals,
    Exists,
    Get,
    LessThan,
    Missing,
    Operation,
    Or,
    Part,
    Put,
    Query,
    Scan,
    Transact,
    Update,
)

NEWEST_FIRST = True
_DIGITS_LOW, _DIGITS_HIGH = "0", "9~"  # all messages of a log, and nothing else
_USERS_LOW, _USERS_HIGH = "USER#", "USER#~"
# Below and above every name: folding can put a space in front, and 51 such letters are too long.
_LISTED_LOW, _LISTED_HIGH = " ", "\U0010ffff" * (limits.NAME_BYTES_MAX // 4 + 1)


_ALIVE = And((Exists(), Missing("deleted_at")))


PATTERNS: dict[str, AccessPattern] = {}
BUILDERS: dict[str, Callable[..., Operation]] = {}

F = TypeVar("F", bound=Callable[..., Operation])


def pattern(question: str, key: str, units: str) -> Callable[[F], F]:
    """Declare an access pattern under the name of the function that builds it."""

    def declare(build: F) -> F:
        name, params = build.__name__, params_of(build, (Get, Query))
        reads = params is not None
        PATTERNS[name] = AccessPattern(name, question, key, units, None, reads, params or ())
        BUILDERS[name] = build
        return build

    return declare


# --- reads: users ---------------------------------------------------------------------------


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


# --- reads: groups --------------------------------------------------------------------------


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


# --- reads: conversations -------------------------------------------------------------------


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


# --- writes: users and groups ---------------------------------------------------------------


@pattern("Create a user", "User, Handle, UserName, Password?: all missing before", "6-8 WRU")
def create_user(user: e.User, password: e.Password | None) -> Transact:
    parts: list[Part] = [
        Put("create_user", table.USER.build(user), Missing(), errors.IdTaken),
        Put("create_user", _handle_item(user), Missing(), errors.HandleTaken),
        Put("create_user", _name_item(user)),
    ]
    if password:
        parts.append(Put("create_user", table.PASSWORD.build(password)))
    return Transact("create_user", tuple(parts))


@pattern("Change a profile", "the user as it was read; handle and name moved", "2-10 WRU")
def update_user(before: e.User, after: e.User) -> Transact:
    """What has changed of the record, and with it the handle and the place in the list of names."""
    old, new = table.USER.build(before), table.USER.build(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    removed = tuple(name for name in old if name not in new)
    same = _same(before.names_rev)
    key = key_of(new)
    parts: list[Part] = [Update("update_user", key, changed, removed, same, errors.Changed)]
    parts += _moved(_handle_item(before), _handle_item(after), errors.HandleTaken)
    parts += _moved(_name_item(before), _name_item(after), None)
    return Transact("update_user", tuple(parts))


@pattern("Set a password", "put PASSWORD#u, the user exists", "4 WRU")
def set_password(password: e.Password) -> Transact:
    exists = Check(
        "set_password", table.USER.key(user_id=password.user_id), _ALIVE, errors.UserNotFound
    )
    return Transact("set_password", (exists, Put("set_password", table.PASSWORD.build(password))))


@pattern("Create a group", "Group and GroupName: the group missing before", "4 WRU")
def create_group(group: e.Group) -> Transact:
    name = e.GroupName(
        folded=fold_name(group.name),
        group_id=group.group_id,
        name=group.name,
        visibility=group.visibility,
    )
    return Transact(
        "create_group",
        (
            Put("create_group", table.GROUP.build(group), Missing(), errors.IdTaken),
            Put("create_group", table.GROUP_NAME.build(name)),
        ),
    )


@pattern("Join a group", "both joiners missing; user and group as they were read", "8 WRU")
def join_group(user: e.User, group: e.Group, member: e.GroupUser) -> Transact:
    """Both joiners, with the names that both top records still have."""
    edge = e.UserGroup(
        user_id=user.user_id,
        group_id=group.group_id,
        joined_at=member.joined_at,
        name=group.name,
    )
    user_key = table.USER.key(user_id=user.user_id)
    group_key = table.GROUP.key(group_id=group.group_id)
    return Transact(
        "join_group",
        (
            Put("join_group", table.GROUP_USER.build(member), Missing()),
            Put("join_group", table.USER_GROUP.build(edge)),
            Check("join_group", user_key, _same(user.names_rev), errors.Changed),
            Check("join_group", group_key, _same(group.names_rev), errors.Changed),
        ),
    )


# --- writes: conversations ------------------------------------------------------------------


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
    update = Update("amend_message", key, stamped, removed, _ALIVE, errors.MessageDeleted)
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


# --- writes: the feed -----------------------------------------------------------------------


@pattern("Feed: a conversation is in a user's inbox", "put USER#u / INBOX#…", "1 WRU")
def put_pointer(user_id: str, bucket: str, conversation: str) -> Put:
    pointer = e.InboxPointer(user_id=user_id, bucket=bucket, conversation=conversation)
    return Put("put_pointer", table.INBOX_POINTER.build(pointer))


@pattern("Feed: it is no longer in this bucket", "delete USER#u / INBOX#…", "1 WRU")
def delete_pointer(user_id: str, bucket: str, conversation: str) -> Delete:
    key = table.INBOX_POINTER.key(user_id=user_id, bucket=bucket, conversation=conversation)
    return Delete("delete_pointer", key)


@pattern("Feed: a user's names in a direct conversation", "update the joiner, only newer", "1 WRU")
def name_direct_user(
    conversation: Conversation, user: e.User, joined_at: str | None = None
) -> Update:
    joined = {"joined_at": joined_at} if joined_at else {}
    stamped = table.DIRECT_USER.stamp(**_names_of(user), **joined)
    newer = Or((Missing("names_rev"), LessThan("names_rev", user.names_rev)))
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user.user_id)
    return Update("name_direct_user", key, stamped, condition=newer)


@pattern("Feed: a member's names in a group", "update the joiner, only newer", "1 WRU")
def name_group_user(group_id: str, user: e.User) -> Update:
    key = table.GROUP_USER.key(group_id=group_id, user_id=user.user_id)
    stamped = table.GROUP_USER.stamp(**_names_of(user))
    newer = And((Exists(), LessThan("names_rev", user.names_rev)))
    return Update("name_group_user", key, stamped, condition=newer)


@pattern("Rebuild: a pointer is wrong", "delete INBOX#…, what would make it right missing", "4 WRU")
def remove_pointer(pointer: e.InboxPointer, missing: Key) -> Transact:
    """Remove a pointer unless the entry or membership that makes it right has come meanwhile."""
    delete = delete_pointer(pointer.user_id, pointer.bucket, pointer.conversation)
    there = Check("remove_pointer", missing, Missing())
    return Transact("remove_pointer", (there, Delete("remove_pointer", delete.key)))


@pattern("Rebuild: a group's name with its member", "update UserGroup, its name as read", "1 WRU")
def name_user_group(before: e.UserGroup, name: str) -> Update:
    key = table.USER_GROUP.key(user_id=before.user_id, group_id=before.group_id)
    as_read = And((Exists(), Equals("name", before.name)))
    return Update("name_user_group", key, table.USER_GROUP.stamp(name=name), condition=as_read)


@pattern(
    "Feed: where are copies of this user's names?",
    "pk = USER#u, sk from GROUP# to INBOX#~, oldest first",
    "1 RRU per 4 KB",
)
def places_of_names(user_id: str, limit: int, start: str | None = None) -> Query:
    return Query(
        "places_of_names",
        f"USER#{user_id}",
        "GROUP#",
        "INBOX#~",
        limit,
        consistent=True,
        start=start,
    )


@pattern("Feed: a change that could not be handled is set aside", "put FEED#f / ASIDE#n", "1 WRU")
def set_aside(state: e.FeedState) -> Put:
    return Put("set_aside", table.FEED_STATE.build(state))


@pattern("Feed: how far it has come", "put FEED#f / CHECKPOINT#s", "1 WRU")
def put_checkpoint(state: e.FeedState) -> Put:
    return Put("put_checkpoint", table.FEED_STATE.build(state))


@pattern("Feed: how far had it come?", "pk = FEED#f and sk = CHECKPOINT#s", "1 RRU")
def get_checkpoint(feed: str, part: str) -> Get:
    return Get("get_checkpoint", table.FEED_STATE.key(feed=feed, part=part), consistent=True)


@pattern("Feed: how far was each shard read?", "pk = FEED#f, sk from CHECKPOINT#", "1 RRU per 4 KB")
def list_checkpoints(feed: str, limit: int, start: str | None = None) -> Query:
    return Query(
        "list_checkpoints",
        f"FEED#{feed}",
        "CHECKPOINT#",
        "CHECKPOINT#~",
        limit,
        consistent=True,
        start=start,
    )


@pattern("Feed: which worker is at work?", "pk = FEED#f and sk = LEASE", "1 RRU")
def get_lease(feed: str) -> Get:
    return Get("get_lease", table.FEED_STATE.key(feed=feed, part="LEASE"), consistent=True)


@pattern("Feed: this worker is at work", "put FEED#f / LEASE, missing or as it was seen", "1 WRU")
def put_lease(state: e.FeedState, seen: e.FeedState | None) -> Put:
    """Take the lease, or say that it is still ours; `Lost` when another worker was faster."""
    as_seen: And | Missing = Missing()
    if seen is not None:
        as_seen = And((Equals("owner", seen.owner), Equals("beat", seen.beat)))
    return Put("put_lease", table.FEED_STATE.build(state), as_seen)


@pattern("Feed: this worker has ended", "delete FEED#f / LEASE, ours", "1 WRU")
def drop_lease(state: e.FeedState) -> Delete:
    key = table.FEED_STATE.key(feed=state.feed, part=state.part)
    return Delete("drop_lease", key, Equals("owner", state.owner))


@pattern("Feed: what is set aside?", "pk = FEED#f, sk from ASIDE#", "0.5 RRU per 4 KB")
def list_set_aside(feed: str, limit: int, start: str | None = None) -> Query:
    return Query("list_set_aside", f"FEED#{feed}", "ASIDE#", "ASIDE#~", limit, start=start)


@pattern("Feed: a shard is gone, or what was set aside is done", "delete FEED#f / …", "1 WRU")
def forget_feed_state(feed: str, part: str) -> Delete:
    return Delete("forget_feed_state", table.FEED_STATE.key(feed=feed, part=part))


@pattern("Restore an exported item", "put, missing before", "1 WRU")
def restore_item(item: Item) -> Put:
    return Put("restore_item", item, Missing(), errors.IdTaken)


def _same(names_rev: int) -> And:
    return And((Exists(), Missing("deleted_at"), Equals("names_rev", names_rev)))


def _names_of(user: e.User) -> dict[str, Any]:
    """What joiners copy of a user."""
    return {
        "handle": user.handle,
        "display_name": user.display_name,
        "names_rev": user.names_rev,
    }


def _handle_item(user: e.User) -> Item:
    return table.HANDLE.build(e.Handle(handle=user.handle.lower(), user_id=user.user_id))


def _name_item(user: e.User) -> Item:
    folded = fold_name(user.display_name)
    return table.USER_NAME.build(e.UserName(folded=folded, user_id=user.user_id))


def _moved(old: Item, new: Item, taken: type[errors.TavolaError] | None) -> list[Part]:
    """A put and a delete where the key changes; nothing where it does not."""
    if key_of(old) == key_of(new):
        return []
    return [
        Put("update_user", new, Missing() if taken else None, taken),
        Delete("update_user", key_of(old)),
    ]
