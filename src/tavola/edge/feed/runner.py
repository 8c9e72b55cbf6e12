"""The feed of an embedded store: its runner follows the store's changes by their numbers.

It remembers how far it has come. Changes come at least once, in order.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import TavolaError
from tavola.edge.feed.handling import NAME, Handler
from tavola.edge.ports import FeedStore

BATCH_CHANGES = 500
PAUSE_S = 1.0
PART = "CHECKPOINT#local"

log = structlog.get_logger("tavola.feed")


class FeedRunner:
    """Reads a store's changes and hands them on, in one asyncio task."""

    lag_s: float | None = None  # how old the changes are is not looked at

    def __init__(self, store: FeedStore, handler: Handler, ago: Callable[[float], str]) -> None:
        self._store = store
        self._handler = handler
        self._ago = ago
        self._position = 0
        self._saved = 0
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def lag(self) -> int:
        """How many changes are not handled yet."""
        return max(0, self._store.last_change - self._position)

    @property
    def handled(self) -> int:
        """How many changes were handled."""
        return self._handler.handled

    @property
    def set_aside(self) -> int:
        """How many of them could not be."""
        return self._handler.set_aside

    async def start(self) -> None:
        """Continue from the checkpoint."""
        item = await self._store.execute(patterns.get_checkpoint(NAME, PART))
        if item:
            self._position = table.FEED_STATE.parse(item).position or 0
        self._saved = self._position
        self._tasks = [
            asyncio.create_task(self._follow(), name="feed"),
            asyncio.create_task(self._keep_checkpoint(), name="feed-checkpoint"),
        ]

    async def stop(self) -> None:
        """Finish the batch at hand as far as time allows, and remember where that was."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        try:
            await self._checkpoint()
        except TavolaError as error:  # a full disk: what came after the last one is handled again
            log.warning("the feed's place is not kept", code=error.code)

    async def caught_up(self, timeout_s: float | None) -> bool:
        """Wait until everything committed before now is handled; False when time ran out."""
        wanted = self._store.last_change
        if self._position >= wanted:
            return True
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((wanted, waiter))
        try:
            await asyncio.wait_for(waiter, timeout_s)
        except TimeoutError:
            return False
        return True

    async def settle(self) -> None:
        """Wait until nothing is left to do."""
        while self.lag:
            await self.caught_up(None)

    async def _follow(self) -> None:
        while True:
            try:
                await self._step()
            except Exception as error:  # noqa: BLE001 - the feed waits for better times, it never ends
                log.error("the feed cannot go on", error=repr(error), position=self._position)
                await asyncio.sleep(PAUSE_S)

    async def _step(self) -> None:
        changes = self._store.read_changes(self._position, BATCH_CHANGES)
        if not changes:
            self._advance(self._store.last_change)
            await self._store.wait_for_change(self._position)
            return
        await self._handler.handle(changes)
        self._advance(changes[-1].n)
        await asyncio.sleep(0)

    def _advance(self, position: int) -> None:
        self._position = max(self._position, position)
        due = [waiter for n, waiter in self._waiters if n <= self._position]
        if due:
            self._waiters = [pair for pair in self._waiters if pair[0] > self._position]
        for waiter in due:
            if not waiter.done():
                waiter.set_result(None)

    async def _keep_checkpoint(self) -> None:
        while True:
            await asyncio.sleep(limits.CHECKPOINT_INTERVAL_S)
            with contextlib.suppress(TavolaError):  # a full disk: tried again in a moment
                await self._checkpoint()
                await self._store.forget_changes(self._saved, self._ago(limits.CHANGES_KEPT_S))

    async def _checkpoint(self) -> None:
        if self._position == self._saved:
            return
        position = self._position
        state = e.FeedState(feed=NAME, part=PART, position=position, at=self._ago(0))
        await self._store.execute(patterns.put_checkpoint(state))
        self._saved = position
