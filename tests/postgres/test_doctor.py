"""`tavola doctor --postgres`: handles that differ between the rows and the users are named."""

import json
from typing import Any

from tests.cli.terminal import Terminal
from tests.postgres.server import Postgres
from tests.postgres.syncing import add, handles, sync, uuid


def told(report: Any) -> list[str]:
    """What is found in the section of the rows; the table's finds nothing."""
    table, rows = report["sections"]
    assert (table["name"], rows["name"]) == ("table", "postgres")
    assert not any(check["count"] for check in table["checks"])
    (check,) = rows["checks"]
    assert check["code"] == "handle_differs"
    return [finding["detail"] for finding in check["findings"]]


def test_people_with_the_handle_of_their_row_are_right(terminal: Terminal, table: Postgres) -> None:
    add(table, 1, "mira")
    add(table, 2, "Ali")
    sync(terminal)
    terminal.ok("users", "set", "@ali", "--handle", "ALI")
    assert told(terminal.json("doctor", "--postgres")) == []


def test_rows_of_nobody_here_are_counted(terminal: Terminal, table: Postgres) -> None:
    add(table, 1, "late")
    add(table, 2, None)
    table.do("INSERT INTO users (handle) VALUES ('nobody')")
    report = terminal.json("doctor", "--postgres", table.url)
    assert told(report) == []
    (note,) = (note for note in report["notes"] if note["code"] == "strangers")
    assert note["text"] == "1 people in postgres are nobody here yet: they come with the next sync."


def test_people_with_another_handle_are_named(terminal: Terminal, table: Postgres) -> None:
    for n, handle in enumerate(("mira", "bob", "cleo", "dan")):
        add(table, n, handle)
    sync(terminal)
    terminal.ok("users", "set", "@mira", "--handle", "mirabel")
    table.do("UPDATE users SET handle = 'robert' WHERE handle = 'bob'")
    table.do("UPDATE users SET handle = 'Not possible' WHERE handle = 'cleo'")
    table.do("UPDATE users SET handle = NULL WHERE handle = 'dan'")
    before = handles(terminal)
    result = terminal.run("doctor", "--postgres", "--fix", "--json")
    assert result.exit_code == 1
    assert told(json.loads(result.stdout)) == [
        f"{uuid(0)} is @mira in postgres, and {uuid(0)}, @mirabel, here",
        f"{uuid(1)} is @robert in postgres, and {uuid(1)}, @bob, here",
        f"{uuid(2)} is @Not possible in postgres, and {uuid(2)}, @cleo, here",
    ]
    assert handles(terminal) == before


def test_a_table_that_cannot_be_read_is_told(terminal: Terminal, table: Postgres) -> None:
    table.do("ALTER TABLE users DROP COLUMN handle")
    result = terminal.run("doctor", "--postgres")
    assert result.exit_code == 1
    assert "[postgres_column_missing]" in result.stderr
    refused = terminal.run("doctor", "--postgres", "mysql://db.example/app")
    assert (refused.exit_code, "[invalid]" in refused.stderr) == (2, True)
