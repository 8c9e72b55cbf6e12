"""Load: clients that ask in turns for a time, and what that cost."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from bench.figures import Figure
from bench.server import Server

Step = Callable[[], Awaitable[None]]
"""One request of one client, from its making to its checked answer."""


class Load(msgspec.Struct):
    """What was measured after the warm-up: a latency for each request, and CPU."""

    latencies_s: list[float]
    seconds: float
    server_cpu_s: float
    generator_cpu_s: float

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.latencies_s) / self.seconds

    def cpu_figures(self, name: str) -> list[Figure]:
        """What a request cost the server, and which share of a core the generator took."""
        each_us = self.server_cpu_s / max(1, len(self.latencies_s)) * 1e6
        share = self.generator_cpu_s / self.seconds * 100
        return [
            Figure(name=f"{name}, server CPU each", value=each_us, unit="µs"),
            Figure(name=f"{name}, generator CPU", value=share, unit="% of a core"),
        ]


class Meter:
    """Adds up the CPU of server and generator between its making and `stop`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._started = time.perf_counter()
        self._server_cpu = server.cpu_s
        self._own_cpu = time.process_time()

    def stop(self, latencies_s: list[float]) -> Load:
        """What was used since."""
        return Load(
            latencies_s,
            time.perf_counter() - self._started,
            self._server.cpu_s - self._server_cpu,
            time.process_time() - self._own_cpu,
        )


async def closed_loop(
    server: Server, clients: Sequence[Step], seconds: float, warm_up_s: float
) -> Load:
    """Let each client ask as soon as it has its answer."""
    latencies_s: list[float] = []
    began = time.perf_counter()
    counted_from, until = began + warm_up_s, began + warm_up_s + seconds

    async def run(step: Step) -> None:
        while (asked := time.perf_counter()) < until:
            await step()
            if asked >= counted_from:
                latencies_s.append(time.perf_counter() - asked)

    tasks = [asyncio.create_task(run(step)) for step in clients]
    await asyncio.sleep(warm_up_s)
    meter = Meter(server)
    await asyncio.gather(*tasks)
    return meter.stop(latencies_s)
