"""On DynamoDB: what the store adds to a request, the start, and how soon an inbox follows.

The engine shares the machine, so only what is ours is measured: CPU of this process, and times
with their promises.
"""

import json
import os
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import click
from aiodynamo.client import Client
from aiodynamo.http.aiohttp import AIOHTTP
from yarl import URL

from bench.client import Connection, expect, get, post_head, with_body
from bench.figures import Figure, percentile
from bench.server import Server, token_of
from bench.world import World
from tavola.app import open_service
from tavola.core import patterns
from tavola.core.operations import Get
from tavola.flows.users import create_user, new_user
from tavola.settings import Settings
from tavola.stores.dynamodb.connect import new_session
from tavola.stores.dynamodb.requests import get_request
from tavola.stores.dynamodb.store import DynamoDBStore
from tests.engine.dynoxide import (
    CREDENTIALS,
    ENVIRONMENT,
    NO_ENGINE,
    REGION,
    Engine,
    find_engine,
    started,
)

_GETS, _ROUNDS = 300, 9
_STARTS = 3
_PAIRS = 20
_NOW = "2026-11-21T08:00:00.000Z"


async def on_dynamodb(_: World) -> list[Figure]:
    """CPU of a GetItem, the start, and the time to both inboxes, where there is an engine."""
    binary = find_engine()
    if binary is None:
        click.echo(f"left out: {NO_ENGINE}", err=True)
        return []
    os.environ.update(ENVIRONMENT)
    with started(binary) as engine:
        url = engine.store_url(engine.new_table())
        await _fill(url)
        return [
            await _cpu_of_a_get(engine, url),
            await _start(url),
            *await _to_both_inboxes(url),
        ]


def _names() -> Iterator[tuple[str, str]]:
    return ((f"ann{n}", f"bob{n}") for n in range(_PAIRS))


async def _fill(url: str) -> None:
    async with open_service(Settings(store=url)) as service:
        for pair in _names():
            for name in pair:
                await service.run(create_user(new_user(name, name, name.title(), _NOW)))


async def _cpu_of_a_get(engine: Engine, url: str) -> Figure:
    """The median of rounds, each of which does both in turn."""
    read = patterns.get_user("ann0")
    async with open_service(Settings(store=url), write=False) as service:
        store = service.store
        assert isinstance(store, DynamoDBStore)
        with _bare_client(engine) as (client, close):
            request = get_request(store.table, read)

            async def bare() -> object:
                return await client.send_request(action=request.action, payload=request.payload)

            ratios = [
                await _cpu_s(lambda: _get(store, read)) / await _cpu_s(bare) for _ in range(_ROUNDS)
            ]
        await close()
    ratio = statistics.median(ratios[1:])
    return Figure(name="CPU of GetItem, store to bare call", value=ratio, unit="times", at_most=2)


async def _get(store: DynamoDBStore, read: Get) -> object:
    return await store.execute(read)


@contextmanager
def _bare_client(engine: Engine) -> Iterator[tuple[Client, Callable[[], Awaitable[None]]]]:
    session = new_session()
    yield Client(AIOHTTP(session), CREDENTIALS, REGION, URL(engine.url)), session.close


async def _cpu_s(call: Callable[[], Awaitable[object]]) -> float:
    began = time.process_time()
    for _ in range(_GETS):
        await call()
    return time.process_time() - began


async def _start(url: str) -> Figure:
    """From the command to the first answer, with a worker inside."""
    seconds = []
    for _ in range(_STARTS):
        server = Server(url, "--with-worker")
        async with server:
            connection = await server.connect()
            expect(await connection.ask(get("/healthz")), 200)
            seconds.append(time.perf_counter() - server.started_at)
    value = statistics.median(seconds)
    return Figure(name="start on a table, to /healthz", value=value, unit="s", at_most=1.5)


async def _to_both_inboxes(url: str) -> list[Figure]:
    """From the acknowledgement of a first message until both see it.

    Who reads asks a server without a worker, so that nobody waits for anything.
    """
    seconds = []
    server, reader = Server(url, "--with-worker"), Server(url)
    async with server, reader:
        sending, reading = await server.connect(), await reader.connect()
        for ann, bob in _names():
            body = {"id": str(uuid.uuid4()), "to": bob, "body": "hi"}
            head = post_head("/api/v1/messages", token_of(ann))
            expect(await sending.ask(with_body(head, json.dumps(body).encode())), 201)
            began = time.perf_counter()
            for name in (ann, bob):
                while not await _has_a_row(reading, name):
                    pass
            seconds.append(time.perf_counter() - began)
    return [
        Figure(name="first message to both inboxes, p50", value=percentile(seconds, 50), unit="s"),
        Figure(
            name="first message to both inboxes, slowest", value=max(seconds), unit="s", at_most=1
        ),
    ]


async def _has_a_row(reading: Connection, name: str) -> bool:
    page = expect(await reading.ask(get("/api/v1/inbox", token_of(name))), 200)
    return bool(json.loads(page)["conversations"])
