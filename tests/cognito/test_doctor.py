"""`tavola doctor --cognito`: handles that differ between the pool and the table are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.cognito.pools import CREDENTIALS, Pool


@pytest.fixture
def terminal(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose settings name the pool."""
    monkeypatch.setenv("TAVOLA_ISSUER", pool.issuer)
    monkeypatch.setenv("TAVOLA_COGNITO_ENDPOINT", pool.url)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, text in CREDENTIALS.items():
        monkeypatch.setenv(name, text)
    made = Terminal(tmp_path)
    made.ok("users", "add", "owner", "--no-password")
    return made


def told(report: Any) -> list[str]:
    """What is found in the pool's section; the table's finds nothing."""
    table, pool = report["sections"]
    assert (table["name"], pool["name"]) == ("table", "cognito")
    assert not any(check["count"] for check in table["checks"])
    (check,) = pool["checks"]
    assert check["code"] == "handle_differs"
    return [finding["detail"] for finding in check["findings"]]


def test_people_with_the_same_handle_are_right(terminal: Terminal, pool: Pool) -> None:
    pool.add("mira", preferred_username="Mira.C")
    pool.add("zoe", preferred_username="Zoë")
    terminal.ok("cognito", "sync")
    pool.add("late", preferred_username="late")
    report = terminal.json("doctor", "--cognito")
    assert told(report) == []
    assert [note["code"] for note in report["notes"]] == ["strangers"]
    assert "1 people in cognito are nobody here yet" in report["notes"][0]["text"]


def test_people_with_another_handle_are_named(terminal: Terminal, pool: Pool) -> None:
    subject = pool.add("mira", preferred_username="mira")
    taken = pool.add("owner")
    terminal.ok("cognito", "sync")
    terminal.ok("users", "set", "@mira", "--handle", "mirabel")
    user_id = terminal.json("users", "show", "@mirabel")["id"]
    result = terminal.run("doctor", "--cognito", "--json")
    assert result.exit_code == 1
    first, second = sorted(told(json.loads(result.stdout)), key=lambda text: "owner" in text)
    assert first == f"{subject} is @mira in cognito, and {user_id}, @mirabel, here"
    assert second.startswith(f"{taken} is @owner in cognito")
    assert "@owner-2, here" in second
    assert terminal.ok("doctor").endswith("Everything is right.\n")
    fixed = terminal.run("doctor", "--cognito", "--fix")
    assert "[handle_differs]" in fixed.stdout
    assert terminal.json("users", "show", "@mirabel")["handle"] == "mirabel"
    terminal.ok("users", "set", "@mirabel", "--handle", "MIRA")
    result = terminal.run("doctor", "--cognito", "--json")
    assert told(json.loads(result.stdout)) == [second]
