"""The feed of a table: a worker that reads its stream and runs the consumers.

Any number of workers may be started, in servers or alone; the one that has the lease is at work.
Where the worker at work is in the server's own process, the server knows which of its own writes
the consumers have still to handle, so that people read what they have written.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine
from typing import Any

import structlog

from tavola.core import limits, patterns
from tavola.core.apply import Change, Unreadable
from tavola.core.errors import TavolaError
from tavola.core.items import Key, key_of
from tavola.core.operations import Put, Transact, Write
from tavola.core.shards import Stream
from tavola.edge.feed.following import Following
from tavola.edge.feed.handling import NAME, RETRY_MAX_S, Handler
from tavola.edge.feed.lease import Lease
from tavola.edge.feed.pace import Pace
from tavola.edge.ports import Executor

STOP_S = 3.0  # for the last words to the store; the whole stop stays under five seconds

log = structlog.get_logger("tavola.feed")


class Worker:
    """Follows the stream of a table whenever it has the lease."""

    def __init__(
        self,
        stream: Stream,
        store: Executor,
        handler: Handler,
        *,
        owner: str,
        is_gone: Callable[[str], bool],
        ago: Callable[[float], str],
        pace: Pace = Pace(),  # noqa: B008  # a constant
    ) -> None:
        self._stream = stream
        self._store = store
        self._handler = handler
        self._ago = ago
        self._pace = pace
        self._lease = Lease(store, owner, is_gone, ago, pace)
        self._following: Following | None = None
        self._expected: dict[Key, asyncio.Event] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def lag(self) -> int:
        """How many of this process's own writes are not handled yet."""
        return len(self._expected)

    @property
    def lag_s(self) -> float | None:
        """How long ago the changes at hand were written; None when another worker is at work."""
        return self._following.lag_s if self._following else None

    @property
    def handled(self) -> int:
        """How many changes were handled here."""
        return self._handler.handled

    @property
    def set_aside(self) -> int:
        """How many of them could not be."""
        return self._handler.set_aside

    async def is_followed(self) -> bool:
        """Whether there is a worker. Raises `FeedMissing` when there is no stream to follow."""
        await self._stream.check()
        return await self._store.execute(patterns.get_lease(NAME)) is not None

    async def start(self) -> None:
        """Begin in the background. Raises `FeedMissing` when the table has no stream."""
        await self._stream.check()
        self._task = asyncio.create_task(self.run(), name="feed")

    async def stop(self) -> None:
        """Remember how far it has come, and let another worker begin at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,), timeout=STOP_S)
            self._task = None

    async def run(self) -> None:
        """Work whenever the lease can be had, until cancelled."""
        while True:
            await self._lease.wait()
            log.info("this worker is at work")
            try:
                await self._work(self._lease.keep())
            except Exception as error:  # noqa: BLE001 - the feed waits for better times, it never ends
                log.error("the feed cannot go on", error=repr(error))
                await asyncio.sleep(RETRY_MAX_S)

    async def settle(self) -> None:
        """Handle all that there is, unless another worker is there for it.

        Raises `FeedMissing` when the table has no stream.
        """
        if self._task is None:
            await self._stream.check()
            if not await self._lease.take():
                log.info("another worker is at work and follows")
                return
            await self._work(self._to_the_end())
        elif self._following is not None:
            await self._following.read_to_the_end()

    async def caught_up(self, timeout_s: float | None) -> bool:
        """Wait until the worker has handled what this process wrote before now."""
        try:
            async with asyncio.timeout(timeout_s):
                for arrived in list(self._expected.values()):
                    await arrived.wait()
        except TimeoutError:
            return False
        return True

    def expect(self, write: Write | Transact) -> None:
        """Take in that this process has written: if a consumer acts on it, it is waited for.

        What was missing before and is put is sure to be told as a change.
        """
        if self._following is None or len(self._expected) >= limits.EXPECTED_MAX:
            return
        for part in write.parts if isinstance(write, Transact) else (write,):
            if isinstance(part, Put) and part.condition is not None:
                change = Change(0, key_of(part.item), None, part.item)
                if self._handler.acts_on(change):
                    self._expected[change.key] = asyncio.Event()

    def _arrived(self, changes: Collection[Change | Unreadable]) -> None:
        for change in changes:
            event = self._expected.pop(change.key, None)
            if event is not None:
                event.set()

    async def _work(self, until: Coroutine[Any, Any, None]) -> None:
        """Follow the stream until something else ends; then give up the lease."""
        self._following = Following(self._stream, self._store, self._handler, self._ago, self._pace)
        tasks = (
            asyncio.create_task(self._following.run(self._arrived)),
            asyncio.create_task(until),
        )
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._following = None
            self._forget_expected()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(TavolaError):  # it ends by itself
                await self._lease.give_up()
        for task in ended:
            task.result()

    async def _to_the_end(self) -> None:
        """Give signs of life until there is nothing more to read."""
        keeping = asyncio.create_task(self._lease.keep())
        try:
            if self._following is not None:
                await self._following.read_to_the_end()
        finally:
            keeping.cancel()

    def _forget_expected(self) -> None:
        for event in self._expected.values():
            event.set()
        self._expected.clear()
