"""`tavola copy`: from one file to another, whole, and told what is wrong where something is."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tavola.core import patterns
from tavola.core.errors import StoreReadOnly
from tavola.core.operations import Put
from tavola.edge import clock
from tavola.stores.sqlite import SQLiteStore
from tests.api.serving import Serving
from tests.cli.terminal import Terminal

AWS_URL = "dynamodb://chat?region=eu-west-1"
SCRIPT = "Ann: hello\nBen: \U0001f375 مرحبا\n"


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """Users with and without a password, a direct conversation and a group."""
    terminal.ok("users", "add", "ann", "--id", "ann", "--interest", "tides", "--interest", "tea")
    terminal.ok("users", "add", "zoe", "--password-stdin", stdin="a secret of hers")
    terminal.ok("seed", "-", stdin=SCRIPT)
    terminal.ok("seed", "-", stdin=SCRIPT + "Cem: hi\n")
    return terminal


def url(terminal: Terminal) -> str:
    return f"sqlite:///{terminal.store}"


def everything(terminal: Terminal) -> list[dict[str, Any]]:
    """All items but the state of feeds, passwords too."""
    items = terminal.json("table", "scan")["items"]
    return [item for item in items if item["type"] != "FeedState"]


def put(terminal: Terminal, *items: dict[str, Any]) -> None:
    """Write items past everything."""

    async def work() -> None:
        store = await SQLiteStore.open(terminal.store, clock.now)
        await store.execute(tuple(Put("t", item) for item in items))
        await store.close()

    asyncio.run(work())


def words(source: Terminal, target: Terminal, *more: str) -> tuple[str, ...]:
    return ("copy", "--from", url(source), "--to", url(target), *more)


def test_a_copy_is_the_same_and_says_so(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    told = filled.ok(*words(filled, target, "--verify"))
    count = len(everything(filled))
    assert told == f"{count:,} items copied.\nBoth are the same: {count:,} items.\n"
    assert everything(target) == everything(filled)
    assert "Password" in {item["type"] for item in everything(target)}
    assert target.ok("export", "-") == filled.ok("export", "-")


def test_the_feed_finds_nothing_to_do_in_a_copy(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    filled.ok(*words(filled, target))
    assert target.json("feed", "status")["lag"] == 0
    assert target.json("feed", "rebuild", "--dry-run")["pointers_put"] == 0
    again = filled.json(*words(filled, target, "--verify"))
    assert again["verified"]["identical"] is True
    assert again["verified"]["items"] == again["copied"]["items"] == len(everything(filled))


def test_people_sign_in_to_the_copy(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    filled.ok(*words(filled, target))
    with Serving(tmp_path, settings={"store": url(target)}) as server:
        account = {"handle": "zoe", "password": "a secret of hers"}
        reply = httpx.post(f"{server.url}/api/v1/session", json=account)
        assert reply.status_code in (200, 201)


def test_a_finished_copy_is_told_and_a_verification_then_only_compares(
    filled: Terminal, tmp_path: Path
) -> None:
    target = Terminal(tmp_path, "copy.db")
    filled.ok(*words(filled, target))
    last = target.json("feed", "status")["last_change"]
    told = filled.ok(*words(filled, target, "--verify"))
    assert told.startswith(f"Nothing to copy: all {len(everything(filled)):,} items were copied by")
    assert "Both are the same" in told
    assert target.json("feed", "status")["last_change"] == last


def test_a_source_that_was_written_since_is_told(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    filled.ok(*words(filled, target))
    filled.ok("users", "add", "new", "--no-password")
    assert "was written since" in filled.error("store_not_empty", 1, *words(filled, target))


def test_what_differs_is_listed_and_the_exit_code_says_so(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    filled.ok(*words(filled, target))
    extra = [{"pk": "X\x1b[1m", "sk": f"{n:02d}", "type": "X"} for n in range(25)]
    put(target, {"pk": "USER#ann", "sk": "A", "type": "User", "v": 1}, *extra)
    result = filled.run(*words(filled, target, "--verify"))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()[1:]
    assert lines[:3] == ["1 different:", "  USER#ann  A", "25 only in the copy:"]
    assert lines[3:5] == ["  X\ufffd[1m  00", "  X\ufffd[1m  01"]
    assert lines[-1] == "  … and 5 more; --json lists all"
    result = filled.run(*words(filled, target, "--verify", "--json"))
    assert result.exit_code == 1
    assert '"identical": false' in result.stdout


def test_items_of_no_known_type_are_copied_and_told(filled: Terminal, tmp_path: Path) -> None:
    put(filled, {"pk": "MINE", "sk": "1", "type": "Mine", "own": [1, {"deep": None}]})
    target = Terminal(tmp_path, "copy.db")
    result = filled.run(*words(filled, target, "--verify"))
    assert result.exit_code == 0
    assert "1 are no items that this version knows, and copied as they are:" in result.stderr
    assert "MINE at 1: 'Mine' is no entity of the table" in result.stderr
    assert "Both are the same" in result.stdout


def test_a_store_that_is_not_empty_is_refused(filled: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    target.ok("users", "add", "somebody", "--no-password")
    filled.error("store_not_empty", 1, *words(filled, target))
    assert len(target.json("users", "list")["users"]) == 1


def test_nothing_is_copied_from_or_to_a_store_that_somebody_writes(
    filled: Terminal, tmp_path: Path
) -> None:
    target = Terminal(tmp_path, "copy.db")
    with Serving(tmp_path):
        filled.error("store_in_use", 1, *words(filled, target))
        filled.error("store_in_use", 1, *words(target_with_something(tmp_path), filled))
    filled.ok(*words(filled, target))


def target_with_something(folder: Path) -> Terminal:
    other = Terminal(folder, "other.db")
    other.ok("users", "add", "somebody", "--no-password")
    return other


def test_a_source_that_is_not_there_makes_no_files(terminal: Terminal, tmp_path: Path) -> None:
    target = Terminal(tmp_path, "copy.db")
    terminal.error("store_unusable", 1, *words(terminal, target))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("memory://", "sqlite:///b.db"),
        ("sqlite:///a.db", "memory://"),
        ("sqlite:///a.db", "sqlite:///./a.db"),
        (AWS_URL, f"{AWS_URL}&endpoint="),
        ("dynamodb://a.b?region=x&endpoint=http://h/", "dynamodb://a.b?endpoint=http://h&region=x"),
        ("rubbish", "sqlite:///b.db"),
        ("sqlite:///a.db", "rubbish"),
    ],
)
def test_urls_that_make_no_sense_are_refused(terminal: Terminal, source: str, target: str) -> None:
    terminal.error("invalid", 2, "copy", "--from", source, "--to", target)


def test_the_table_that_is_filled_is_asked_for(filled: Terminal) -> None:
    to_aws = ("copy", "--from", url(filled), "--to", AWS_URL)
    assert "--yes chat" in filled.error("not_confirmed", 2, *to_aws)
    filled.error("not_confirmed", 2, *to_aws, "--yes", "tavola")


def test_a_source_is_held_still_as_long_as_it_is_read(filled: Terminal) -> None:
    async def opened() -> SQLiteStore:
        return SQLiteStore.open_still(filled.store)

    with asyncio.Runner() as runner:
        store = runner.run(opened())
        assert runner.run(store.execute(patterns.get_user("ann")))["handle"] == "ann"
        with pytest.raises(StoreReadOnly):
            runner.run(store.execute(patterns.delete_pointer("ann", "2026-11-21", "dm:a:b")))
        filled.error("store_in_use", 1, "feed", "rebuild")
        filled.ok("users", "list")
        runner.run(store.close())
    filled.ok("feed", "rebuild")
