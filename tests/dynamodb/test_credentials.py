"""Credentials are found where AWS puts them, and one request's end is not that of all others."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiodynamo.credentials import Credentials, Key
from aiodynamo.http.aiohttp import AIOHTTP
from aiodynamo.http.types import HttpImplementation, Request, Response

from tavola.core.errors import StoreDenied
from tavola.stores.dynamodb.connect import new_session
from tavola.stores.dynamodb.credentials import Shielded, find_credentials

ROLE = {
    "AccessKeyId": "role",
    "SecretAccessKey": "of-role",
    "Token": "token",
    "Expiration": "2999-01-01T00:00:00Z",
}


@pytest.fixture(autouse=True)
def of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without credentials."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))


async def unreachable(_: Request) -> Response:
    """A network without anybody in it."""
    raise TimeoutError


def found(http: HttpImplementation = unreachable) -> Key | None:
    async def find() -> Key | None:
        return await (await find_credentials(http)).get_key(http)

    return asyncio.run(find())


def write_profiles(folder: Path) -> None:
    text = "".join(
        f"[{name}]\naws_access_key_id = {name}\naws_secret_access_key = of-{name}\n"
        for name in ("default", "work")
    )
    (folder / ".aws").mkdir()
    (folder / ".aws/credentials").write_text(text)


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_profiles(tmp_path)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert found() == Key("mine", "secret", "token")


def test_then_the_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_profiles(tmp_path)
    assert found() == Key("default", "of-default")
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert found() == Key("work", "of-work")


@pytest.fixture
def role_url() -> Iterator[str]:
    """Where a container gets the credentials of its role."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(ROLE).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/role"
        server.shutdown()


def test_then_the_containers_role(monkeypatch: pytest.MonkeyPatch, role_url: str) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", role_url)

    async def find() -> Key | None:
        async with new_session() as session:
            http = AIOHTTP(session)
            return await (await find_credentials(http)).get_key(http)

    assert asyncio.run(find()) == Key("role", "of-role", "token")


def test_without_any_it_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_profiles(tmp_path)
    monkeypatch.setenv("AWS_PROFILE", "not there")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/role")
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    with pytest.raises(StoreDenied, match="AWS_PROFILE"):
        found()
    assert capfd.readouterr().err == ""


class Slow(Credentials):
    """Credentials that one fetch brings for all who wait, as the client does it."""

    def __init__(self) -> None:
        self._fetch: asyncio.Task[Key] | None = None

    async def get_key(self, http: HttpImplementation) -> Key | None:
        async def fetch() -> Key:
            await asyncio.sleep(0.05)
            return Key("slow", "secret")

        self._fetch = self._fetch or asyncio.create_task(fetch())
        return await self._fetch

    def invalidate(self) -> bool:
        return True

    def is_disabled(self) -> bool:
        return False


def test_a_request_that_is_cancelled_takes_no_others_with_it() -> None:
    async def ask() -> Key | None:
        credentials = Shielded(Slow())
        first = asyncio.create_task(credentials.get_key(unreachable))
        second = asyncio.create_task(credentials.get_key(unreachable))
        await asyncio.sleep(0.01)
        first.cancel()
        return await second

    assert asyncio.run(ask()) == Key("slow", "secret")
