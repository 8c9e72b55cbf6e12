"""A PostgreSQL server: one process on a free port of loopback, with its data in a folder of /tmp.

It refuses to run as root, so that root starts it as the user `postgres` of Debian's package.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.engine.dynoxide import free_port

START_S_MAX = 30.0
OWNER = "tavola"
FINDER = Path(__file__).parents[2] / "scripts" / "ensure-postgres"
# Whoever is called `locked` needs a password, everybody else none.
RULES = (
    "host all locked 127.0.0.1/32 scram-sha-256\n"
    "host all barred 127.0.0.1/32 reject\n"
    "host all all 127.0.0.1/32 trust\n"
)
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=20", "shared_buffers=16MB")


class Postgres:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = self.url_of(OWNER)

    def url_of(self, user: str, database: str = "postgres") -> str:
        """Where somebody finds a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def do(self, query: str, *values: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run something as the owner; its rows."""
        url = self.url_of(OWNER, database)
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def fill(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Run something for each of many rows."""
        with psycopg.connect(self.url) as connection:
            connection.cursor().executemany(query.encode(), rows)


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server of its own. Skips the test, or fails on a build server, where there is none."""
    found = subprocess.run([FINDER, "--find"], capture_output=True, text=True, check=False)
    if found.returncode:
        if os.environ.get("CI") == "true":
            pytest.fail(found.stderr)
        pytest.skip(found.stderr.strip())
    folder = Path(tempfile.mkdtemp(prefix="tavola-postgres-"))
    try:
        with _started(Path(found.stdout.strip()), folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _started(programs: Path, folder: Path) -> Iterator[Postgres]:
    user = None
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    identity: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if user:
        identity |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    made = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    subprocess.run([programs / "initdb", "-D", data, *made], check=True, **identity)
    (data / "pg_hba.conf").write_text(RULES)
    port = free_port()
    options = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", *QUICK)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"-c{option}" for option in options)],
            stderr=log,
            **identity,
        )
    try:
        server = Postgres(port)
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _wait_for(server: Postgres, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S_MAX
    while True:
        with contextlib.suppress(psycopg.OperationalError):
            server.do("SELECT 1")
            return
        assert process.poll() is None, f"PostgreSQL has ended: {log.read_text()}"
        assert time.monotonic() < deadline, f"PostgreSQL did not start: {log.read_text()}"
        time.sleep(0.05)
