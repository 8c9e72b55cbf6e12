"""Users and groups where they are many: nothing that is asked for may grow with them."""

import json
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from bench.client import Connection, delete, expect, get, post_head, with_body
from bench.data import BODY, build_group, build_inbox, user_names
from bench.figures import Figure, latencies
from bench.server import Server, token_of
from bench.world import World

_MEMBERS = 10_000
_CONVERSATIONS = 1_000
_YEAR = 365
_SENDS = 200
_ADMIN = token_of("bench", admin=True)
_OWNER = "owner"


async def large_group(world: World) -> list[Figure]:
    """A group of 10,000: its pages, a message in it and the way to all inboxes, its deletion."""
    users = user_names("user", _MEMBERS)
    name = f"a group of {_MEMBERS:,}"
    built = await world.cached(f"group-{_MEMBERS}", lambda path: build_group(path, "big", users))
    store = shutil.copy(built, world.folder / "group.db")
    async with Server(store) as server:
        connection = await server.connect()
        pages = await _walk_members(connection)
        sends = [await _send(connection, users[0])]
        arrived = await _until(lambda: _has_unread(connection, users[-1]))
        sends += [await _send(connection, users[n]) for n in range(1, _SENDS)]
        began = time.perf_counter()
        expect(await connection.ask(delete("/api/v1/groups/big", _ADMIN)), 204)
        deleted = time.perf_counter() - began
        gone = await _until(lambda: _is_in_no_group(connection, users[-1]))
    return [
        *latencies(f"200 members of {name}", pages),
        *latencies(f"send in {name}", sends),
        Figure(
            name=f"first message of a day in {name}, to the last inbox", value=arrived, unit="s"
        ),
        Figure(name=f"delete {name}, the answer", value=deleted * 1000, unit="ms"),
        Figure(name=f"delete {name}, until the last member is out", value=gone, unit="s"),
    ]


async def rename(world: World) -> list[Figure]:
    """A user with 1,000 conversations takes another name, and all of them show it."""
    others = user_names("user", _CONVERSATIONS)
    built = await world.cached(
        f"names-{_CONVERSATIONS}", lambda path: build_inbox(path, _OWNER, others, _YEAR)
    )
    store = shutil.copy(built, world.folder / "names.db")
    async with Server(store) as server:
        connection = await server.connect()
        body = json.dumps({"display_name": "Another Name"}).encode()
        began = time.perf_counter()
        head = post_head("/api/v1/me", token_of(_OWNER), "PATCH")
        expect(await connection.ask(with_body(head, body)), 200)
        answered = time.perf_counter() - began
        for other in others:
            await _until(lambda other=other: _sees_the_name(connection, other))  # type: ignore[misc]
        everywhere = time.perf_counter() - began
    name = f"rename with {_CONVERSATIONS:,} conversations"
    return [
        Figure(name=f"{name}, the answer", value=answered * 1000, unit="ms"),
        Figure(name=f"{name}, until all show it", value=everywhere, unit="s", at_most=2),
    ]


async def _until(holds: Callable[[], Awaitable[bool]]) -> float:
    """The seconds until something holds."""
    began = time.perf_counter()
    while not await holds():
        pass
    return time.perf_counter() - began


async def _walk_members(connection: Connection) -> list[float]:
    """The seconds of each page."""
    seconds, cursor = [], ""
    while True:
        began = time.perf_counter()
        path = f"/api/v1/groups/big/users?limit=200{cursor}"
        page = await _read(connection, path, _ADMIN)
        seconds.append(time.perf_counter() - began)
        if page["next"] is None:
            return seconds
        cursor = f"&cursor={page['next']}"


async def _send(connection: Connection, user: str) -> float:
    body = {"id": str(uuid.uuid4()), "conversation": "group:big", "body": BODY}
    head = post_head("/api/v1/messages", token_of(user))
    began = time.perf_counter()
    expect(await connection.ask(with_body(head, json.dumps(body).encode())), 201)
    return time.perf_counter() - began


async def _has_unread(connection: Connection, user: str) -> bool:
    page = await _read(connection, "/api/v1/inbox", token_of(user))
    return page["exact"] and [row["unread"] for row in page["conversations"]] == [2]


async def _is_in_no_group(connection: Connection, user: str) -> bool:
    return not (await _read(connection, f"/api/v1/users/{user}/groups", _ADMIN))["groups"]


async def _sees_the_name(connection: Connection, user: str) -> bool:
    path = f"/api/v1/conversations/dm:{_OWNER}:{user}"
    page = await _read(connection, path, token_of(user))
    return bool(page["title"] == "Another Name")


async def _read(connection: Connection, path: str, token: str) -> Any:
    return json.loads(expect(await connection.ask(get(path, token)), 200))
