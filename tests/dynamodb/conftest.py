"""A store on the engine, with a transport between them that can be told to fail."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiodynamo.http.aiohttp import AIOHTTP

from tavola.core.items import Item, Key
from tavola.core.operations import Get, Request
from tavola.flows.flow import Flow
from tavola.stores import port
from tavola.stores.dynamodb.connect import new_session, sender_of, streams_of
from tavola.stores.dynamodb.sender import Pace
from tavola.stores.dynamodb.store import DynamoDBStore
from tavola.stores.dynamodb.streams import TableStream
from tests.dynamodb.faults import Faulty
from tests.engine.dynoxide import CREDENTIALS, REGION, Engine, running_engine

T = TypeVar("T")

PATIENT = Pace(deadline_s=20.0, pause_first_s=0.001, pause_max_s=0.01)
IN_A_HURRY = PATIENT._replace(deadline_s=0.5)


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """An engine for this suite."""
    with running_engine() as engine:
        yield engine


class Bench:
    """A store on a new table, its transport, and the loop that it lives on."""

    def __init__(self, runner: asyncio.Runner, engine: Engine, pace: Pace) -> None:
        self._runner = runner
        self.engine = engine
        self.store, self.faulty = runner.run(self._open(pace))

    async def _open(self, pace: Pace) -> tuple[DynamoDBStore, Faulty]:
        session = new_session()
        faulty = Faulty(AIOHTTP(session))
        address = (faulty, CREDENTIALS, REGION, self.engine.url, pace)
        tables, streams, name = sender_of(*address), streams_of(*address), self.engine.new_table()
        stream = TableStream(tables, streams, name)
        return DynamoDBStore(tables, name, session.close, stream), faulty

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._runner.run(coroutine)

    def do(self, request: Request) -> Any:
        """Execute a request."""
        return self._runner.run(self.store.execute(request))

    def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        return self._runner.run(port.run(flow, self.store))

    def get(self, pk: str, sk: str) -> Item | None:
        """One item, as it is now."""
        item: Item | None = self.do(Get("t", Key(pk, sk), consistent=True))
        return item

    def scan(self) -> list[Item]:
        """All items."""

        async def collect() -> list[Item]:
            return [item async for part in self.store.scan() for item in part]

        return self._runner.run(collect())

    def close(self) -> None:
        """Close the store."""
        self._runner.run(self.store.close())


@contextmanager
def _bench(engine: Engine, pace: Pace) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(runner, engine, pace)
        yield bench
        bench.close()


@pytest.fixture
def bench(engine: Engine) -> Iterator[Bench]:
    """A store on a new table, and what can go wrong on the way to it."""
    with _bench(engine, PATIENT) as bench:
        yield bench


@pytest.fixture
def hurried(engine: Engine) -> Iterator[Bench]:
    """The same, but it soon gives up."""
    with _bench(engine, IN_A_HURRY) as bench:
        yield bench


@pytest.fixture
def of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but invented ones, whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-tavola")
    monkeypatch.setenv("HOME", str(tmp_path))
