"""Cold start: from the command to the first answers."""

import os
import time
from pathlib import Path
from statistics import median

from bench.cases.reading import READER, long_logs, newest_page_path
from bench.client import expect, get
from bench.data import build_users
from bench.figures import Figure
from bench.server import Server, token_of
from bench.world import World

_TIMES = 3


async def cold_start(world: World) -> list[Figure]:
    """`tavola serve` on an empty file and on the longest one, read from the disk anew."""
    empty = world.folder / "empty.db"
    await build_users(empty, [READER])
    long = await long_logs(world)
    return [
        *await _starts("start, empty", empty, "/api/v1/inbox"),
        *await _starts(f"start, {world.messages_many:,}", long, newest_page_path("many")),
    ]


async def _starts(name: str, store: Path, page: str) -> list[Figure]:
    times = [await _start(store, page) for _ in range(_TIMES)]
    health, first_page = (median(part) for part in zip(*times, strict=True))
    return [
        Figure(name=f"{name}, to /healthz", value=health, unit="s", at_most=2),
        Figure(name=f"{name}, to a page", value=first_page, unit="s", at_most=2),
    ]


async def _start(store: Path, page: str) -> tuple[float, float]:
    _forget_cached_pages(store)
    server = Server(store)
    async with server:
        connection = await server.connect()
        expect(await connection.ask(get("/healthz")), 200)
        health_s = time.perf_counter() - server.started_at
        expect(await connection.ask(get(page, token_of(READER))), 200)
        return health_s, time.perf_counter() - server.started_at


def _forget_cached_pages(store: Path) -> None:
    """Let the system drop the file's pages from memory, so that they come from the disk."""
    with store.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
