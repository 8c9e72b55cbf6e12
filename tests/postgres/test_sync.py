"""`tavola postgres sync`: the users are as their rows are, and a repeat writes nothing."""

import subprocess
from pathlib import Path

import pytest

from tavola.core import limits
from tests.api.serving import COMMAND, environment, wait_until
from tests.cli.terminal import Terminal
from tests.postgres.conftest import ISSUER
from tests.postgres.server import Postgres
from tests.postgres.syncing import (
    add,
    add_many,
    counts,
    handles,
    links,
    sync,
    uuid,
)


def syncing(folder: Path, terminal: Terminal, table: Postgres) -> "subprocess.Popen[str]":
    """A sync in a process of its own."""
    return subprocess.Popen(
        [*COMMAND, "postgres", "sync", "--json"],
        cwd=folder,
        env=environment(folder, store=terminal.url, postgres_url=table.url, issuer=ISSUER),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_rows_become_users_once(terminal: Terminal, table: Postgres) -> None:
    mira, theo = add(table, 1, "Mira", "Mira Castellanos"), add(table, 2, "theo")
    assert counts(sync(terminal, "--dry-run")) == (2, 0, 0, 0, 0)
    assert handles(terminal) == {}
    assert counts(sync(terminal)) == (2, 0, 0, 0, 0)
    shown = terminal.json("users", "show", "@mira")
    assert (shown["id"], shown["display_name"]) == (mira, "Mira Castellanos")
    assert shown["created_at"] == "2020-02-29T12:30:00.123Z"
    assert links(terminal) == {
        (issuer, subject, user_id)
        for user_id, cognito in ((mira, "sub-1"), (theo, "sub-2"))
        for issuer, subject in (("postgres", user_id), (ISSUER, cognito))
    }
    before = terminal.items()
    assert counts(sync(terminal)) == (0, 0, 0, 2, 0)
    assert terminal.items() == before


def test_only_what_has_changed_is_written(terminal: Terminal, table: Postgres) -> None:
    add_many(table, range(1, 30))
    sync(terminal)
    before = {(item["pk"], item["sk"]): item for item in terminal.items()}
    table.do("UPDATE users SET handle = 'other', display_name = 'Other' WHERE uuid = %s", uuid(7))
    table.do("UPDATE users SET email = 'new@example.com', created_at = now()")
    assert counts(sync(terminal, "--dry-run")) == (0, 0, 1, 28, 0)
    assert counts(sync(terminal)) == (0, 0, 1, 28, 0)
    after = {(item["pk"], item["sk"]): item for item in terminal.items()}
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed == {
        (f"USER#{uuid(7)}", "A"),
        ("HANDLE#us", "user00007"),
        ("HANDLE#ot", "other"),
        ("USERS", f"user 7#{uuid(7)}"),
        ("USERS", f"other#{uuid(7)}"),
    }


def test_what_people_change_of_their_names_here_is_changed_back(
    terminal: Terminal, table: Postgres
) -> None:
    mira = add(table, 1, "mira")
    sync(terminal)
    terminal.ok("users", "set", "@mira", "--handle", "boss", "--name", "B", "--location", "Rome")
    assert counts(sync(terminal)) == (0, 0, 1, 0, 0)
    shown = terminal.json("users", "show", mira)
    assert (shown["handle"], shown["display_name"], shown["location"]) == ("mira", "mira", "Rome")


def test_more_rows_than_a_page_come_in_and_are_told_apart(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MIRROR_PAGE", 10)
    add_many(table, range(25))
    assert counts(sync(terminal)) == (25, 0, 0, 0, 0)
    table.do("UPDATE users SET handle = handle || 'x' WHERE uuid >= %s", uuid(20))
    assert counts(sync(terminal)) == (0, 0, 5, 20, 0)


def test_handles_that_move_on_or_change_places_are_followed(
    terminal: Terminal, table: Postgres
) -> None:
    for n, handle in enumerate(("ann", "bob", "cleo", "dan", "eve"), 1):
        add(table, n, handle)
    sync(terminal)
    # 1 -> 2 -> 3 -> 1 is a circle; 4 takes what 5 gives up.
    for n, handle in ((1, "bob"), (2, "cleo"), (3, "ann"), (4, "eve"), (5, "fay")):
        table.do("UPDATE users SET handle = %s WHERE uuid = %s", handle, uuid(n))
    assert counts(sync(terminal, "--dry-run")) == (0, 0, 5, 0, 0)
    assert counts(sync(terminal)) == (0, 0, 5, 0, 0)
    assert [handles(terminal)[uuid(n)] for n in range(1, 6)] == [
        *("bob", "cleo", "ann", "eve", "fay")
    ]
    assert counts(sync(terminal)) == (0, 0, 0, 5, 0)


def test_somebody_else_at_cognito_is_no_longer_the_one_before(
    terminal: Terminal, table: Postgres
) -> None:
    mira = add(table, 1, "mira")
    sync(terminal)
    table.do("UPDATE users SET cognito_user_id = 'sub-new'")
    assert counts(sync(terminal)) == (0, 0, 1, 0, 0)
    assert links(terminal) == {("postgres", mira, mira), (ISSUER, "sub-new", mira)}
    table.do("UPDATE users SET cognito_user_id = NULL")
    assert counts(sync(terminal)) == (0, 0, 0, 1, 0)


def test_who_is_here_already_is_linked(terminal: Terminal, table: Postgres) -> None:
    terminal.ok("users", "add", "old", "--id", uuid(1), "--no-password")
    add(table, 1, "new")
    assert counts(sync(terminal, "--dry-run")) == (0, 1, 0, 0, 0)
    assert counts(sync(terminal)) == (0, 1, 0, 0, 0)
    assert handles(terminal) == {uuid(1): "new"}
    assert counts(sync(terminal)) == (0, 0, 0, 1, 0)


def test_without_an_issuer_nobody_is_linked_with_one(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAVOLA_ISSUER")
    mira = add(table, 1, "mira")
    table.do("ALTER TABLE users DROP COLUMN cognito_user_id")
    assert counts(sync(terminal)) == (1, 0, 0, 0, 0)
    assert links(terminal) == {("postgres", mira, mira)}


def test_table_and_columns_are_called_as_the_settings_say(
    terminal: Terminal, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.do(
        """
        DROP SCHEMA IF EXISTS "odd ""schema" CASCADE;
        CREATE SCHEMA "odd ""schema";
        CREATE TABLE "odd ""schema"."all; people" (
            "Id" bigint, "user" varchar(40), "full%name" char(20), "when" timestamptz, "su'b" text
        );
        INSERT INTO "odd ""schema"."all; people"
        VALUES (4711, 'mira', 'Mira C.', '2020-01-01 00:30:00+02', 'abc')
        """
    )
    named = {
        "TABLE": 'odd "schema.all; people',
        "UUID_COLUMN": "Id",
        "HANDLE_COLUMN": "user",
        "DISPLAY_NAME_COLUMN": "full%name",
        "CREATED_AT_COLUMN": "when",
        "COGNITO_USER_ID_COLUMN": "su'b",
        "ISSUER": "people",
    }
    for name, text in named.items():
        monkeypatch.setenv(f"TAVOLA_POSTGRES_{name}", text)
    assert counts(sync(terminal)) == (1, 0, 0, 0, 0)
    shown = terminal.json("users", "show", "4711")
    assert (shown["handle"], shown["display_name"]) == ("mira", "Mira C.")
    assert shown["created_at"] == "2019-12-31T22:30:00.000Z"
    assert links(terminal) == {("people", "4711", "4711"), (ISSUER, "abc", "4711")}


def test_a_key_that_cannot_be_an_id_here_is_only_linked(
    terminal: Terminal, table: Postgres
) -> None:
    table.do("ALTER TABLE users ALTER COLUMN uuid TYPE text")
    table.do("INSERT INTO users (uuid, handle, display_name) VALUES ('auth0|7', 'mira', 'Mira')")
    assert counts(sync(terminal)) == (1, 0, 0, 0, 0)
    (user_id,) = handles(terminal)
    assert links(terminal) == {("postgres", "auth0|7", user_id)}
    table.do("UPDATE users SET handle = 'mira2'")
    assert counts(sync(terminal)) == (0, 0, 1, 0, 0)
    assert handles(terminal) == {user_id: "mira2"}
    assert sync(terminal)["removed"] == []


def test_two_at_once_make_everybody_once(
    tmp_path: Path, terminal: Terminal, table: Postgres
) -> None:
    add_many(table, range(40))
    runs = [syncing(tmp_path, terminal, table) for _ in range(2)]
    told = [process.communicate(timeout=60) for process in runs]
    for process, (output, errors) in zip(runs, told, strict=True):
        assert process.returncode == 0 or errors.endswith("[store_in_use]\n"), output
    assert len(handles(terminal)) == 40
    assert counts(sync(terminal)) == (0, 0, 0, 40, 0)


def test_who_is_killed_on_the_way_is_finished_by_a_repeat(
    tmp_path: Path, terminal: Terminal, table: Postgres
) -> None:
    rows = 200 if terminal.url.startswith("dynamodb") else 2000  # as many as take a while there
    add_many(table, range(rows))
    process = syncing(tmp_path, terminal, table)
    wait_until(lambda: len(handles(terminal)) > 0)
    process.kill()
    process.communicate()
    before = len(handles(terminal))
    assert 0 < before < rows
    report = sync(terminal)
    assert counts(report) == (rows - before, 0, 0, before, 0)
    assert len(links(terminal)) == 2 * rows


def test_people_are_told_what_was_done(terminal: Terminal, table: Postgres) -> None:
    add(table, 1, "mira")
    add(table, 2, "a handle\x1b[31m")
    told = terminal.run("postgres", "sync", table.url)
    assert told.exit_code == 1
    assert "2 rows: 1 users made, 0 linked, 0 changed, 0 are as they should be." in told.stdout
    assert f"  {uuid(2)}: handle: must be 2 to 32 letters" in told.stdout
    assert "\x1b" not in told.stdout
