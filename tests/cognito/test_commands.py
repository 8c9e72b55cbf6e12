"""`tavola cognito`: everybody in a pool comes into the directory once, and nobody as another."""

from pathlib import Path
from typing import Any

import pytest

from tavola.core import limits
from tests.cli.terminal import Terminal
from tests.cognito.pools import CREDENTIALS, Pool


@pytest.fixture
def terminal(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose settings name the pool."""
    monkeypatch.setenv("TAVOLA_ISSUER", pool.issuer)
    monkeypatch.setenv("TAVOLA_COGNITO_ENDPOINT", pool.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # it has no say
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, text in CREDENTIALS.items():
        monkeypatch.setenv(name, text)
    made = Terminal(tmp_path)
    made.ok("users", "add", "owner", "--id", "app-1", "--no-password")
    return made


def sync(terminal: Terminal, *words: str) -> dict[str, Any]:
    report: dict[str, Any] = terminal.json("cognito", "sync", *words)
    return report


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """Created, linked, unchanged, unmatched."""
    found = [report[name] for name in ("created", "linked", "unchanged")]
    return found[0], found[1], found[2], len(report["unmatched"])


def handles(terminal: Terminal) -> list[str]:
    return sorted(user["handle"] for user in terminal.json("users", "list")["users"])


def test_everybody_is_made_once(terminal: Terminal, pool: Pool) -> None:
    pool.add("mira", preferred_username="Mira.C", name="Mira Castellanos")
    pool.add("owner")
    assert counts(sync(terminal, "--dry-run")) == (2, 0, 0, 0)
    assert handles(terminal) == ["owner"]
    assert counts(sync(terminal)) == (2, 0, 0, 0)
    assert handles(terminal) == ["Mira.C", "owner", "owner-2"]
    before = terminal.items()
    assert counts(sync(terminal)) == (0, 0, 2, 0)
    assert terminal.items() == before
    shown = terminal.json("users", "show", "@mira.c")
    assert shown["display_name"] == "Mira Castellanos"


def test_a_pool_of_several_pages_is_gone_through_to_its_end(terminal: Terminal, pool: Pool) -> None:
    for n in range(130):
        pool.call("AdminCreateUser", Username=f"user{n:03d}")
    assert counts(sync(terminal)) == (130, 0, 0, 0)
    assert len(handles(terminal)) == 131
    listed = terminal.json("cognito", "list-users")["users"]
    assert len({user["user_id"] for user in listed}) == 130
    assert len(terminal.json("cognito", "list-users", "--limit", "70")["users"]) == 70


def test_who_is_known_by_an_attribute_is_linked(terminal: Terminal, pool: Pool) -> None:
    subject = pool.add("mira", **{"custom:id": "app-1"})
    pool.add("ghost", **{"custom:id": "app-2"})
    pool.add("odd", **{"custom:id": "@owner"})
    pool.add("twin", **{"custom:id": "app-1"})
    pool.add("new")
    words = ("--match", "custom:id")
    for report in (sync(terminal, *words, "--dry-run"), sync(terminal, *words)):
        assert counts(report) == (1, 1, 0, 3)
        reasons = {one["username"]: one["reason"] for one in report["unmatched"]}
        assert reasons.keys() == {"ghost", "odd", "twin"}
        assert "no user here" in reasons["ghost"]
        assert "another subject" in reasons["twin"]
    assert counts(sync(terminal, *words)) == (0, 0, 2, 3)
    (linked,) = [
        user
        for user in terminal.json("cognito", "list-users")["users"]
        if user["user_id"] == "app-1"
    ]
    assert (linked["username"], linked["subject"]) == ("mira", subject)


def test_who_must_not_sign_in_is_left_out(terminal: Terminal, pool: Pool) -> None:
    pool.add("gone")
    pool.call("AdminDisableUser", Username="gone")
    pool.ask("SignUp", ClientId=pool.client, Username="unsure", Password="Correct-horse-7")
    report = sync(terminal)
    assert counts(report) == (0, 0, 0, 2)
    told = terminal.ok("cognito", "sync")
    assert "gone: is disabled" in told
    assert "unsure: has not confirmed" in told
    assert "gone" in terminal.ok("cognito", "list-users")


def test_what_goes_wrong_is_told(
    terminal: Terminal, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AWS_PAUSE_FIRST_S", 0.001)
    pool.call("DeleteUserPool")
    told = terminal.error("cognito_failed", 1, "cognito", "list-users")
    assert "ResourceNotFoundException" in told
    monkeypatch.setenv("TAVOLA_COGNITO_ENDPOINT", "http://127.0.0.1:1")
    terminal.error("cognito_failed", 1, "cognito", "sync")
    for issuer in ("https://id.example.com", ""):
        monkeypatch.setenv("TAVOLA_ISSUER", issuer)
        assert "issuer" in terminal.error("invalid", 2, "cognito", "sync")
