"""The feed runner: hands committed changes to the consumers, and remembers how far it has come.

Changes come at least once, in order per item. A batch becomes tasks; tasks of one item collection
run in order, collections side by side. A task that fails for a passing reason is tried again; one
that cannot be done is set aside with its error, so that it blocks nothing and is not lost.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

import msgspec
import structlog

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change
from tavola.core.errors import TavolaError
from tavola.core.items import encode_line
from tavola.core.operations import Put
from tavola.core.times import Bucketing
from tavola.edge.ports import FeedStore, Run
from tavola.flows.consumers import CONSUMERS, Task
from tavola.flows.flow import Flow

BATCH_CHANGES = 500
RETRY_FIRST_S = 0.05
RETRY_MAX_S = 5.0
PAUSE_S = 1.0
NAME = "main"
PART = "CHECKPOINT#local"

log = structlog.get_logger("tavola.feed")


class FeedRunner:
    """Reads a store's changes and runs the consumers, in one asyncio task."""

    def __init__(
        self, store: FeedStore, run: Run, bucketing: Bucketing, clock: Callable[[float], str]
    ) -> None:
        self._store = store
        self._run = run
        self._bucketing = bucketing
        self._ago = clock
        self._position = 0
        self._saved = 0
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.handled = 0
        self.set_aside = 0

    @property
    def lag(self) -> int:
        """How many changes are not handled yet."""
        return max(0, self._store.last_change - self._position)

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
        await self._handle(changes)
        self._advance(changes[-1].n)
        self.handled += len(changes)
        await asyncio.sleep(0)

    async def _handle(self, changes: Sequence[Change]) -> None:
        lanes: dict[str, list[Task]] = {}
        for task in await self._plan(changes):
            lanes.setdefault(task.change.key.pk, []).append(task)
        if lanes:
            await asyncio.gather(*map(self._run_lane, lanes.values()))

    async def _plan(self, changes: Sequence[Change]) -> list[Task]:
        """The tasks of a batch; a change that cannot even be read is set aside alone."""
        try:
            return [task for plan in CONSUMERS for task in plan(changes, self._bucketing)]
        except Exception as error:  # noqa: BLE001 - an item of an unknown shape is a poison change
            if len(changes) > 1:
                return [task for change in changes for task in await self._plan([change])]
            await self._set_aside(changes[0], error)
            return []

    async def _run_lane(self, tasks: list[Task]) -> None:
        for task in tasks:
            await self._run_task(task)

    async def _run_task(self, task: Task) -> None:
        try:
            await self._persist(task.start)
        except Exception as error:  # noqa: BLE001 - a poison change must not block the rest
            await self._set_aside(task.change, error)

    async def _persist(self, start: Callable[[], Flow[None]]) -> None:
        """Run a flow until the store takes it: a busy log, a full disk or one that cannot be
        written is waited out, because that is not the change's fault.
        """
        for tries in itertools.count(1):
            try:
                return await self._run(start())
            except TavolaError as error:
                if not error.retryable and error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
                log.warning("the feed waits", code=error.code, tries=tries)
                await asyncio.sleep(min(RETRY_MAX_S, RETRY_FIRST_S * 2 ** min(tries, 10)))
        return None

    async def _set_aside(self, change: Change, error: Exception) -> None:
        self.set_aside += 1
        log.error("a change is set aside", key=change.key, error=repr(error))
        images = [encode_line(item).decode() for item in (change.old, change.new) if item]
        state = e.FeedState(
            feed=NAME,
            part=f"ASIDE#{change.n:012d}",
            position=change.n,
            at=self._ago(0),
            error=repr(error)[:2000],
            change=msgspec.json.encode(images).decode()[: limits.REQUEST_BYTES_MAX],
        )
        await self._persist(partial(_write, patterns.set_aside(state)))

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


def _write(put: Put) -> Flow[None]:
    yield put
