"""The server as a process: how it starts, where it listens, what it keeps, how it ends."""

import re
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.people import Api, People, Person, bearer, new_id, token
from tests.api.serving import SECRET, STOP_S_MAX, Serving, serve_to_the_end

PORT = 8080


class Load:
    """Threads that send for as long as the server answers."""

    def __init__(self, people: People, threads: int) -> None:
        self.pairs = [people.pair() for _ in range(threads)]
        self.acknowledged: list[tuple[str, str, int]] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=pair) for pair in self.pairs]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Return when so many are acknowledged."""
        deadline = time.monotonic() + 20
        while len(self.acknowledged) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def join(self) -> None:
        """Wait until all threads have ended."""
        for thread in self._threads:
            thread.join()

    def _send(self, ann: Person, bob: Person) -> None:
        while True:
            body = {"id": new_id(), "to": bob.id, "body": "x"}
            try:
                reply = ann.post(body)
            except httpx.TransportError:
                return
            if not reply.is_success:
                return
            with self._lock:
                self.acknowledged.append((ann.dm(bob), body["id"], reply.json()["seq"]))


def test_sigterm_under_load_keeps_what_was_acknowledged_and_ends_in_time(tmp_path: Path) -> None:
    with Serving(tmp_path) as serving:
        people = People(serving.url)
        load = Load(people, 6)
        load.wait_for(200)
        started = time.monotonic()
        assert serving.stop() == 0
        assert time.monotonic() - started < STOP_S_MAX
        load.join()
        people.close()
        assert "Traceback" not in serving.errors, serving.errors
    assert not (tmp_path / "tavola.db-wal").exists(), "the log is folded into the file"
    connection = sqlite3.connect(tmp_path / "tavola.db")
    rows = connection.execute("SELECT pk, doc ->> 'id', CAST(sk AS INTEGER) FROM items")
    kept = {(f"dm:{pk[3:].replace('#', ':')}", *rest) for pk, *rest in rows if pk[:3] == "DM#"}
    connection.close()
    assert set(load.acknowledged) <= kept


def test_open_connections_do_not_hold_it_up(tmp_path: Path) -> None:
    with Serving(tmp_path) as serving:
        host, _, port = serving.url.removeprefix("http://").partition(":")
        half = b"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        with (
            httpx.Client() as idle,
            socket.create_connection((host, int(port))) as silent,
            socket.create_connection((host, int(port))) as slow,
        ):
            idle.get(f"{serving.url}/healthz")
            slow.sendall(half)
            assert serving.stop() == 0
            assert silent.recv(1) == b""


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, errors = serve_to_the_end(tmp_path, "serve", "--port", str(port))
        assert code == 1
        assert f"127.0.0.1:{port}" in errors
        assert "[port_taken]" in errors
    assert not (tmp_path / "tavola.db").exists(), "nothing was begun"


def test_without_a_port_the_next_free_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with (
        Serving(tmp_path, arguments=()) as first,
        Serving(tmp_path / "other", arguments=()) as second,
    ):
        ports = [int(serving.url.rpartition(":")[2]) for serving in (first, second)]
        assert PORT <= ports[0] < ports[1] < PORT + 100
        for serving in (first, second):
            assert httpx.get(f"{serving.url}/healthz").status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost", "::1"])
def test_the_url_that_is_printed_answers(tmp_path: Path, host: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("no IPv6 here")
    with Serving(tmp_path, arguments=("--host", host, "--port", "0")) as serving:
        assert httpx.get(f"{serving.url}/healthz").status_code == 200


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


# --- the secret ---------------------------------------------------------------------------------


def test_the_store_is_made_for_its_owner_only(tmp_path: Path) -> None:
    with Serving(tmp_path) as serving:
        files = [file for file in tmp_path.iterdir() if file.name.startswith(serving.store.name)]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {file.suffix for file in files} == {".db", ".db-wal", ".db-shm", ".lock"}


def test_a_secret_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        with Serving(tmp_path, settings={"token_secret": ""}) as serving:
            file = tmp_path / "tavola.db.secret"
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            made.append(file.read_text().strip())
            assert _status(serving, token("x", scope="admin")) == 401, "another secret"
            assert made[0] not in serving.errors
    assert made[0] == made[1]
    assert len(made[0]) >= 32
    assert made[0] != SECRET


def test_who_has_the_kept_secret_can_make_tokens(tmp_path: Path) -> None:
    (tmp_path / "tavola.db.secret").write_text(f"{SECRET}\n")
    with Serving(tmp_path, settings={"token_secret": ""}) as serving:
        assert _status(serving, token("x", scope="admin")) == 201


def _status(serving: Serving, text: str) -> int:
    api = Api(serving.url, bearer(text))
    reply = api.request("POST", "/groups", {"name": "x"})
    api.close()
    return reply.status_code


# --- settings -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose `tavola.toml` names a store."""
    (tmp_path / "tavola.toml").write_text('store = "sqlite:///from-file.db"\nport = 0\n')
    yield tmp_path
    assert not (tmp_path / "tavola.db").exists()


def stores(folder: Path) -> list[str]:
    """The stores that were made."""
    return sorted(path.name for path in folder.glob("*.db"))


def test_the_file_beats_the_default(folder: Path) -> None:
    with Serving(folder, arguments=()):
        assert stores(folder) == ["from-file.db"]


def test_the_environment_beats_the_file(folder: Path) -> None:
    with Serving(folder, arguments=(), settings={"store": "sqlite:///from-env.db"}):
        assert stores(folder) == ["from-env.db"]


def test_a_flag_beats_the_environment(folder: Path) -> None:
    settings = {"host": "no.such.host.invalid", "port": "1"}
    with Serving(folder, arguments=("--host", "127.0.0.1", "--port", "0"), settings=settings) as s:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", s.url)


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('stroe = "x"', "stroe"),
        ("port = 70000", "port"),
        ('port = "a"', "port"),
        ('bucket = "week"', "bucket"),
        ("port = ", "tavola.toml"),
        ('store = "mysql://x"', "store"),
        ('token_secret = ""', "token_secret"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, toml: str, named: str) -> None:
    (tmp_path / "tavola.toml").write_text(toml)
    code, errors = serve_to_the_end(tmp_path, "serve", token_secret="")
    assert code == 2, errors
    assert named in errors
    assert "Traceback" not in errors


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    code, errors = serve_to_the_end(tmp_path, "serve", session_days="0")
    assert code == 2
    assert "session_days" in errors
    assert "environment" in errors


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    code, errors = serve_to_the_end(tmp_path, "--config", "none.toml", "serve")
    assert (code, "none.toml" in errors) == (2, True)


def test_an_address_that_is_not_ours_is_said_at_once(tmp_path: Path) -> None:
    code, errors = serve_to_the_end(tmp_path, "serve", "--host", "192.0.2.1")
    assert code == 1
    assert re.search(r"cannot listen on 192\.0\.2\.1:8080: .*\[cannot_listen\]", errors), errors
