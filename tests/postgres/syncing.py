"""Rows, and what a sync says of them."""

import json
from typing import Any

from click.testing import Result

from tavola.core import table
from tavola.core.entities import Identity
from tests.cli.terminal import Terminal
from tests.postgres.server import Postgres

COUNTS = ("created", "linked", "updated", "unchanged", "failed")
_INSERT = "INSERT INTO users (uuid, handle, display_name, cognito_user_id) VALUES (%s, %s, %s, %s)"


def uuid(n: int) -> str:
    """The uuid of a row."""
    return f"00000000-0000-4000-8000-{n:012x}"


def add(server: Postgres, n: int, handle: str | None, name: str | None = None) -> str:
    """Put a row into the table; its uuid. Who somebody is at Cognito is `sub-N`."""
    server.do(_INSERT, uuid(n), handle, handle if name is None else name, f"sub-{n}")
    return uuid(n)


def add_many(server: Postgres, numbers: range) -> None:
    """Put many rows into the table."""
    server.fill(_INSERT, [(uuid(n), f"user{n:05d}", f"User {n}", f"sub-{n}") for n in numbers])


def sync(terminal: Terminal, *words: str) -> dict[str, Any]:
    """The report of a sync, whatever it ends with."""
    result = ran(terminal, *words)
    assert result.stdout, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def ran(terminal: Terminal, *words: str) -> Result:
    """A sync that has run."""
    return terminal.run("postgres", "sync", "--json", *words)


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    """Created, linked, updated, unchanged, failed."""
    return tuple(report[name] for name in COUNTS)


def bad(report: dict[str, Any]) -> dict[str | None, str]:
    """The code of each bad row by its uuid."""
    return {row["uuid"]: row["code"] for row in report["bad_rows"]}


def handles(terminal: Terminal) -> dict[str, str]:
    """Everybody's handle by their id, without the owner's."""
    users = terminal.json("users", "list")["users"]
    return {user["id"]: user["handle"] for user in users if user["id"] != "app-1"}


def links(terminal: Terminal) -> set[tuple[str, str, str]]:
    """All identities: issuer, subject, user."""
    return {
        (one.issuer, one.subject, one.user_id)
        for one in map(table.decode, terminal.items())
        if isinstance(one, Identity)
    }
