"""`tavola doctor` in a terminal: on a file, beside a server, and what people and programs read."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import Item, encode_attributes
from tests.api.serving import Serving
from tests.cli.terminal import Terminal


@pytest.fixture
def filled(tmp_path: Path) -> Terminal:
    """A direct conversation and a group of three."""
    terminal = Terminal(tmp_path)
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    terminal.ok("seed", "-", stdin="Ann: one\nBen: two\nCem: three\n")
    return terminal


def harm(terminal: Terminal, statement: str, *values: str) -> None:
    """Change the file behind Tavola's back."""
    with closing(sqlite3.connect(terminal.store)) as connection, connection:
        connection.execute(statement, values)


def put(terminal: Terminal, item: Item) -> None:
    values = (item["pk"], item["sk"], encode_attributes(item))
    harm(terminal, "INSERT OR REPLACE INTO items (pk, sk, doc) VALUES (?, ?, ?)", *values)


def found(report: Any) -> dict[str, int]:
    """How many findings each check of the table has."""
    assert [section["name"] for section in report["sections"]] == ["table"]
    checks = report["sections"][0]["checks"]
    assert all(check["count"] == len(check["findings"]) for check in checks)
    return {check["code"]: check["count"] for check in checks if check["count"]}


def report_of(terminal: Terminal, *words: str) -> Any:
    """What a doctor that finds something answers with `--json`."""
    result = terminal.run("doctor", *words, "--json")
    assert result.exit_code == 1, result.stderr
    report = json.loads(result.stdout)
    assert report["clean"] is False
    return report


def test_a_healthy_store_is_clean_and_left_as_it_is(filled: Terminal) -> None:
    before, last = filled.items(), filled.json("feed", "status")["last_change"]
    report = filled.json("doctor")
    assert (report["clean"], report["notes"], found(report)) == (True, [], {})
    assert (report["users"], report["groups"], report["conversations"]) == (3, 1, 2)
    assert filled.ok("doctor").endswith("Everything is right.\n")
    assert filled.ok("doctor", "--fix").endswith("Everything is right.\n")
    assert (filled.items(), filled.json("feed", "status")["last_change"]) == (before, last)


def test_what_is_wrong_is_told_with_what_to_do(filled: Terminal) -> None:
    harm(filled, "DELETE FROM items WHERE pk = 'HANDLE#be'")
    before = filled.items()
    for words in (("doctor",), ("doctor", "--dry-run"), ("doctor", "--fix", "--dry-run")):
        result = filled.run(*words)
        assert result.exit_code == 1
        assert "Does every user's handle lead to them? No: 1. [handle_missing]" in result.stdout
        assert "    HANDLE#be  ben: ben has @ben, and it is missing\n" in result.stdout
        assert "What to do: Mend it." in result.stdout
        assert "1 of them have one right answer: `tavola doctor --fix`" in result.stdout
    assert filled.items() == before


def test_what_has_one_right_answer_is_mended_and_the_rest_is_shown(filled: Terminal) -> None:
    before = filled.items()
    harm(filled, "DELETE FROM items WHERE sk LIKE 'INBOX#%' OR pk = 'HANDLE#be'")
    harm(filled, "DELETE FROM items WHERE pk = 'DM#ann#ben' AND sk = '000000000001'")
    assert found(report_of(filled)) == {
        "message_gap": 1,
        "handle_missing": 1,
        "pointer_missing": 5,
    }
    report = report_of(filled, "--fix")
    assert {one["code"]: one["count"] for one in report["mended"]} == {
        "handle_missing": 1,
        "pointer_missing": 5,
    }
    assert found(report) == {"message_gap": 1}
    told = filled.run("doctor", "--fix")
    assert told.exit_code == 1
    assert "Mended" not in told.stdout
    assert [item for item in before if item not in filled.items()] == [
        item for item in before if item["pk"] == "DM#ann#ben" and item["sk"] == "000000000001"
    ]


def test_only_the_first_of_many_are_shown(filled: Terminal) -> None:
    for n in range(30):
        put(filled, table.HANDLE.build(e.Handle(handle=f"x{n:02d}", user_id="nobody")))
    shown = filled.run("doctor").stdout
    assert shown.count("nobody is nobody") == 10
    assert "… and 20 more; --all shows all" in shown
    assert filled.run("doctor", "--all").stdout.count("nobody is nobody") == 30
    assert found(report_of(filled)) == {"handle_stray": 30}


def test_what_people_wrote_does_not_steer_the_terminal(filled: Terminal) -> None:
    put(filled, {"pk": "USER#ann", "sk": "N\x1b[2J", "type": "\x1b[31m", "v": 1})
    assert "\x1b" not in filled.run("doctor").stdout


def test_what_a_crash_has_left_to_the_feed_is_done_first(filled: Terminal) -> None:
    """As if the process had died before the feed saw the second half of what was written."""
    harm(filled, "DELETE FROM items WHERE sk LIKE 'INBOX#%' OR pk = 'FEED#main'")
    harm(filled, "DELETE FROM items WHERE pk = 'DM#ann#ben' AND sk LIKE 'USER#%'")
    assert found(filled.json("doctor")) == {}


def test_what_was_set_aside_is_noted(filled: Terminal) -> None:
    state = e.FeedState(feed="main", part="ASIDE#000000000007", error="ValueError('no')")
    put(filled, table.FEED_STATE.build(state))
    report = filled.json("doctor")
    assert [note["code"] for note in report["notes"]] == ["set_aside"]
    assert "[set_aside]" in filled.ok("doctor")


def test_what_cannot_be_examined_is_told(filled: Terminal) -> None:
    """A user whose record is newer: nobody knows whether what leads to it is right."""
    harm(filled, """UPDATE items SET doc = replace(doc, '"v":1', '"v":9') WHERE pk = 'USER#ann'""")
    report = report_of(filled)
    assert found(report)["newer_version"] > 1
    unexamined = {one["where"] for one in report["unexamined"]}
    assert {"USER#ann", "DM#ann#ben", "HANDLE#an ann"} <= unexamined
    assert not {"USER#ben", "HANDLE#be ben"} & unexamined
    assert "parts could not be examined" in filled.run("doctor").stdout


@pytest.mark.parametrize("flags", [(), ("--fix",)])
def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, flags: tuple[str, ...]) -> None:
    terminal = Terminal(tmp_path)
    terminal.error("store_unusable", 1, "doctor", *flags)
    assert not terminal.store.exists()


@pytest.mark.parametrize("flags", [(), ("--fix",)])
def test_a_store_that_was_emptied_is_not_right(tmp_path: Path, flags: tuple[str, ...]) -> None:
    terminal = Terminal(tmp_path)
    terminal.store.touch()
    assert "is empty" in terminal.error("store_unusable", 1, "doctor", *flags)
    assert terminal.store.stat().st_size == 0


def test_it_works_beside_a_running_server_which_must_end_for_mending(filled: Terminal) -> None:
    with Serving(filled.folder) as serving:
        assert found(filled.json("doctor")) == {}
        harm(filled, "DELETE FROM items WHERE pk = 'HANDLE#be'")
        assert found(report_of(filled, "--wait", "1")) == {"handle_missing": 1}
        assert "Stop it first" in filled.error("store_in_use", 1, "doctor", "--fix")
        assert serving.stop() == 0
    assert filled.json("doctor", "--fix")["mended"][0]["code"] == "handle_missing"


def test_without_a_user_pool_there_is_nothing_to_compare_with(filled: Terminal) -> None:
    assert "issuer" in filled.error("invalid", 2, "doctor", "--cognito")
