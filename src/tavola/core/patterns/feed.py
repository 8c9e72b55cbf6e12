"""What the change feed reads and writes, of what follows from messages and of itself."""

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
from tavola.core.patterns.declared import pattern


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


def _names_of(user: e.User) -> dict[str, Any]:
    """What joiners copy of a user."""
    return {
        "handle": user.handle,
        "display_name": user.display_name,
        "names_rev": user.names_rev,
    }
