"""Reading the newest page: it must take the same time however long the conversation is."""

from pathlib import Path

from bench.data import build_long_logs
from bench.figures import Figure, latencies, percentile
from bench.load import Load, closed_loop
from bench.server import Server, token_of
from bench.world import World, asker

FEW = 10_000
CONNECTIONS = 10
READER = "reader"
_ROUNDS = 4


async def newest_page(world: World) -> list[Figure]:
    """The newest 50 of 10,000 and of 1,000,000 messages, in turns, over 10 connections."""
    store = await long_logs(world)
    loads: dict[str, list[Load]] = {"few": [], "many": []}
    async with Server(store) as server:
        for turn in range(2 * _ROUNDS):
            other = ("few", "many")[turn % 2]
            loads[other].append(await _read(server, world, other))
    figures = []
    for other, length in (("few", FEW), ("many", world.messages_many)):
        figures += _figures(f"newest 50 of {length:,}", loads[other])
    few, many = (
        percentile([s for load in loads[other] for s in load.latencies_s], 50)
        for other in ("few", "many")
    )
    return [
        *figures,
        Figure(name="newest 50, long to short, p50", value=many / few, unit="times", at_most=1.5),
    ]


async def long_logs(world: World) -> Path:
    """The file with both conversations."""

    async def build(path: Path) -> None:
        await build_long_logs(path, READER, {"few": FEW, "many": world.messages_many})

    return await world.cached(f"logs-{world.messages_many}", build)


def newest_page_path(other: str) -> str:
    """Where the newest page of the conversation with `few` or `many` is."""
    return f"/api/v1/conversations/dm:{other}:{READER}/messages"


async def _read(server: Server, world: World, other: str) -> Load:
    clients = [
        await asker(server, newest_page_path(other), token_of(READER)) for _ in range(CONNECTIONS)
    ]
    seconds = world.seconds / _ROUNDS
    load = await closed_loop(server, [step for _, step in clients], seconds, seconds / 5)
    for connection, _ in clients:
        connection.close()
    return load


def _figures(name: str, loads: list[Load]) -> list[Figure]:
    total = Load(
        [s for load in loads for s in load.latencies_s],
        sum(load.seconds for load in loads),
        sum(load.server_cpu_s for load in loads),
        sum(load.generator_cpu_s for load in loads),
    )
    return [
        Figure(name=name, value=total.per_second, unit="/s"),
        *latencies(name, total.latencies_s),
        *total.cpu_figures(name),
    ]
