"""Which files are opened as a store, and which are refused and left alone."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tavola.core import patterns
from tavola.core.entities import User
from tavola.core.errors import StoreInUse, StoreReadOnly, StoreUnusable
from tavola.edge import clock
from tavola.stores.sqlite import SQLiteStore
from tavola.stores.sqlite.lock import holder_of
from tests import builders as b
from tests.api.serving import Serving, serve_to_the_end

FOREIGN = "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SQLiteStore]:
    """A store open for writing."""
    store = await SQLiteStore.open(path, clock.now)
    try:
        yield store
    finally:
        await store.close()


async def add(store: SQLiteStore, user: User) -> None:
    """Write something."""
    assert await store.execute(patterns.create_user(user, None)) is None


def open_and_close(path: Path) -> None:
    """Open for writing as a server does, write, and close."""

    async def whole() -> None:
        async with opened(path) as store:
            await add(store, b.user("ann"))

    asyncio.run(whole())


def test_a_second_writer_is_told_who_has_the_store(tmp_path: Path) -> None:
    async def whole() -> None:
        async with opened(tmp_path / "t.db") as store:
            assert store.lock
            store.lock.announce("http://127.0.0.1:1")
            with pytest.raises(StoreInUse, match=rf"process {os.getpid()} \(a server at http"):
                await SQLiteStore.open(tmp_path / "t.db", clock.now)
        assert holder_of(tmp_path / "t.db") is None
        async with opened(tmp_path / "t.db"):
            pass

    asyncio.run(whole())


def test_a_second_server_is_told_and_ends(tmp_path: Path) -> None:
    with Serving(tmp_path) as serving:
        code, errors = serve_to_the_end(tmp_path, "serve", "--port", "0")
        assert code == 1
        assert "[store_in_use]" in errors
        assert f"process {serving.pid}" in errors
        assert serving.url in errors
        assert serving.stop() == 0


def test_others_read_beside_the_writer(tmp_path: Path) -> None:
    async def whole() -> None:
        async with opened(tmp_path / "t.db") as store:
            await add(store, b.user("ann"))
            reader = SQLiteStore.open_read_only(tmp_path / "t.db")
            assert await reader.execute(patterns.get_user("ann"))
            await add(store, b.user("bob"))
            assert await reader.execute(patterns.get_user("bob"))
            with pytest.raises(StoreReadOnly):
                await add(reader, b.user("cas"))
            await reader.close()

    asyncio.run(whole())


def test_a_newer_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    open_and_close(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match=r"newer Tavola \(schema 99.*Upgrade"):
        open_and_close(path)
    code, errors = serve_to_the_end(tmp_path, "--store", "sqlite:///t.db", "serve", "--port", "0")
    assert (code, "[store_unusable]" in errors, "Traceback" in errors) == (1, True, False)
    assert path.read_bytes() == before


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "t.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.executescript(FOREIGN)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        open_and_close(path)
    assert path.read_bytes() == before


def test_so_is_one_that_its_program_had_no_time_to_close(tmp_path: Path) -> None:
    path, crashed = tmp_path / "t.db", tmp_path / "crashed.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = wal")
    connection.executescript(FOREIGN)
    for suffix in ("", "-wal"):
        (tmp_path / f"crashed.db{suffix}").write_bytes((tmp_path / f"t.db{suffix}").read_bytes())
    connection.close()
    before = crashed.read_bytes(), (tmp_path / "crashed.db-wal").read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        open_and_close(crashed)
    assert (crashed.read_bytes(), (tmp_path / "crashed.db-wal").read_bytes()) == before


def test_so_is_an_empty_one_with_another_programs_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 7")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        open_and_close(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"hello, this is a letter and no database", b"SQLite format 3\0" + b"x" * 200, b"x"]
)
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(content)
    with pytest.raises(StoreUnusable):
        open_and_close(path)
    assert path.read_bytes() == content
    with pytest.raises(StoreUnusable):
        SQLiteStore.open_read_only(path)


def test_a_creation_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    nothing, only_wal = tmp_path / "nothing.db", tmp_path / "wal.db"
    nothing.touch()
    connection = sqlite3.connect(only_wal)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    for path in (nothing, only_wal):
        with pytest.raises(StoreUnusable, match="is empty"):
            SQLiteStore.open_read_only(path)
        open_and_close(path)
        assert asyncio.run(_names(path)) == ["ann"]


async def _names(path: Path) -> list[str]:
    reader = SQLiteStore.open_read_only(path)
    item = await reader.execute(patterns.get_user("ann"))
    await reader.close()
    return [item["handle"]]


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    open_and_close(path)
    path.write_bytes(path.read_bytes()[:4096])
    code, errors = serve_to_the_end(tmp_path, "--store", "sqlite:///t.db", "serve", "--port", "0")
    assert (code, "Traceback" in errors) == (1, False), errors


@pytest.mark.parametrize(
    "store", ["sqlite:///missing/t.db", "sqlite:////proc/t.db", "sqlite:///a-folder"]
)
def test_a_place_where_no_file_can_be_is_a_clear_error(tmp_path: Path, store: str) -> None:
    (tmp_path / "a-folder").mkdir()
    code, errors = serve_to_the_end(tmp_path, "--store", store, "serve", "--port", "0")
    assert code == 1, errors
    assert errors.startswith("Error: "), errors


def test_a_reader_needs_a_file_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is not there"):
        SQLiteStore.open_read_only(tmp_path / "t.db")
    assert list(tmp_path.iterdir()) == []


def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    open_and_close(tmp_path / "t.db")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.db", "t.db.lock"]
