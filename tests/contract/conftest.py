"""The stores that the contract is held to. To add one, add its line to `STORES`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from tavola.core.apply import Change
from tavola.core.items import Item, Key
from tavola.core.operations import Get, Page, Query, Request
from tavola.flows.flow import Flow
from tavola.stores import port
from tavola.stores.memory import MemoryStore
from tavola.stores.sqlite import SQLiteStore
from tavola.stores.stats import StoreStats
from tests import builders as b
from tests.engine.dynoxide import Engine, running_engine
from tests.engine.streamed import open_streamed

T = TypeVar("T")
ALL_CHANGES = 1_000_000


class ContractStore(port.Store, port.FeedSource, Protocol):
    """What the contract is about: a store with its changes, that counts and can be closed."""

    stats: StoreStats

    async def close(self) -> None:
        """Finish what is under way."""
        ...


class Place:
    """Where a store can be made; the engine of DynamoDB is started by the first that needs it."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self.folder = folder
        self._request = request

    @property
    def engine(self) -> Engine:
        """The engine."""
        engine: Engine = self._request.getfixturevalue("engine")
        return engine


async def _memory(_: Place) -> ContractStore:
    return MemoryStore()


async def _sqlite(place: Place) -> ContractStore:
    return await SQLiteStore.open(place.folder / "tavola.db", clock=lambda: b.T0)


async def _dynamodb(place: Place) -> ContractStore:
    return await open_streamed(place.engine)


STORES: dict[str, Callable[[Place], Awaitable[ContractStore]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "dynamodb": _dynamodb,
}


class Database:
    """An open store and the event loop that it lives on."""

    def __init__(self, runner: asyncio.Runner, store: ContractStore) -> None:
        self.store = store
        self._runner = runner

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._runner.run(coroutine)

    def do(self, request: Request) -> Any:
        """Execute a request."""
        return self.wait(self.store.execute(request))

    def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        return self.wait(port.run(flow, self.store))

    def get(self, pk: str, sk: str) -> Item | None:
        """One item, strongly consistent."""
        item: Item | None = self.do(Get("t", Key(pk, sk), consistent=True))
        return item

    def page(self, query: Query) -> Page:
        """A page of a Query."""
        page: Page = self.do(query)
        return page

    def changes(self, after: int = 0) -> list[Change]:
        """All changes behind a number."""
        return self.store.read_changes(after, ALL_CHANGES)

    def items(self) -> list[Item]:
        """All items, in the order of a scan."""

        async def collect() -> list[Item]:
            return [item async for part in self.store.scan() for item in part]

        return self.wait(collect())


@pytest.fixture(params=STORES)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new, empty store of each kind."""
    with asyncio.Runner() as runner:
        store = runner.run(_open(request.param, Place(request, tmp_path)))
        yield Database(runner, store)
        runner.run(store.close())


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """An engine for this suite."""
    with running_engine() as engine:
        yield engine


async def _open(name: str, place: Place) -> ContractStore:
    return await STORES[name](place)
