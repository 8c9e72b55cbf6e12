"""Dynoxide, an engine that speaks DynamoDB: one process on a free port of loopback.

Nothing here talks to AWS: the address is this process's, the credentials are invented.
"""

import contextlib
import itertools
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiodynamo.credentials import Credentials, Key, StaticCredentials

from tavola.stores.dynamodb.schema import create_table_payload

REGION = "eu-central-1"
CREDENTIALS: Credentials = StaticCredentials(Key("tests", "of-tavola"))
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "of-tavola"}
START_S_MAX = 10.0
NO_ENGINE = "no DynamoDB engine for this platform; `make test` installs it where there is one"

_MODULES = Path(__file__).parent / "node_modules" / "@dynoxide"
_TARGETS = {"Streams": "DynamoDBStreams_20120810", "": "DynamoDB_20120810"}
_NAMES = itertools.count(1)


class Engine:
    """A running engine."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, action: str, payload: dict[str, Any], service: str = "") -> dict[str, Any]:
        """Ask it something, without any of Tavola's code between."""
        request = urllib.request.Request(
            self.url,
            json.dumps(payload).encode(),
            {
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": f"{_TARGETS[service]}.{action}",
                "X-Amz-Date": "20261121T080000Z",
                "Authorization": "AWS4-HMAC-SHA256 Credential=tests/20261121/eu-central-1/dynamodb/"
                "aws4_request, SignedHeaders=host, Signature=0",
            },
        )
        with urllib.request.urlopen(request, timeout=START_S_MAX) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def store_url(self, table: str) -> str:
        """The setting that names a table here."""
        return f"dynamodb://{table}?region={REGION}&endpoint={self.url}"

    def new_table(self) -> str:
        """The name of a table that was not there before."""
        name = f"tavola-{next(_NAMES)}"
        self.call("CreateTable", create_table_payload(name))
        return name


@contextlib.contextmanager
def running_engine() -> Iterator[Engine]:
    """An engine of its own. Skips the test, or fails on a build server, where there is none."""
    binary = find_engine()
    if binary is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_ENGINE)
        pytest.skip(NO_ENGINE)
    with started(binary) as engine:
        yield engine


def find_engine() -> Path | None:
    """The engine's binary, where there is one."""
    return next(_MODULES.glob("*/dynoxide*"), None)


@contextlib.contextmanager
def started(binary: Path) -> Iterator[Engine]:
    """An engine that runs as long as the context."""
    port = free_port()
    process = subprocess.Popen(
        [binary, "serve", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Engine(f"http://127.0.0.1:{port}/")
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S_MAX
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "the engine ended"
        assert time.monotonic() < deadline, "the engine does not answer"
        time.sleep(0.01)
