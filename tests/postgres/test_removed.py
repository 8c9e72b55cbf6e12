"""Whose row is gone is told, erased when that was confirmed, and nobody else ever is."""

import json
from pathlib import Path

import pytest

from tavola.core import limits
from tests.api.serving import environment
from tests.cli.terminal import Terminal, typed
from tests.postgres.server import Postgres
from tests.postgres.syncing import add, add_many, counts, handles, links, ran, sync, uuid

ERASE = ("--erase-removed", "--erase-max", "3")


@pytest.fixture
def mirrored(terminal: Terminal, table: Postgres) -> Terminal:
    """Ten users from the table, and others who are from elsewhere."""
    add_many(table, range(10))
    sync(terminal)
    terminal.ok("users", "add", "stranger", "--id", uuid(77), "--no-password")
    return terminal


def gone(table: Postgres, *numbers: int) -> None:
    table.do("DELETE FROM users WHERE uuid = ANY(%s::uuid[])", [uuid(n) for n in numbers])


def test_who_is_gone_is_told_and_stays(mirrored: Terminal, table: Postgres) -> None:
    gone(table, 3, 4)
    for words in ((), ("--dry-run",), ("--dry-run", *ERASE)):
        result = ran(mirrored, *words)
        assert result.exit_code == 0
        report = json.loads(result.stdout)
        assert [(one["id"], one["uuid"]) for one in report["removed"]] == [
            (uuid(3), uuid(3)),
            (uuid(4), uuid(4)),
        ]
        assert report["erased"] == 0
    told = mirrored.ok("postgres", "sync")
    assert f"2 users are gone from Postgres:\n  {uuid(3)}\n  {uuid(4)}\n" in told
    assert len(handles(mirrored)) == 11


def test_who_is_gone_is_erased_and_nobody_else(mirrored: Terminal, table: Postgres) -> None:
    before = handles(mirrored)
    gone(table, 3, 4)
    report = sync(mirrored, *ERASE)
    assert (counts(report), report["erased"]) == ((0, 0, 0, 8, 0), 2)
    assert handles(mirrored) == {
        user_id: handle for user_id, handle in before.items() if user_id not in (uuid(3), uuid(4))
    }
    assert not {user_id for _, _, user_id in links(mirrored)} & {uuid(3), uuid(4)}
    again = sync(mirrored, *ERASE)
    assert (again["removed"], again["erased"]) == ([], 0)


def test_more_than_fit_into_a_report_are_erased_by_the_next_run(
    mirrored: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MIRROR_TOLD_MAX", 2)
    gone(table, 3, 4, 5)
    assert sync(mirrored, *ERASE)["erased"] == 2
    assert sync(mirrored, *ERASE)["erased"] == 1
    assert sync(mirrored, *ERASE)["removed"] == []


def test_a_bad_row_is_no_missing_one(mirrored: Terminal, table: Postgres) -> None:
    table.do("UPDATE users SET handle = NULL WHERE uuid = %s", uuid(3))
    report = sync(mirrored, *ERASE)
    assert (counts(report), report["removed"]) == ((0, 0, 0, 9, 1), [])


@pytest.mark.parametrize(
    ("left", "words", "hint"),
    [
        (8, ("--erase-removed",), "say --erase-max 2"),
        (5, ERASE, "say --erase-max 5"),
        (0, ("--erase-removed", "--erase-max", "1000"), "run this in a terminal"),
        (4, ("--erase-removed", "--erase-max", "1000"), "run this in a terminal"),
    ],
)
def test_without_being_confirmed_nobody_is_erased(
    mirrored: Terminal, table: Postgres, left: int, words: tuple[str, ...], hint: str
) -> None:
    before = handles(mirrored)
    gone(table, *range(left, 10))
    told = mirrored.error("not_confirmed", 2, "postgres", "sync", *words)
    assert f"{10 - left} users are gone from Postgres, {left} are left" in told
    assert hint in told
    report = sync(mirrored, *words)
    assert (len(report["removed"]), report["erased"]) == (10 - left, 0)
    assert handles(mirrored) == before


def test_another_table_erases_nobody_of_the_first(
    mirrored: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(table, *range(10))
    monkeypatch.setenv("TAVOLA_POSTGRES_ISSUER", "second")
    add(table, 50, "fifty")
    report = sync(mirrored, *ERASE)
    assert (counts(report), report["removed"]) == ((1, 0, 0, 0, 0), [])


def test_who_comes_back_while_it_runs_is_not_erased(
    mirrored: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may have made them: the rows that this one has read are older."""
    from tavola.flows import mirroring

    gone(table, 3)
    listed = mirroring.list_user_ids

    def put_back(start: str | None) -> object:
        table.do("DELETE FROM users WHERE uuid = %s", uuid(3))
        add(table, 3, "user00003")
        return listed(start)

    monkeypatch.setattr(mirroring, "list_user_ids", put_back)
    report = sync(mirrored, *ERASE)
    assert (report["removed"], report["erased"]) == ([], 0)


@pytest.mark.parametrize(("answer", "erased"), [("10\n", True), ("9\n", False), ("\n", False)])
def test_in_a_terminal_the_number_is_asked_for(
    tmp_path: Path, table: Postgres, answer: str, *, erased: bool
) -> None:
    terminal = Terminal(tmp_path)
    add_many(table, range(10))
    terminal.ok("postgres", "sync", table.url)
    gone(table, *range(10))
    (tmp_path / "tavola.toml").write_text(f'postgres_url = "{table.url}"\n')
    assert "TAVOLA_STORE" not in environment(tmp_path)
    code, shown = typed(tmp_path, answer, "postgres", "sync", "--erase-removed")
    assert "10 users are gone from Postgres, 0 are left." in shown
    assert (code, "10 users erased." in shown) == ((0, True) if erased else (2, False))
    assert len(handles(terminal)) == (0 if erased else 10)
