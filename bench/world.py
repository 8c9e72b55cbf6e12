"""What a case runs in: its options, a folder for this run, and one for files worth keeping."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from bench.client import Connection, expect, get
from bench.load import Step
from bench.server import Server
from tavola.stores.sqlite.files import SCHEMA_VERSION


class World(msgspec.Struct, frozen=True):
    """Options and folders of a run."""

    seconds: float
    messages_many: int
    folder: Path
    cache: Path

    @property
    def warm_up_s(self) -> float:
        """How long load runs before it is measured."""
        return min(2.0, self.seconds / 2)

    async def cached(self, name: str, build: Callable[[Path], Awaitable[None]]) -> Path:
        """A file that is built once and kept; runs that only read may share it."""
        path = self.cache / f"{name}-schema-{SCHEMA_VERSION}.db"
        if not path.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / f"{name}.db"
            await build(unfinished)
            shutil.move(unfinished, path)
        return path


async def asker(server: Server, path: str, token: str) -> tuple[Connection, Step]:
    """A client that asks for the same page again and again, on a connection of its own."""
    connection = await server.connect()
    request = get(path, token)

    async def step() -> None:
        expect(await connection.ask(request), 200)

    return connection, step
