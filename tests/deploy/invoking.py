"""Invokes the stream function as AWS does: in batches, again after a failure, on two containers.

And as it may come: cut anywhere, records repeated, items' records between each other, a container
that dies in the middle, one that has no time.
"""

import random
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from tavola.app import Service
from tavola.core.operations import Request
from tavola.edge.aws.opening import opened
from tavola.edge.aws.stream import StreamFunction
from tests.deploy.lambdas import Context, Emitted, Event
from tests.deploy.permissions import Guard

HURRIED_MS = 3_000  # what is kept back to tell what was not done


class Died(BaseException):
    """The container is no more."""


class Mortal(StreamFunction):
    """A function whose container dies at one of its next operations, where it is told to."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.operations_left: int | None = None

    def _opened(self) -> AbstractAsyncContextManager[Service]:
        return self._mortal()

    @asynccontextmanager
    async def _mortal(self) -> AsyncIterator[Service]:
        async with opened(self._environment) as service:
            execute = service.store.execute

            async def counted(request: Request) -> Any:
                if self.operations_left is None:
                    return await execute(request)
                self.operations_left -= 1
                if self.operations_left < 0:
                    raise Died
                answer = await execute(request)
                if self.operations_left == 0:
                    raise Died
                return answer

            service.store.execute = counted  # type: ignore[method-assign] # it is this test's store
            yield service


class Deliveries:
    """What `tests.sim` knows as its feed: every record at least once, in order for each item."""

    def __init__(
        self,
        rng: random.Random,
        emitted: Emitted,
        environment: Mapping[str, str],
        guard: Guard,
    ) -> None:
        self._rng = rng
        self._guard = guard
        self._emitted = emitted
        self._containers = [Mortal(environment), Mortal(environment)]
        self._waiting: dict[str, deque[Event]] = {}
        self._delivered: list[Event] = []

    @property
    def idle(self) -> bool:
        """Whether every record was handled."""
        self._fetch()
        return not self._waiting

    def deliver(self) -> None:
        """A batch: some records, and some that were there before."""
        self._fetch()
        batch = self._take(self._rng.choice([1, 2, 8, 100]))
        repeats = min(len(self._delivered), self._rng.choice([0, 0, 1, 5]))
        batch += self._rng.sample(self._delivered, repeats)
        while batch:
            batch = self._invoke(batch)

    def replay(self) -> None:
        """Everything once more, in any order, on both containers."""
        everything = list(self._delivered)
        self._rng.shuffle(everything)
        for start in range(0, len(everything), 100):
            for container in self._containers:
                container.operations_left = None
                event = {"Records": everything[start : start + 100]}
                assert container(event, Context()) == {"batchItemFailures": []}

    def close(self) -> None:
        """Close the stores."""
        for container in self._containers:
            container.close()

    def _fetch(self) -> None:
        for record in self._emitted.read():
            self._waiting.setdefault(str(record["dynamodb"]["Keys"]), deque()).append(record)
            self._delivered.append(record)

    def _take(self, count: int) -> list[Event]:
        taken: list[Event] = []
        while self._waiting and len(taken) < count:
            key = self._rng.choice(list(self._waiting))
            taken.append(self._waiting[key].popleft())
            if not self._waiting[key]:
                del self._waiting[key]
        return taken

    def _invoke(self, batch: list[Event]) -> list[Event]:
        """The part of a batch that is to be sent again."""
        container = self._rng.choice(self._containers)
        chance = self._rng.random()
        container.operations_left = self._rng.randint(0, 20) if chance < 0.2 else None
        left_ms = HURRIED_MS + self._rng.randint(1, 30) if 0.2 < chance < 0.4 else 60_000
        try:
            with self._guard.acting("StreamRole"):
                answer = container({"Records": batch}, Context(remaining_ms=left_ms))
        except Died:
            container.close()
            return batch
        failures = answer["batchItemFailures"]
        first = int(failures[0]["itemIdentifier"]) if failures else None
        if first is None:
            return []
        return [one for one in batch if int(one["dynamodb"]["SequenceNumber"]) >= first]
