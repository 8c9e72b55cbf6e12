"""`tavola feed status` and `rebuild`."""

import sqlite3
from contextlib import closing

import pytest

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import encode_attributes
from tests.cli.terminal import Terminal

REPAIRS = ("pointers_put", "pointers_removed", "names_copied", "markers_moved")
NOTHING = dict.fromkeys(REPAIRS, 0)


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A direct conversation and a group of three."""
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    terminal.ok("seed", "-", stdin="Ann: one\nBen: two\nCem: three\n")
    return terminal


def harm(terminal: Terminal, statement: str, *values: str) -> None:
    """Change the file behind Tavola's back."""
    with closing(sqlite3.connect(terminal.store)) as connection, connection:
        connection.execute(statement, values)


def repairs(terminal: Terminal, *words: str) -> dict[str, int]:
    report = terminal.json("feed", "rebuild", *words)
    assert (report["conversations"], report["users"], report["unreadable"]) == (2, 3, [])
    return {name: report[name] for name in REPAIRS}


def set_aside(terminal: Terminal, n: int, error: str) -> None:
    state = e.FeedState(
        feed="main", part=f"ASIDE#{n:012d}", position=n, at="2026-11-21T08:00:00.000Z", error=error
    )
    item = table.FEED_STATE.build(state)
    values = (item["pk"], item["sk"], encode_attributes(item))
    harm(terminal, "INSERT INTO items (pk, sk, doc) VALUES (?, ?, ?)", *values)


def test_a_healthy_store_is_left_as_it_is(filled: Terminal) -> None:
    before, last = filled.items(), filled.json("feed", "status")["last_change"]
    assert repairs(filled) == NOTHING
    assert filled.ok("feed", "rebuild").startswith("Nothing to do: everything is right.\n")
    assert filled.items() == before
    assert filled.json("feed", "status")["last_change"] == last


def test_what_is_lost_is_derived_again(filled: Terminal) -> None:
    before = filled.items()
    harm(filled, "DELETE FROM items WHERE sk LIKE 'INBOX#%' OR pk = 'DM#ann#ben' AND sk > 'USER#'")
    damaged = filled.items()
    expected = NOTHING | {"pointers_put": 5, "names_copied": 2}
    assert repairs(filled, "--dry-run") == expected
    assert filled.items() == damaged
    assert repairs(filled) == expected
    assert filled.items() == before
    assert repairs(filled) == NOTHING


def test_another_size_of_buckets_is_followed(filled: Terminal) -> None:
    (filled.folder / "hourly.toml").write_text('bucket = "hour"\n')
    hourly = ("--config", str(filled.folder / "hourly.toml"))
    assert repairs(filled, *hourly) == NOTHING | {"pointers_put": 5, "pointers_removed": 5}
    pointers = [item["sk"] for item in filled.items() if item["type"] == "InboxPointer"]
    assert {len(sk.split("#")[1]) for sk in pointers} == {len("2026-11-21T08")}
    assert repairs(filled, *hourly) == NOTHING


def test_what_would_be_done_is_told_to_people(filled: Terminal) -> None:
    harm(filled, "DELETE FROM items WHERE sk LIKE 'INBOX#%'")
    told = filled.ok("feed", "rebuild", "--dry-run")
    assert told.startswith("Nothing was written. A rebuild would make these changes:\n")
    assert "pointers put      5\n" in told
    result = filled.run("feed", "rebuild")
    assert "rebuilding …" in result.stderr
    assert "pointers put      5\n" in result.stdout


def test_what_cannot_be_read_is_named(filled: Terminal) -> None:
    newer = '{"type":"GroupUser","v":99}'
    harm(filled, "INSERT INTO items VALUES ('GROUP#x', 'USER#y', ?)", newer)
    result = filled.run("feed", "rebuild")
    assert result.exit_code == 1
    assert "1 item collections could not be read:" in result.stderr
    assert "GROUP#x" in result.stderr


def test_the_status_says_where_the_feed_is(filled: Terminal) -> None:
    status = filled.json("feed", "status")
    assert status["last_change"] == status["checkpoint"]["position"] > 0
    assert (status["lag"], status["set_aside"]) == (0, [])
    told = filled.ok("feed", "status")
    assert f"last change  {status['last_change']:,}\n" in told
    assert "set aside    0\n" in told


def test_changes_that_were_set_aside_are_listed(filled: Terminal) -> None:
    for n in range(1, 31):
        set_aside(filled, n, f"UnknownItem('no {n}\x1b[2J')")
    listed = filled.json("feed", "status")["set_aside"]
    assert [one["change"] for one in listed] == [str(n) for n in range(1, 31)]
    assert listed[0]["error"] == "UnknownItem('no 1\x1b[2J')"
    told = filled.ok("feed", "status")
    assert "  1 at 2026-11-21 08:00: UnknownItem('no 1\ufffd[2J')\n" in told
    assert told.endswith("… and 10 more; --json lists all\n")


def test_what_was_set_aside_is_done_by_a_rebuild(filled: Terminal) -> None:
    set_aside(filled, 1, "UnknownItem('no 1')")
    filled.ok("feed", "rebuild", "--dry-run")
    assert len(filled.json("feed", "status")["set_aside"]) == 1
    filled.ok("feed", "rebuild")
    assert filled.json("feed", "status")["set_aside"] == []


def test_what_a_rebuild_cannot_read_stays_set_aside(filled: Terminal) -> None:
    set_aside(filled, 1, "UnknownItem('no 1')")
    harm(filled, "INSERT INTO items VALUES ('GROUP#x', 'USER#y', ?)", '{"type":"Odd","v":1}')
    assert filled.run("feed", "rebuild").exit_code == 1
    assert len(filled.json("feed", "status")["set_aside"]) == 1


def test_a_lag_counts_from_the_checkpoint(filled: Terminal) -> None:
    harm(filled, "DELETE FROM items WHERE pk = 'FEED#main'")
    status = filled.json("feed", "status")
    assert status["checkpoint"] is None
    assert status["lag"] == status["last_change"]
    assert "none yet" in filled.ok("feed", "status")


def test_a_store_that_is_not_there_is_not_made(terminal: Terminal) -> None:
    terminal.error("store_unusable", 1, "feed", "status")
    terminal.error("store_unusable", 1, "feed", "rebuild", "--dry-run")
    assert not terminal.store.exists()
