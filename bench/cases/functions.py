"""On Lambda: what the functions take of a processor, each in a process of its own."""

import os
import statistics
import subprocess
import sys

import click
import msgspec

from bench.figures import Figure
from bench.server import environment_of, token_of
from bench.world import World
from tavola.app import Service, open_service
from tavola.core import patterns
from tavola.core.ids import direct
from tavola.core.log import Draft
from tavola.core.times import bucket_of
from tavola.edge import clock
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user, new_user
from tavola.settings import Settings
from tests.engine.dynoxide import ENVIRONMENT, NO_ENGINE, Engine, find_engine, started

_TIMES = 3
_ROWS, _MESSAGES = 20, 50
_SEND = "/api/v1/messages"
_REQUESTS = {
    "/api/v1/me": "one's own record",
    "/api/v1/conversations/dm:peer0:reader/messages": f"{_MESSAGES} messages",
    _SEND: "a message sent",
    "/api/v1/inbox": f"an inbox of {_ROWS}",
}


class _Found(msgspec.Struct):
    cold_s: float
    warm_s: dict[str, float]
    records_per_s: float


async def on_lambda(_: World) -> list[Figure]:
    """CPU of the HTTP function's first and later answers; records a second of the stream's."""
    binary = find_engine()
    if binary is None:
        click.echo(f"left out: {NO_ENGINE}", err=True)
        return []
    os.environ.update(ENVIRONMENT)
    with started(binary) as engine:
        found = [await _measure(engine) for _ in range(_TIMES)]
    cold = statistics.median(one.cold_s for one in found)
    rate = statistics.median(one.records_per_s for one in found)
    warm = {path: statistics.median(one.warm_s[path] for one in found) for path in found[0].warm_s}
    return [
        Figure(name="function, CPU to the first answer", value=cold * 1e3, unit="ms", at_most=700),
        *(
            Figure(name=f"function, CPU of {name}", value=warm[path] * 1e3, unit="ms", at_most=5)
            for path, name in _REQUESTS.items()
        ),
        Figure(name="stream function, messages", value=rate, unit="/s", at_least=1_000),
    ]


async def _measure(engine: Engine) -> _Found:
    table = engine.new_table()
    store = engine.store_url(table)
    async with open_service(Settings(store=store)) as service:
        await _fill(service)
    paths = [path for path in _REQUESTS if path != _SEND]
    ended = subprocess.run(  # noqa: ASYNC221 - nothing else is to run meanwhile
        [
            *(sys.executable, "-m", "bench.functions", engine.url, table),
            *(token_of("reader"), *paths),
        ],
        env=environment_of(store),
        check=True,
        capture_output=True,
        text=True,
    )
    return msgspec.json.decode(ended.stdout, type=_Found)


async def _fill(service: Service) -> None:
    """A reader with a page of conversations, as the feed leaves them, and a page of messages."""
    reader = new_user("reader", "reader", "Reader", clock.now())
    await service.run(create_user(reader))
    for name in ("other", *(f"peer{n}" for n in range(_ROWS))):
        user = new_user(name, name, name, clock.now())
        await service.run(create_user(user))
        if name == "other":
            continue
        target = direct("reader", name)
        now = clock.now()
        for _ in range(_MESSAGES if name == "peer0" else 1):
            draft = Draft(clock.new_id(), name, "hello")
            await service.run(send(draft, Target(to="reader"), None, now, "day"))
        bucket = bucket_of(now, "day")
        named = tuple(patterns.name_direct_user(target, one) for one in (reader, user))
        await service.store.execute((patterns.put_pointer("reader", bucket, target.id), *named))
