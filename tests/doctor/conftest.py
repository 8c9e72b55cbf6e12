"""The stores that doctor examines, each with a healthy world in it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.conftest import STORES, ContractStore, Database, Place
from tests.doctor import world
from tests.engine.dynoxide import Engine, running_engine


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """An engine for this suite."""
    with running_engine() as engine:
        yield engine


@pytest.fixture(params=["sqlite", "dynamodb"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A healthy store."""
    with asyncio.Runner() as runner:

        async def opened() -> ContractStore:
            return await STORES[request.param](Place(request, tmp_path))

        db = Database(runner, runner.run(opened()))
        db.wait(world.fill(db.store, world.healthy()))
        yield db
        runner.run(db.store.close())
