"""Follows a stream: reads all its shards side by side, and remembers how far it has come in each.

A shard's place is kept at most every five seconds, because of changes that were handled. Records
that are no changes (the feed's own state) move the place too, but only time keeps it then: a
worker that wrote because it had written would never rest.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

import structlog

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change, Unreadable
from tavola.core.errors import TavolaError
from tavola.core.operations import Page
from tavola.core.shards import Place, Records, Shard, Stream, left_behind, to_read
from tavola.core.times import from_epoch_ms
from tavola.edge.feed.handling import NAME, RETRY_MAX_S, Handler
from tavola.edge.feed.pace import Pace
from tavola.edge.ports import Executor

_CHECKPOINT = "CHECKPOINT#"
_GONE = "changes were older than the stream keeps: `tavola feed rebuild` mends what followed"

log = structlog.get_logger("tavola.feed")

T = TypeVar("T")
Handled = Callable[[Collection[Change | Unreadable]], None]


class Following:
    """One worker's reading of a stream, from the places where it was left."""

    def __init__(
        self,
        stream: Stream,
        store: Executor,
        handler: Handler,
        ago: Callable[[float], str],
        pace: Pace,
    ) -> None:
        self._stream = stream
        self._store = store
        self._handler = handler
        self._ago = ago
        self._pace = pace
        self._places: dict[str, Place] = {}
        self._until: dict[str, str] = {}  # all that was written before this moment was read
        self._kept_at: dict[str, float] = {}
        self._changed: set[str] = set()  # shards with changes handled since their place was kept
        self._clear_at: dict[str, float] = {}  # of shards at hand: when the last empty look began
        self._looked = False  # whether all shards that may be read are at hand
        self._look = asyncio.Event()
        self._moved = asyncio.Event()
        self._newest_at: float | None = None  # when the records at hand were written

    @property
    def lag_s(self) -> float | None:
        """How long ago the records at hand were written; 0 when all are read, None at first."""
        if self._looked and self._clear_at and all(self._clear_at.values()):
            return 0.0
        return max(0.0, time.time() - self._newest_at) if self._newest_at is not None else None

    async def run(self, handled: Handled) -> None:
        """Read on until cancelled. Raises what no waiting mends; then nothing is lost."""
        await self._load()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_places())
                while True:
                    await self._look_for_shards(group, handled)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._pace.shards_s):
                            await self._look.wait()
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            with contextlib.suppress(TavolaError):  # what came after is handled again
                for shard_id in self._clear_at:
                    await self._keep(shard_id)

    async def read_to_the_end(self) -> None:
        """Return when every shard has been looked into since now, and had nothing more."""
        since = time.monotonic()
        while not (self._looked and all(at >= since for at in self._clear_at.values())):
            await self._moved.wait()

    async def _load(self) -> None:
        start: str | None = None
        while True:
            page: Page = await self._store.execute(
                patterns.list_checkpoints(NAME, limits.MEMBER_SLICE, start)
            )
            for item in page.items:
                state = table.FEED_STATE.parse(item)
                shard_id = state.part.removeprefix(_CHECKPOINT)
                self._places[shard_id] = Place(state.sequence, state.ended)
                self._until[shard_id] = state.at or ""
            start = page.next
            if start is None:
                return

    async def _look_for_shards(self, group: asyncio.TaskGroup, handled: Handled) -> None:
        self._look.clear()
        shards = await _persist(self._stream.shards)
        await self._forget(shards)
        for shard in to_read(shards, self._places):
            if shard.id not in self._clear_at:
                self._clear_at[shard.id] = 0.0
                group.create_task(self._follow(shard, handled))
        self._looked = not self._look.is_set()
        self._notify()

    async def _forget(self, shards: list[Shard]) -> None:
        """Drop the places of shards that the stream does not keep any more."""
        for shard_id, place in left_behind(shards, self._places).items():
            if shard_id in self._clear_at:
                continue  # its reader will find out by itself
            if not place.ended:
                await self._miss(shard_id, place)
            await self._store.execute(patterns.forget_feed_state(NAME, _CHECKPOINT + shard_id))
            del self._places[shard_id]

    async def _follow(self, shard: Shard, handled: Handled) -> None:
        place = self._places.get(shard.id, Place())
        reader = self._stream.reader(shard.id, place.sequence)
        while not place.ended:
            began = time.monotonic()
            records = await _persist(reader.read)
            if records.trimmed:
                await self._miss(shard.id, place)
            await self._handle(shard, records)
            handled(records.changes)
            place = Place(records.last or place.sequence, records.ended)
            self._places[shard.id], self._until[shard.id] = place, self._written(records, began)
            if records.last is None and not records.ended:
                self._clear_at[shard.id] = began
                self._notify()
                await asyncio.sleep(self._pace.look_s)
        self._looked = False  # until its children are at hand
        del self._clear_at[shard.id]
        await self._keep(shard.id)
        self._look.set()

    def _written(self, records: Records, began: float) -> str:
        """Before which moment everything was written that has been read by now."""
        if records.at is not None:
            return from_epoch_ms(round(records.at * 1000))
        return self._ago(time.monotonic() - began)

    async def _miss(self, shard_id: str, place: Place) -> None:
        """Records behind a place are gone; take note of it unless there can have been none.

        In a shard where nothing happens, the last record that was read grows old as well.
        """
        if self._until.get(shard_id, "") < self._ago(limits.CHANGES_KEPT_S):
            await self._handler.note(int(place.sequence or 0), f"{shard_id}: {_GONE}")

    async def _handle(self, shard: Shard, records: Records) -> None:
        self._newest_at = records.at
        if records.last is not None:
            self._clear_at[shard.id] = 0.0
        if records.changes:
            self._changed.add(shard.id)
            await self._handler.handle(records.changes)

    async def _keep_places(self) -> None:
        while True:
            await asyncio.sleep(self._pace.checkpoint_s)
            with contextlib.suppress(TavolaError):  # tried again in a moment
                for shard_id in filter(self._is_due, list(self._places)):
                    await self._keep(shard_id)

    def _is_due(self, shard_id: str) -> bool:
        kept_at = self._kept_at.setdefault(shard_id, time.monotonic())
        long_ago = time.monotonic() - kept_at >= self._pace.idle_checkpoint_s
        return shard_id in self._changed or long_ago

    async def _keep(self, shard_id: str) -> None:
        place = self._places.get(shard_id, Place())
        if place == Place():
            return  # nothing of it was there to read
        state = e.FeedState(
            feed=NAME,
            part=_CHECKPOINT + shard_id,
            sequence=place.sequence,
            ended=place.ended,
            at=self._until[shard_id],
        )
        self._changed.discard(shard_id)  # what changes meanwhile is for the next time
        try:
            await self._store.execute(patterns.put_checkpoint(state))
        except TavolaError:
            self._changed.add(shard_id)
            raise
        self._kept_at[shard_id] = time.monotonic()

    def _notify(self) -> None:
        """Wake up who waits for this moment."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


async def _persist(read: Callable[[], Awaitable[T]]) -> T:
    """What a read answers, as soon as the stream can be read."""
    while True:
        try:
            return await read()
        except TavolaError as error:
            if not error.retryable:
                raise
            log.warning("the feed waits for its stream", code=error.code)
            await asyncio.sleep(RETRY_MAX_S)
