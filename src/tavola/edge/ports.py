"""What the edges are given by the composition root: how to run flows, and the store's tool side."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from tavola.core.apply import Change
from tavola.core.items import Item
from tavola.core.operations import Request
from tavola.core.times import Bucketing
from tavola.core.units import Units
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


class Executor(Protocol):
    """A store, as far as it does operations; see `stores.port`."""

    async def execute(self, request: Request) -> Any: ...


class FeedStore(Executor, Protocol):
    """A store that hands out its committed changes; see `stores.port` for what each promises."""

    def scan(self) -> AsyncIterator[list[Item]]: ...

    @property
    def last_change(self) -> int: ...

    def read_changes(self, after: int, limit: int) -> list[Change]: ...

    async def wait_for_change(self, after: int) -> None: ...

    async def forget_changes(self, before: int, committed_before: str) -> None: ...


class Feed(Protocol):
    """What the server knows of the feed."""

    @property
    def lag(self) -> int:
        """How many changes are known not to be handled yet."""
        ...

    @property
    def lag_s(self) -> float | None:
        """How long ago the changes were written that are being handled; None where unknown."""
        ...

    @property
    def handled(self) -> int:
        """How many changes this process has handled."""
        ...

    @property
    def set_aside(self) -> int:
        """How many of them could not be."""
        ...

    async def start(self) -> None:
        """Follow the changes from now on."""
        ...

    async def stop(self) -> None:
        """Follow them no longer."""
        ...

    async def caught_up(self, timeout_s: float | None) -> bool:
        """Wait until what was written before now is handled; False when time ran out."""
        ...

    async def settle(self) -> None:
        """Wait until nothing is left to do."""
        ...


class Spent(Protocol):
    """What was asked of stores while it was measured."""

    @property
    def units(self) -> Units: ...


Measure = Callable[[], AbstractContextManager[Spent]]
"""Measures what is asked of stores inside the context; see `stores.stats.measured`."""


class Stats(Protocol):
    """What a store counts about itself."""

    operations: Counter[str]
    read_units: defaultdict[str, float]
    write_units: defaultdict[str, float]
    batch_bounds: tuple[int, ...]
    batches: list[int]
    batched_writes: int
