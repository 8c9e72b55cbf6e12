"""A row that cannot be taken is named with its reason, and the rest goes on."""

import json

import pytest

from tavola.core import limits
from tests.cli.terminal import Terminal
from tests.postgres.server import Postgres
from tests.postgres.syncing import add, bad, counts, handles, ran, sync, uuid

REST = {uuid(1): "first", uuid(99): "last"}


@pytest.mark.parametrize(
    ("column", "text", "code", "reason"),
    [
        ("handle", "x", "invalid", "handle: must be 2 to 32"),
        ("handle", "mira castellanos", "invalid", "handle: must be 2 to 32"),
        ("handle", "Owner", "handle_taken", "handle: Owner belongs to somebody else."),
        ("handle", "a" * 5_000_000, "invalid", "handle: must be 2 to 32"),
        ("handle", None, "invalid", "handle: is null"),
        ("display_name", None, "invalid", "display_name: is null"),
        ("display_name", " \u200b", "invalid", "display_name: must not be blank"),
        ("display_name", "x" * 201, "invalid", "display_name: must be at most 200 bytes"),
        ("display_name", "a\nb", "invalid", "display_name: must not hold control"),
        ("created_at", None, "invalid", "created_at: is null"),
        ("created_at", "infinity", "invalid", "created_at: must be"),
        ("created_at", "0044-03-15 BC", "invalid", "created_at: must be"),
        ("created_at", "12345-01-01", "invalid", "created_at: must be"),
        ("cognito_user_id", "sub-é", "invalid", "cognito_user_id: must be 1 to 255"),
        ("cognito_user_id", "sub-1", "identity_taken", "linked with the row"),
    ],
)
def test_a_value_that_cannot_be_taken(
    terminal: Terminal, table: Postgres, column: str, text: str | None, code: str, reason: str
) -> None:
    add(table, 1, "first")
    sync(terminal)
    add(table, 50, "bad")
    add(table, 99, "last")
    table.do(f"UPDATE users SET {column} = %s WHERE uuid = %s", text, uuid(50))
    for words in (("--dry-run",), ()):
        result = ran(terminal, *words)
        assert result.exit_code == 1
        report = json.loads(result.stdout)
        assert bad(report) == {uuid(50): code}
        assert reason in report["bad_rows"][0]["reason"]
        assert len(result.stdout) < 2_000
    assert handles(terminal) == REST


@pytest.mark.parametrize(
    ("key", "reason"),
    [(None, "is null"), ("", "1 to 255"), ("ü", "1 to 255"), ("a" * 256, "1 to 255")],
)
def test_a_uuid_that_is_none(
    terminal: Terminal, table: Postgres, key: str | None, reason: str
) -> None:
    table.do("ALTER TABLE users ALTER COLUMN uuid TYPE text")
    for n, handle in ((1, "first"), (99, "last")):
        add(table, n, handle)
    for handle in ("bad1", "bad2"):
        table.do(
            "INSERT INTO users (uuid, handle, display_name) VALUES (%s, %s, 'Bad')",
            None if key is None else key + handle * bool(key),
            handle,
        )
    report = sync(terminal)
    assert counts(report) == (2, 0, 0, 0, 2)
    assert all(row["reason"].startswith("uuid: ") for row in report["bad_rows"])
    assert handles(terminal) == REST


def test_rows_with_the_same_uuid_are_all_left_out(terminal: Terminal, table: Postgres) -> None:
    add(table, 1, "first")
    for handle in ("one", "two", "three"):
        add(table, 50, handle)
    add(table, 99, "last")
    report = sync(terminal)
    assert counts(report) == (2, 0, 0, 0, 3)
    assert {row["reason"] for row in report["bad_rows"]} == {"uuid: stands in 3 rows"}
    assert handles(terminal) == REST


def test_of_rows_with_the_same_handle_one_comes_in_and_keeps_it(
    terminal: Terminal, table: Postgres
) -> None:
    add(table, 1, "Mira")
    add(table, 2, "mira")
    dry = sync(terminal, "--dry-run")
    assert (counts(dry), len(bad(dry))) == ((1, 0, 0, 0, 1), 1)
    assert counts(sync(terminal)) == (1, 0, 0, 0, 1)
    here = handles(terminal)
    assert counts(sync(terminal)) == (0, 0, 0, 1, 1)
    assert handles(terminal) == here


def test_many_bad_rows_are_counted_and_some_are_told(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MIRROR_TOLD_MAX", 2)
    monkeypatch.setattr(limits, "MIRROR_WAITING_MAX", 1)
    for n in range(1, 5):
        add(table, n, "owner")
        add(table, 10 + n, None)
    report = sync(terminal)
    assert (counts(report), len(report["bad_rows"])) == ((0, 0, 0, 0, 8), 2)


def test_who_was_erased_here_does_not_come_back(terminal: Terminal, table: Postgres) -> None:
    add(table, 1, "mira")
    sync(terminal)
    terminal.ok("users", "erase", "@mira")
    report = sync(terminal)
    assert bad(report) == {uuid(1): "id_taken"}
    assert handles(terminal) == {}


def test_text_in_no_encoding_spoils_only_its_row(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "raw"
    table.do(f"DROP DATABASE IF EXISTS {name}")
    table.do(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0")
    table.do(
        """
        CREATE TABLE users (
            uuid text, handle text, display_name text, cognito_user_id text,
            created_at timestamp DEFAULT now()
        );
        INSERT INTO users VALUES ('1', 'first', 'First'), ('2', 'bad', E'caf\\xe9'),
            (E'3\\xff', 'worse', 'Worse'), ('4', 'last', E'caf\\xc3\\xa9')
        """,
        database=name,
    )
    monkeypatch.setenv("TAVOLA_POSTGRES_URL", table.url_of("tavola", name))
    report = sync(terminal)
    assert counts(report) == (2, 0, 0, 0, 2)
    assert bad(report) == {"2": "invalid", "3?": "invalid"}
    assert terminal.json("users", "show", "4")["display_name"] == "café"
