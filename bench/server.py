"""The server under test: a process of its own, watched through /proc."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bench.client import BenchError, Connection
from tavola.edge.auth import Tokens

SECRET = "the bench signs its tokens with these bytes"
TAVOLA = str(Path(sys.executable).with_name("tavola"))
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_TOKENS = Tokens(SECRET)


def token_of(user_id: str, *, admin: bool = False) -> str:
    """A token with which a user calls the server."""
    return _TOKENS.mint(user_id, 86_400, admin=admin)


def environment_of(store: Path | str) -> dict[str, str]:
    """The environment of a `tavola` command on a file or an address: its settings alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAVOLA_")}
    address = store if isinstance(store, str) else f"sqlite:///{store}"
    return {**kept, "TAVOLA_STORE": address, "TAVOLA_TOKEN_SECRET": SECRET}


class Server:
    """`tavola serve` on a file, or on an address, ready when the context is entered."""

    def __init__(self, store: Path | str, *arguments: str) -> None:
        self.started_at = time.perf_counter()
        self._process = subprocess.Popen(
            [TAVOLA, "serve", "--port", "0", *arguments],
            env=environment_of(store),
            cwd=store.parent if isinstance(store, Path) else None,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.host, self.port = "", 0

    async def __aenter__(self) -> Self:
        assert self._process.stdout
        line = await asyncio.to_thread(self._process.stdout.readline)
        url = urlsplit(line.split()[-1]) if line else None
        if url is None or url.hostname is None or url.port is None:
            raise BenchError(f"`tavola serve` ended with {self._process.wait()}.")
        self.host, self.port = url.hostname, url.port
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)
        if self._process.stdout:
            self._process.stdout.close()

    async def connect(self) -> Connection:
        """A connection to it."""
        return await Connection.open(self.host, self.port)

    @property
    def cpu_s(self) -> float:
        """CPU that it has used, in seconds."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS_PER_S

    @property
    def resident_mb(self) -> float:
        """Memory that it holds, in MB of 2^20 bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
