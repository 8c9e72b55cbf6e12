"""On Lambda: what the functions take of a processor, each in a process of its own."""

import json
import os
import statistics
import subprocess
import sys

import click

from bench.figures import Figure
from bench.server import environment_of, token_of
from bench.world import World
from tavola.app import open_service
from tavola.edge import clock
from tavola.flows.users import create_user, new_user
from tavola.settings import Settings
from tests.engine.dynoxide import ENVIRONMENT, NO_ENGINE, Engine, find_engine, started

_TIMES = 3


async def on_lambda(_: World) -> list[Figure]:
    """CPU of the HTTP function's first and later answers; records a second of the stream's."""
    binary = find_engine()
    if binary is None:
        click.echo(f"left out: {NO_ENGINE}", err=True)
        return []
    os.environ.update(ENVIRONMENT)
    with started(binary) as engine:
        found = [await _measure(engine) for _ in range(_TIMES)]
    cold, warm, rate = (
        statistics.median(one[name] for one in found)
        for name in ("cold_s", "warm_s", "records_per_s")
    )
    return [
        Figure(name="function, CPU to the first answer", value=cold * 1e3, unit="ms", at_most=700),
        Figure(name="function, CPU of an answer", value=warm * 1e3, unit="ms", at_most=5),
        Figure(name="stream function, messages", value=rate, unit="/s", at_least=1_000),
    ]


async def _measure(engine: Engine) -> dict[str, float]:
    table = engine.new_table()
    store = engine.store_url(table)
    async with open_service(Settings(store=store)) as service:
        await service.run(create_user(new_user("reader", "reader", "Reader", clock.now())))
    ended = subprocess.run(  # noqa: ASYNC221 - nothing else is to run meanwhile
        [
            *(sys.executable, "-m", "bench.functions", engine.url, table),
            *("/api/v1/me", token_of("reader")),
        ],
        env=environment_of(store),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found
