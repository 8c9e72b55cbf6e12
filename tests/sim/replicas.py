"""A store whose eventually consistent reads may be behind, and not all equally."""

import random
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Protocol

from tavola.core.apply import Change
from tavola.core.items import Item
from tavola.core.operations import Delete, Get, Operation, Put, Query, Request
from tavola.stores.memory import MemoryStore
from tests.drive import at_once

REPLICAS = 2


class _Replica:
    """A copy that has taken in the changes up to some number."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.position = 0

    def take_in(self, change: Change) -> None:
        write = Delete("copy", change.key) if change.new is None else Put("copy", change.new)
        at_once(self.store.execute(write))
        self.position = change.n


class Leader(Protocol):
    """A store with its changes."""

    async def execute(self, request: Request) -> Any: ...

    def scan(self) -> AsyncIterator[list[Item]]: ...

    @property
    def last_change(self) -> int: ...

    def read_changes(self, after: int, limit: int) -> list[Change]: ...


Wait = Callable[[Coroutine[Any, Any, Any]], Any]


class ReplicatedStore:
    """The leader decides writes and strong reads; other reads ask any of leader and replicas."""

    def __init__(
        self, rng: random.Random, leader: Leader | None = None, wait: Wait = at_once
    ) -> None:
        self.leader = leader or MemoryStore()
        self.lagging = True
        self._wait = wait
        self._rng = rng
        self._replicas = [_Replica() for _ in range(REPLICAS)]

    def execute(self, operation: Operation) -> Any:
        """Do one operation at once."""
        if not isinstance(operation, Get | Query) or operation.consistent or not self.lagging:
            return self._wait(self.leader.execute(operation))
        chosen = self._rng.choice([None, *self._replicas])
        if chosen is None:
            return self._wait(self.leader.execute(operation))
        return at_once(chosen.store.execute(operation))

    def replicate(self) -> None:
        """Let a replica come some way nearer."""
        replica = self._rng.choice(self._replicas)
        for change in self.leader.read_changes(replica.position, self._rng.randint(0, 5)):
            replica.take_in(change)

    def items(self) -> list[Item]:
        """All items of the leader, in the order of their keys."""

        async def collect() -> list[Item]:
            return [item async for part in self.leader.scan() for item in part]

        items: list[Item] = self._wait(collect())
        return items
