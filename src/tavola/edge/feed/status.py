"""How far the feed has come, as the store tells it: also where another process runs the feed."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.operations import Page, Query
from tavola.edge.feed.handling import NAME
from tavola.edge.feed.runner import PART
from tavola.edge.ports import Executor

_CHECKPOINT, _ASIDE = "CHECKPOINT#", "ASIDE#"


class Checkpoint(msgspec.Struct, frozen=True):
    """Up to which change the feed had come, and when it wrote so."""

    position: int
    at: str


class ShardPlace(msgspec.Struct, frozen=True):
    """Up to which record a shard of the stream was read, and when that was written."""

    shard: str
    sequence: str | None
    ended: bool
    at: str | None


class Holder(msgspec.Struct, frozen=True):
    """The worker that has the lease, and when it last gave a sign of life."""

    owner: str | None
    at: str | None


class Aside(msgspec.Struct, frozen=True):
    """A change that could not be handled; its place as text, because a stream's are long."""

    change: str
    at: str | None
    error: str | None


class LocalStatus(msgspec.Struct, frozen=True):
    """The feed's place in the changes of an embedded store. The lag counts from the checkpoint."""

    last_change: int
    checkpoint: Checkpoint | None
    lag: int
    set_aside: list[Aside]


class StreamStatus(msgspec.Struct, frozen=True):
    """The feed's places in a table's stream, and who follows it."""

    worker: Holder | None
    shards: list[ShardPlace]
    set_aside: list[Aside]


class Changing(Executor, Protocol):
    """A store that numbers its changes."""

    def newest_change(self) -> int: ...


async def local_status(store: Changing) -> LocalStatus:
    """Where the feed of an embedded store is."""
    item = await store.execute(patterns.get_checkpoint(NAME, PART))
    state = table.FEED_STATE.parse(item) if item else None
    checkpoint = Checkpoint(state.position or 0, state.at or "") if state else None
    position = checkpoint.position if checkpoint else 0
    last = store.newest_change()
    return LocalStatus(last, checkpoint, max(0, last - position), await asides(store))


async def stream_status(store: Executor) -> StreamStatus:
    """Where the feed of a table is."""
    item = await store.execute(patterns.get_lease(NAME))
    lease = table.FEED_STATE.parse(item) if item else None
    places = [
        ShardPlace(state.part.removeprefix(_CHECKPOINT), state.sequence, state.ended, state.at)
        for state in await _states(store, patterns.list_checkpoints)
    ]
    return StreamStatus(
        Holder(lease.owner, lease.at) if lease else None, places, await asides(store)
    )


async def asides(store: Executor) -> list[Aside]:
    """What was set aside, in the order of the feed."""
    return [
        Aside(state.part.removeprefix(_ASIDE).lstrip("0") or "0", state.at, state.error)
        for state in await _states(store, patterns.list_set_aside)
    ]


async def forget(store: Executor, done: list[Aside]) -> None:
    """Drop what was set aside, because what should have followed from it was mended."""
    for aside in done:
        await store.execute(patterns.forget_feed_state(NAME, f"{_ASIDE}{int(aside.change):012d}"))


async def _states(
    store: Executor, query: Callable[[str, int, str | None], Query]
) -> list[e.FeedState]:
    found: list[e.FeedState] = []
    start: str | None = None
    while True:
        page: Page = await store.execute(query(NAME, limits.MEMBER_SLICE, start))
        found += map(table.FEED_STATE.parse, page.items)
        start = page.next
        if start is None:
            return found
