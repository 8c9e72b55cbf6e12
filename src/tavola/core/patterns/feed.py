"""Access patterns of the feed's own state: places, the lease, what was set aside."""

from tavola.core import entities as e
from tavola.core import table
from tavola.core.operations import (
    And,
    Delete,
    Equals,
    Get,
    Missing,
    Put,
    Query,
)
from tavola.core.patterns.declared import pattern


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
