"""What the edges are given by the composition root: how to run flows, and the store's tool side."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from typing import Any, Protocol, TypeVar

from tavola.core.apply import Change
from tavola.core.items import Item
from tavola.core.operations import Request
from tavola.core.times import Bucketing
from tavola.flows.flow import Flow

T = TypeVar("T")


class Run(Protocol):
    """Runs a flow to its end and answers its reply."""

    async def __call__(self, flow: Flow[T]) -> T: ...


class InboxSettings(Protocol):
    """How the installation orders its inboxes."""

    @property
    def bucket(self) -> Bucketing: ...


class Installation(Protocol):
    """An open store with its settings, as what fills it needs to know it."""

    @property
    def settings(self) -> InboxSettings: ...

    async def run(self, flow: Flow[T]) -> T: ...


class FeedStore(Protocol):
    """A store that hands out its committed changes; see `stores.port` for what each promises."""

    async def execute(self, request: Request) -> Any: ...

    def scan(self) -> AsyncIterator[list[Item]]: ...

    @property
    def last_change(self) -> int: ...

    def read_changes(self, after: int, limit: int) -> list[Change]: ...

    async def wait_for_change(self, after: int) -> None: ...

    async def forget_changes(self, before: int, committed_before: str) -> None: ...


class Stats(Protocol):
    """What a store counts about itself."""

    operations: Counter[str]
    read_units: defaultdict[str, float]
    write_units: defaultdict[str, float]
    batch_bounds: tuple[int, ...]
    batches: list[int]
    batched_writes: int
