"""`tavola table …` on an embedded store."""

import json

import pytest

from tavola.core.table import ENTITIES
from tests.cli.terminal import Terminal

LINES = 2_500  # more than a slice of a scan, more than a megabyte in all
TEXT = "x" * 500


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A store with one long conversation."""
    script = "".join(f"{'Ann' if n % 2 else 'Ben'}: {n} {TEXT}\n" for n in range(1, LINES + 1))
    terminal.ok("seed", "-", stdin=script)
    return terminal


def test_a_scan_reaches_the_last_item(filled: Terminal) -> None:
    """The old scan stopped at a megabyte."""
    items = filled.json("table", "scan")["items"]
    assert len(json.dumps(items)) > 1_000_000
    assert sum(item["type"] == "Message" for item in items) == LINES
    assert [(item["pk"], item["sk"]) for item in items] == sorted(
        (item["pk"], item["sk"]) for item in items
    )
    assert filled.ok("table", "scan").endswith(f"{len(items):,} items\n")


def test_items_are_decoded_as_the_table_declares_them(filled: Terminal) -> None:
    (user,) = filled.json("table", "query", "USER#ann", "--to", "A")["items"]
    assert (user["pk"], user["sk"], user["type"], user["user_id"]) == (
        "USER#ann",
        "A",
        "User",
        "ann",
    )
    message = filled.json("table", "scan", "--type", "Message", "--limit", "1")["items"][0]
    assert (message["conversation"], message["seq"]) == ("dm:ann:ben", 1)


def test_a_query_is_bounded_and_turned_round(filled: Terminal) -> None:
    words = ("table", "query", "DM#ann#ben", "--from", "0", "--to", "9~")
    assert len(filled.json(*words)["items"]) == LINES
    newest = filled.json(*words, "--reverse", "--limit", "3")["items"]
    assert [item["seq"] for item in newest] == [LINES, LINES - 1, LINES - 2]
    assert [item["seq"] for item in filled.json(*words, "--limit", "1")["items"]] == [1]
    assert filled.json("table", "query", "NOTHING#here") == {"items": []}


def test_only_declared_types_can_be_asked_for(filled: Terminal) -> None:
    assert filled.run("table", "scan", "--type", "Rubbish").exit_code == 2
    assert all(filled.run("table", "scan", "--type", name).exit_code == 0 for name in ENTITIES)


def test_segments_of_an_embedded_store_are_one(filled: Terminal) -> None:
    whole = filled.json("table", "scan")
    assert filled.json("table", "scan", "--segments", "5") == whole


def test_a_file_is_described(filled: Terminal) -> None:
    described = filled.json("table", "describe")
    assert described["items"] == len(filled.json("table", "scan")["items"])
    assert described["bytes"] >= filled.store.stat().st_size > 1_000_000
    assert (described["path"], described["schema"]) == (str(filled.store), 1)
    assert described["changes"] == filled.json("feed", "status")["last_change"]
    assert f"items         {described['items']:,}\n" in filled.ok("table", "describe")


def test_a_file_that_is_not_there_is_not_made(terminal: Terminal) -> None:
    terminal.error("store_unusable", 1, "table", "describe")
    assert not terminal.store.exists()


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (("create",), "is made by the first who writes it"),
        (("drop", "--yes", "tavola"), "delete the file by hand"),
        (("list",), "`table describe` shows it"),
        (("partiql", "SELECT * FROM tavola"), "`tavola table query`"),
    ],
)
@pytest.mark.parametrize("store", [None, "memory://"])
def test_what_only_dynamodb_has_is_said_with_what_to_do_instead(
    filled: Terminal, words: tuple[str, ...], instead: str, store: str | None
) -> None:
    before = filled.store.read_bytes()
    where = ("--store", store) if store else ()
    assert instead in filled.error("invalid", 2, "table", *words, *where)
    assert filled.store.read_bytes() == before


def test_what_is_kept_nowhere_is_not_described(terminal: Terminal) -> None:
    terminal.error("invalid", 2, "table", "describe", "--store", "memory://")
