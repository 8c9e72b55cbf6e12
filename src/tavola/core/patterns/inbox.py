"""Access patterns of what the feed derives: inbox pointers, and copies of names."""

from typing import Any

from tavola.core import entities as e
from tavola.core import table
from tavola.core.ids import Conversation
from tavola.core.items import Key
from tavola.core.operations import (
    And,
    Check,
    Delete,
    Equals,
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
from tavola.core.patterns.declared import NEWEST_FIRST, pattern


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


@pattern("Feed: a conversation is in a user's inbox", "put USER#u / INBOX#…", "1 WRU")
def put_pointer(user_id: str, bucket: str, conversation: str) -> Put:
    pointer = e.InboxPointer(user_id=user_id, bucket=bucket, conversation=conversation)
    return Put("put_pointer", table.INBOX_POINTER.build(pointer))


@pattern("Feed: it is no longer in this bucket", "delete USER#u / INBOX#…", "1 WRU")
def delete_pointer(user_id: str, bucket: str, conversation: str) -> Delete:
    """Of a direct conversation, `Lost` tells that it was not there: somebody else moves it, too."""
    key = table.INBOX_POINTER.key(user_id=user_id, bucket=bucket, conversation=conversation)
    there = Exists() if conversation.startswith("dm:") else None
    return Delete("delete_pointer", key, there)


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


@pattern("Feed: a pointer is wrong", "delete INBOX#…, what would make it right missing", "4 WRU")
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


@pattern("Feed: a group's name with its member", "update UserGroup, a member before", "1 WRU")
def follow_group_name(group: e.Group, user_id: str) -> Update:
    key = table.USER_GROUP.key(user_id=user_id, group_id=group.group_id)
    stamped = table.USER_GROUP.stamp(name=group.name)
    return Update("follow_group_name", key, stamped, condition=Exists())


@pattern("Feed: what was written in this group?", "pk = GROUP#g, sk from ! to 9~", "1 RRU per 4 KB")
def read_log(conversation: Conversation, limit: int) -> Query:
    """Messages and amendments, the oldest first."""
    return Query("read_log", conversation.pk, "!", "9~", limit, consistent=True, peek=False)


@pattern("Feed: an entry of a deleted group", "delete a message or an amendment", "1 WRU")
def purge_entry(key: Key) -> Delete:
    return Delete("purge_entry", key)


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


def _names_of(user: e.User) -> dict[str, Any]:
    """What joiners copy of a user."""
    return {
        "handle": user.handle,
        "display_name": user.display_name,
        "names_rev": user.names_rev,
    }
