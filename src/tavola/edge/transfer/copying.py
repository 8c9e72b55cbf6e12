"""Fills an empty store with the items of a source, and goes on where it was interrupted.

The place is kept in the store that is filled, as an item of the feed `copy`: what the source is,
and the key up to which everything is there. Items are put as they are, whatever is there, so that
it does no harm to put one twice. The source must not change meanwhile, nor between an interruption
and its repeat; where that can be told, it is checked.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import (
    ImportUnreadable,
    StoreNotEmpty,
    StoreThrottled,
    StoreTimeout,
    StoreUnusable,
)
from tavola.core.items import BadItem, Item, Key, check_item
from tavola.edge.importers.report import Problem, Progress
from tavola.edge.ports import Executor
from tavola.edge.transfer.paging import Page, in_order, is_empty, pages_of

FEED = "copy"
PART = "CHECKPOINT#source"
_PASSING = (StoreThrottled, StoreTimeout)
NOT_OURS = (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError)


class Place(NamedTuple):
    """How far a source has been read: so many items, the last of them with this key."""

    items: int = 0
    end: Key | None = None


class Source(Protocol):
    """Where items come from, in the same order whenever it is asked."""

    @property
    def name(self) -> str:
        """What tells it from all other sources."""
        ...

    @property
    def revision(self) -> str | None:
        """What changes when the source is written; None where that cannot be told."""
        ...

    def pages(self, place: Place, size: int) -> AsyncGenerator[Page, None]:
        """The items behind a place."""
        ...


class StoreSource(NamedTuple):
    """A store to copy."""

    name: str
    revision: str | None
    store: Executor

    def pages(self, place: Place, size: int) -> AsyncGenerator[Page, None]:
        """See `Source.pages`."""
        return pages_of(self.store, size, place.end)


class Pace(NamedTuple):
    """How much at a time: items in a slice, slices under way, items a second, and seconds after
    which the place is kept again.
    """

    slice_items: int = limits.COPY_SLICE_ITEMS
    slices: int = limits.COPY_SLICES_MAX
    rate: int | None = None
    checkpoint_s: float = limits.COPY_CHECKPOINT_S

    @classmethod
    def at(cls, rate: int | None) -> "Pace":
        """The usual pace, at most so many items a second: a slice is then no more than that."""
        return cls(min(limits.COPY_SLICE_ITEMS, rate or limits.COPY_SLICE_ITEMS), rate=rate)


class Filled(msgspec.Struct):
    """What a store holds of a source: all items, how many of them were put now, and when the
    last one had been put if that was before. `unknown` are those that are no entity of the table.
    """

    items: int
    copied: int = 0
    ended_before: str | None = None
    unknown: list[Problem] = []


async def check_whole(store: Executor, name: str) -> None:
    """Raises `StoreUnusable` for a store that was begun to be filled, and is not yet full."""
    state = await _state_of(store)
    if state and state.origin and not state.origin.ended_at:
        raise StoreUnusable(
            f"{name} is not yet filled from {state.origin.source}: repeat that until it is done."
        )


async def fill(
    target: Executor, source: Source, pace: Pace, now: Callable[[], str], progress: Progress
) -> Filled:
    """Put every item of a source into a store that is empty, or goes on from the same source.

    Raises `StoreNotEmpty` for another store, `ImportUnreadable` for an item that no store takes,
    and the errors of stores; then a repeat goes on from where it was.
    """
    state = await _begin(target, source, pace, now)
    if state.origin and state.origin.ended_at:
        return Filled(state.position or 0, ended_before=state.origin.ended_at)
    return await _Filling(target, state, pace, now, progress).run(source)


async def _begin(
    target: Executor, source: Source, pace: Pace, now: Callable[[], str]
) -> e.FeedState:
    """Where a store is with this source; from now on it is at least at the beginning."""
    state = await _state_of(target)
    origin = state.origin if state else None
    if state and origin and (origin.source, origin.revision) == (source.name, source.revision):
        return state
    if not await is_empty(target, pace.slice_items):
        raise StoreNotEmpty(_why(source, origin))
    begun = e.Origin(source=source.name, revision=source.revision)
    state = e.FeedState(feed=FEED, part=PART, position=0, at=now(), origin=begun)
    await target.execute(patterns.put_checkpoint(state))
    return state


async def _state_of(store: Executor) -> e.FeedState | None:
    found = await store.execute(patterns.get_checkpoint(FEED, PART))
    return table.FEED_STATE.parse(found) if found else None


def _why(source: Source, origin: e.Origin | None) -> str:
    if origin is None:
        return "The store is not empty: name a new one."
    if origin.source != source.name:
        return f"The store is filled from {origin.source}, not from {source.name}: name a new one."
    return f"{source.name} was written since this store was filled from it: name a new one."


class _Filling:
    def __init__(
        self,
        target: Executor,
        state: e.FeedState,
        pace: Pace,
        now: Callable[[], str],
        progress: Progress,
    ) -> None:
        self._target = target
        self._state = state
        self._pace = pace
        self._now = now
        self._progress = progress
        self._kept_s = time.monotonic()
        self._unknown: list[Problem] = []

    async def run(self, source: Source) -> Filled:
        place = _place_of(self._state)
        self._progress.stage("items", None)
        self._progress.advance(place.items)
        pages = self._paced(source.pages(place, self._pace.slice_items))
        async with aclosing(in_order(pages, self._put, self._pace.slices)) as done:
            async for page, _ in done:
                await self._acknowledged(page)
        await self._keep(ended_at=self._now())
        total = self._state.position or 0
        return Filled(total, total - place.items, unknown=self._unknown)

    async def _paced(self, pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
        """Pages, each as late as the rate asks for."""
        due_s = time.monotonic()
        async for page in pages:
            if self._pace.rate:
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                due_s = max(due_s, time.monotonic()) + len(page.items) / self._pace.rate
            yield page

    async def _put(self, items: list[Item]) -> None:
        self._unknown += [problem for item in items if (problem := _strange(item))]
        puts = tuple(map(patterns.copy_item, items))
        for left in reversed(range(limits.COPY_TRIES_MAX)):
            try:
                await self._target.execute(puts)
            except _PASSING:
                if not left:
                    raise
            except BadItem as error:
                raise ImportUnreadable(_refused(items, error)) from None
            else:
                return

    async def _acknowledged(self, page: Page) -> None:
        origin = self._state.origin and replace(self._state.origin, **page.end._asdict())
        position = (self._state.position or 0) + len(page.items)
        self._state = replace(self._state, position=position, origin=origin)
        self._progress.advance(len(page.items))
        if time.monotonic() - self._kept_s >= self._pace.checkpoint_s:
            await self._keep()

    async def _keep(self, ended_at: str | None = None) -> None:
        origin = self._state.origin and replace(self._state.origin, ended_at=ended_at)
        state = replace(self._state, at=self._now(), origin=origin)
        await self._target.execute(patterns.put_checkpoint(state))
        self._kept_s = time.monotonic()


def _place_of(state: e.FeedState) -> Place:
    origin = state.origin
    key = Key(origin.pk, origin.sk) if origin and origin.pk and origin.sk else None
    return Place(state.position or 0, key)


def _strange(item: Item) -> Problem | None:
    """What is wrong with an item that is no entity of this table, or of a newer version."""
    try:
        table.decode(item)
    except NOT_OURS as error:
        return Problem(item["pk"], item["sk"], str(error))
    return None


def _refused(items: list[Item], error: BadItem) -> str:
    """Which of some items a store does not take, and why."""
    for item in items:
        try:
            check_item(item)
        except BadItem as reason:
            return f"{item['pk']} {item['sk']}: {reason}."
    return f"{error}."
