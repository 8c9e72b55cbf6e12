"""A table in memory with its stream, and workers that come and go."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tavola.core.entities import FeedState
from tavola.core.items import Item
from tavola.core.log import Draft
from tavola.edge.feed.handling import Handler
from tavola.edge.feed.pace import Pace
from tavola.edge.feed.status import StreamStatus, stream_status
from tavola.edge.feed.worker import Worker
from tavola.flows.flow import Flow
from tavola.flows.sending import Sent, Target, send
from tavola.flows.users import create_user
from tavola.stores import port
from tavola.stores.memory import MemoryStore
from tests import builders as b
from tests.feed.shards import MemoryStream, OwnConnection

T = TypeVar("T")

SCENE_S_MAX = 20.0
FAST = Pace(
    look_s=0.001,
    shards_s=0.01,
    checkpoint_s=0.02,
    idle_checkpoint_s=60.0,
    beat_s=0.02,
    lease_s=0.2,
    lease_look_s=0.005,
)
NEVER_SAVES = FAST._replace(checkpoint_s=60.0)


class Living:
    """A worker, its connection and its task."""

    def __init__(self, table: "Table", owner: str, pace: Pace, kind: type[Handler]) -> None:
        self.connection = OwnConnection(table.store, table.stream)
        self.handler = kind(self.run, "day", table.ago)
        self.worker = Worker(
            table.stream,
            self.connection,
            self.handler,
            owner=owner,
            is_gone=lambda name: name == "gone",
            ago=table.ago,
            pace=pace,
        )

    async def run(self, flow: Flow[T]) -> T:
        """Run a flow as this worker."""
        return await port.run(flow, self.connection)  # type: ignore[arg-type]  # it never scans

    async def settle(self) -> None:
        """Wait until it is at work, and has handled everything."""
        await self.at_work()
        await self.worker.settle()

    async def at_work(self) -> None:
        """Wait until it has looked at the stream."""
        await until(lambda: self.worker.lag_s is not None)

    async def kill(self) -> None:
        """End it as `kill -9` does: it says no last words."""
        self.connection.killed = True
        task = self.worker._task
        assert task is not None
        task.cancel()
        await asyncio.wait((task,))
        if not task.cancelled():
            task.exception()


class Table:
    """A store, its stream, and what tests do with both."""

    def __init__(self, seed: int = 0, shards: int = 1) -> None:
        self.store = MemoryStore()
        self.rng = random.Random(seed)
        self.stream = MemoryStream(self.store, self.rng, shards)
        self.now_s = 0.0
        self._messages = 0

    def ago(self, seconds: float) -> str:
        """The time some seconds ago, by a clock that stands still."""
        return b.at(self.now_s - seconds)

    @asynccontextmanager
    async def worker(
        self, owner: str = "one", pace: Pace = FAST, kind: type[Handler] = Handler
    ) -> AsyncIterator[Living]:
        """A worker in the background."""
        living = Living(self, owner, pace, kind)
        await living.worker.start()
        try:
            yield living
        finally:
            await living.worker.stop()

    async def run(self, flow: Flow[T]) -> T:
        """Run a flow."""
        return await port.run(flow, self.store)

    async def people(self, *names: str) -> None:
        """Make users."""
        for name in names:
            await self.run(create_user(b.user(name)))

    async def say(self, sender: str, to: str) -> Sent:
        """Send a message to somebody."""
        self._messages += 1
        draft = Draft(b.mid(self._messages), sender, "hi")
        return await self.run(send(draft, Target(to=to), None, b.at(self._messages), "day"))

    async def items(self, kind: str) -> list[Item]:
        """All items of a type."""
        return [
            item async for part in self.store.scan() for item in part if item.get("type") == kind
        ]

    async def status(self) -> StreamStatus:
        """What `tavola feed status` tells."""
        return await stream_status(self.store)


def act(scene: Coroutine[Any, Any, None]) -> None:
    """Play a scene; one that does not come to its end fails."""

    async def bounded() -> None:
        async with asyncio.timeout(SCENE_S_MAX):
            await scene

    asyncio.run(bounded())


async def until(condition: Callable[[], Any], timeout_s: float = 5.0) -> None:
    """Wait until a condition, or what it answers, is true."""
    async with asyncio.timeout(timeout_s):
        while True:
            met = condition()
            if await met if asyncio.iscoroutine(met) else met:
                return
            await asyncio.sleep(0.001)


def lease(owner: str, beat: int = 1) -> FeedState:
    """A lease as an item holds it."""
    return FeedState(feed="main", part="LEASE", owner=owner, beat=beat, at=b.T0)
