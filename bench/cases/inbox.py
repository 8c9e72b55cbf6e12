"""The first page of an inbox, from the usual one to one of 5,000 conversations."""

import time
from datetime import UTC, datetime
from pathlib import Path

from bench.client import expect, get
from bench.data import build_inbox, user_names
from bench.figures import Figure, latencies
from bench.load import closed_loop
from bench.server import Server, token_of
from bench.world import World, asker

OWNER = "owner"
_YEAR = 365


async def first_pages(world: World) -> list[Figure]:
    """20 rows out of 20 conversations, out of 5,000 over a year, and out of 5,000 of today."""
    for old in world.cache.glob("inbox-*"):
        if _today() not in old.name:
            old.unlink()
    return [
        *await _first_page(world, "inbox of 20", 20, 20, None),
        *await _first_page(world, "inbox of 5,000 in a year", 5_000, _YEAR, 20),
        *await _first_page(world, "inbox of 5,000 of today", 5_000, 1, 60),
    ]


async def _first_page(
    world: World, name: str, conversations: int, days: int, p99_ms: float | None
) -> list[Figure]:
    async def build(path: Path) -> None:
        await build_inbox(path, OWNER, user_names("user", conversations), days)

    store = await world.cached(f"inbox-{conversations}-in-{days}-{_today()}", build)
    async with Server(store) as server:
        connection = await server.connect()
        began = time.perf_counter()
        expect(await connection.ask(get("/api/v1/inbox", token_of(OWNER))), 200)
        first_ms = (time.perf_counter() - began) * 1000
        _, step = await asker(server, "/api/v1/inbox", token_of(OWNER))
        load = await closed_loop(server, [step], world.seconds, world.warm_up_s)
    return [
        Figure(name=f"{name}, after the start", value=first_ms, unit="ms"),
        *latencies(name, load.latencies_s, p99_ms_at_most=p99_ms),
        *load.cpu_figures(name),
    ]


def _today() -> str:
    """What is active today is not tomorrow: the files are good for a day."""
    return datetime.now(UTC).date().isoformat()
