"""Runs the consumers on batches of changes, wherever those come from.

A batch becomes tasks; tasks of one item collection run in order, collections side by side. A task
that fails for a passing reason is tried again; one that cannot be done is set aside with its
error, so that it blocks nothing and is not lost.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

import msgspec
import structlog

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change, Unreadable
from tavola.core.errors import TavolaError
from tavola.core.items import encode_line
from tavola.core.operations import Put
from tavola.core.times import Bucketing
from tavola.edge.ports import Run
from tavola.flows.consumers import CONSUMERS, Consumer, Task
from tavola.flows.flow import Flow

NAME = "main"
RETRY_FIRST_S = 0.05
RETRY_MAX_S = 5.0

log = structlog.get_logger("tavola.feed")


class Handler:
    """Runs the consumers, and counts what it has handled."""

    def __init__(
        self,
        run: Run,
        bucketing: Bucketing,
        ago: Callable[[float], str],
        consumers: Sequence[Consumer] = CONSUMERS,
    ) -> None:
        self._run = run
        self._bucketing = bucketing
        self._ago = ago
        self._consumers = consumers
        self.handled = 0
        self.set_aside = 0

    async def handle(
        self, changes: Sequence[Change | Unreadable], within_s: float | None = None
    ) -> set[int]:
        """Do all that follows from a batch of changes.

        Answers the places of changes that were not done within the time, if there is any.
        """
        undone = Counter(one.n for one in changes)
        try:
            async with asyncio.timeout(within_s):
                await self._handle(changes, undone)
        except TimeoutError:
            pass
        self.handled += len(changes) - len(undone)
        return set(undone)

    def acts_on(self, change: Change) -> bool:
        """Whether a consumer has anything to do about a change."""
        return any(plan([change], self._bucketing) for plan in self._consumers)

    async def put_aside(self, change: Change | Unreadable, error: Exception | None = None) -> None:
        """Keep a change that cannot be handled, with its error."""
        if isinstance(change, Unreadable):
            images, error = msgspec.json.encode(change.images).decode(), change.error
        else:
            lines = [encode_line(item).decode() for item in (change.old, change.new) if item]
            images = msgspec.json.encode(lines).decode()
        await self.note(change.n, f"{change.key.pk} {change.key.sk}: {error!r}", images)

    async def note(self, n: int, error: str, images: str | None = None) -> None:
        """Keep a word on what has gone wrong at a place of the feed."""
        self.set_aside += 1
        log.error("a change is set aside", place=n, error=error)
        state = e.FeedState(
            feed=NAME,
            part=f"ASIDE#{n:012d}",
            at=self._ago(0),
            error=error[:2000],
            change=images[: limits.REQUEST_BYTES_MAX] if images else None,
        )
        await self._persist(partial(_write, patterns.set_aside(state)))

    async def _handle(self, changes: Sequence[Change | Unreadable], undone: Counter[int]) -> None:
        """Do a batch; `undone` is how much of each change is left to do."""
        tasks = await self._plan([one for one in changes if isinstance(one, Change)])
        unreadable = [one for one in changes if isinstance(one, Unreadable)]
        undone.clear()
        undone.update([*(task.change.n for task in tasks), *(one.n for one in unreadable)])
        lanes: dict[str, list[Task]] = {}
        for task in tasks:
            lanes.setdefault(task.change.key.pk, []).append(task)
        if lanes:
            await asyncio.gather(*(self._run_lane(lane, undone) for lane in lanes.values()))
        for one in unreadable:
            await self.put_aside(one)
            _count_down(undone, one.n)

    async def _plan(self, changes: Sequence[Change]) -> list[Task]:
        """The tasks of a batch; a change that cannot even be read is set aside alone."""
        try:
            for change in changes:
                _check_known(change)
            return [task for plan in self._consumers for task in plan(changes, self._bucketing)]
        except Exception as error:  # noqa: BLE001 - an item of an unknown shape is a poison change
            if len(changes) > 1:
                return [task for change in changes for task in await self._plan([change])]
            await self.put_aside(changes[0], error)
            return []

    async def _run_lane(self, tasks: list[Task], undone: Counter[int]) -> None:
        for task in tasks:
            await self._run_task(task)
            _count_down(undone, task.change.n)

    async def _run_task(self, task: Task) -> None:
        try:
            await self._persist(task.start)
        except Exception as error:  # noqa: BLE001 - a poison change must not block the rest
            await self.put_aside(task.change, error)

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


def _count_down(undone: Counter[int], n: int) -> None:
    undone[n] -= 1
    if not undone[n]:
        del undone[n]


def _check_known(change: Change) -> None:
    """Raises `UnknownItem` for what a newer Tavola has written: its consumers may want it."""
    for item in (change.old, change.new):
        if item is not None:
            table.check_known(item)


def _write(put: Put) -> Flow[None]:
    yield put
