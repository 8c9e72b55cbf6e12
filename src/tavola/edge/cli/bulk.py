"""What commands share that fill whole stores: a store opened alone, then the feed's turn."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from tavola.edge.cli.common import on_store
from tavola.edge.importers.report import Progress
from tavola.settings import Settings, sqlite_path

if TYPE_CHECKING:  # for a quick start of `--help`
    from tavola.app import Service


class Closable(Protocol):
    """A store, or what else must be closed."""

    async def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


@asynccontextmanager
async def closing(opening: Awaitable[C]) -> AsyncIterator[C]:
    """A store that is closed in the end."""
    store = await opening
    try:
        yield store
    finally:
        await store.close()


def let_feed_settle(settings: Settings, shown: Progress) -> None:
    """Let the feed of an embedded store see what was written without it.

    Before everything was there, it would have put what came later. The stream of a table has its
    own reader.
    """

    async def settle(service: "Service") -> None:
        await service.settle()

    if sqlite_path(settings.store):
        shown.stage("inboxes", None)
        on_store(settings, settle, write=True)
