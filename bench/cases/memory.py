"""Memory that the server holds."""

import asyncio

from bench.client import expect, get
from bench.data import build_users, user_names
from bench.figures import Figure
from bench.server import Server, token_of
from bench.world import World

CLIENTS = 500
_SETTLE_S = 1.0


async def resident(world: World) -> list[Figure]:
    """Idle, and with 500 connected clients of whom each has read its inbox once."""
    users = user_names("user", CLIENTS)
    store = world.folder / "memory.db"
    await build_users(store, users)
    async with Server(store) as server:
        await asyncio.sleep(_SETTLE_S)
        idle_mb = server.resident_mb
        connections = [await server.connect() for _ in users]
        for connection, user in zip(connections, users, strict=True):
            expect(await connection.ask(get("/api/v1/inbox", token_of(user))), 200)
        connected_mb = server.resident_mb
        for connection in connections:
            connection.close()
    return [
        Figure(name="memory, idle", value=idle_mb, unit="MB", at_most=80),
        Figure(name=f"memory, {CLIENTS} clients", value=connected_mb, unit="MB"),
    ]
