"""Sending over HTTP: how many messages a second are durable, and how long one takes."""

import asyncio
import random
import time
from uuid import UUID

from bench.client import Connection, expect, post_head, with_body
from bench.data import BODY, build_users, user_names
from bench.figures import Figure, latencies, percentile
from bench.load import Load, Meter, closed_loop
from bench.server import Server, token_of
from bench.world import World

PAIRS = 50
OPEN_RATE = 200
_HALF_A_SECOND = 0.5
_random = random.Random(2018)


class Log:
    """A direct conversation as its two clients know it."""

    def __init__(self, a: str, b: str) -> None:
        self.id = f"dm:{a}:{b}".encode()
        self.seen = 0

    def body(self) -> bytes:
        """The next message to send, with a new id."""
        return b'{"id":"%s","conversation":"%s","after":%d,"body":"%s"}' % (
            str(UUID(int=_random.getrandbits(128))).encode(),
            self.id,
            self.seen,
            BODY.encode(),
        )

    def saw(self, reply: bytes) -> None:
        """Note the number that a message was given."""
        begins = reply.index(b'"seq":') + 6
        self.seen = max(self.seen, int(reply[begins : reply.index(b",", begins)]))


class Client:
    """One user on one connection, writing into one conversation."""

    def __init__(self, connection: Connection, log: Log, user: str) -> None:
        self._connection = connection
        self._log = log
        self._head = post_head("/api/v1/messages", token_of(user))

    async def send(self) -> None:
        """Send a message and learn its number."""
        request = with_body(self._head, self._log.body())
        self._log.saw(expect(await self._connection.ask(request), 201))


async def closed_loop_of_pairs(world: World) -> list[Figure]:
    """50 pairs, one message in flight in each: the two of a pair write in turns."""
    return await _closed_loop(world, "sends, 50 pairs", users_at_once=False)


async def closed_loop_of_users(world: World) -> list[Figure]:
    """50 pairs, one message in flight of each of the 100 users: the two of a pair race."""
    return await _closed_loop(world, "sends, 100 users", users_at_once=True)


async def _closed_loop(world: World, name: str, *, users_at_once: bool) -> list[Figure]:
    async with await _server(world, name) as server:
        pairs = await _pairs(server)
        if users_at_once:
            steps = [client.send for pair in pairs for client in pair]
        else:
            steps = [Turns(*pair).send for pair in pairs]
        load = await closed_loop(server, steps, world.seconds, world.warm_up_s)
    return [
        Figure(name=name, value=load.per_second, unit="/s", at_least=3000),
        *latencies(name, load.latencies_s, p99_ms_at_most=60),
        *load.cpu_figures(name),
    ]


class Turns:
    """Two clients who answer each other."""

    def __init__(self, first: Client, second: Client) -> None:
        self._next, self._other = first, second

    async def send(self) -> None:
        """The one sends, then it is the other one's turn."""
        await self._next.send()
        self._next, self._other = self._other, self._next


async def open_loop(world: World) -> list[Figure]:
    """200 messages a second at random moments, each timed from when it was due."""
    name = f"sends, {OPEN_RATE}/s"
    async with await _server(world, name) as server:
        pairs = await _pairs(server)
        turns = [Turns(*pair) for pair in pairs]
        await closed_loop(server, [turn.send for turn in turns], world.warm_up_s, 0)
        load, late_s = await _at_random_moments(server, turns, world.seconds)
    late_ms = percentile(late_s, 99) * 1000
    return [
        *latencies(name, load.latencies_s, p99_ms_at_most=8),
        Figure(name=f"{name}, generator late, p99", value=late_ms, unit="ms"),
        *load.cpu_figures(name),
    ]


async def _at_random_moments(
    server: Server, turns: list[Turns], seconds: float
) -> tuple[Load, list[float]]:
    """Latencies, and how late the generator was (its timers have a resolution of 1 ms)."""
    latencies_s: list[float] = []
    late_s: list[float] = []
    began = time.perf_counter() + _HALF_A_SECOND

    async def run(turn: Turns) -> None:
        due = began + _random.expovariate(OPEN_RATE / PAIRS)
        while due < began + seconds:
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
                late_s.append(time.perf_counter() - due)
            await turn.send()
            latencies_s.append(time.perf_counter() - due)
            due += _random.expovariate(OPEN_RATE / PAIRS)

    meter = Meter(server)
    await asyncio.gather(*map(run, turns))
    return meter.stop(latencies_s), late_s


async def _server(world: World, name: str) -> Server:
    store = world.folder / f"{name}.db".replace("/", " a ").replace(" ", "-").replace(",", "")
    await build_users(store, user_names("user", 2 * PAIRS))
    return Server(store)


async def _pairs(server: Server) -> list[tuple[Client, Client]]:
    users = user_names("user", 2 * PAIRS)
    pairs = []
    for a, b in zip(users[::2], users[1::2], strict=True):
        log = Log(a, b)
        first, second = (
            Client(await server.connect(), log, a),
            Client(await server.connect(), log, b),
        )
        pairs.append((first, second))
    return pairs
