"""`tavola rules`: the file is checked, tried on somebody, and applied to all."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

KNOWN = "{display_name}, {handle}, {group}"
RULES = """
[[rule]]
name = "hikers"
when = ["user.created", "user.updated"]
if = '"hiking" in user.interests'
then = { join = "hikers" }
otherwise = { leave = "hikers" }

[[rule]]
name = "hello"
when = "user.joined"
group = "hikers"
then = { welcome = { from = "mira", message = "Hi {display_name}" } }
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rules that each command of the test has."""
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    monkeypatch.setenv("TAVOLA_RULES", str(path))
    return path


@pytest.fixture
def filled(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """People and a group from before there were rules."""
    with monkeypatch.context() as before:
        before.delenv("TAVOLA_RULES", raising=False)
        for handle, *interests in (["mira", "hiking"], ["ann", "hiking", "hiking"], ["ben"]):
            words = [word for one in interests for word in ("--interest", one)]
            terminal.ok("users", "add", handle, "--id", handle, "--no-password", *words)
        terminal.ok("groups", "add", "hikers", "--name", "Hikers")
    return terminal


def members(terminal: Terminal) -> list[str]:
    return [one["id"] for one in terminal.json("groups", "members", "hikers")["users"]]


def test_rules_that_are_right_are_counted(rules: Path, filled: Terminal) -> None:
    checked = filled.json("rules", "check")
    assert checked == {"file": str(rules), "rules": ["hikers", "hello"], "faults": []}
    assert filled.ok("rules", "check") == f"{rules}: 2 rules, nothing wrong.\n"


def test_what_is_wrong_is_told_with_file_and_line(rules: Path, terminal: Terminal) -> None:
    rules.write_text(RULES.replace("user.interests", "user.interest").replace("{dis", "{mis"))
    result = terminal.run("rules", "check", "--without-store")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{rules}:5: if: undeclared reference to 'user.interest'",
        f"{rules}:13: then: {{misplay_name}} is unknown in a message; known are {KNOWN}",
    ]
    faults = json.loads(terminal.run("rules", "check", "--json").stdout)["faults"]
    assert [one["where"] for one in faults] == [f"{rules}:5", f"{rules}:13"]


def test_what_rules_name_must_be_there(rules: Path, filled: Terminal) -> None:
    rules.write_text(RULES.replace('"hikers" }', '"hiker" }').replace('"mira"', '"nobody"'))
    result = filled.run("rules", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{rules}:2: hikers: there is no group hiker",
        f"{rules}:9: hello: there is no user nobody",
    ]
    assert filled.json("rules", "check", "--without-store")["faults"] == []


@pytest.mark.parametrize(
    "words", [("check",), ("test", "@ann"), ("run",), ("run", "--dry-run")], ids=" ".join
)
def test_without_a_file_there_is_nothing_to_do(terminal: Terminal, words: tuple[str]) -> None:
    assert "TAVOLA_RULES" in terminal.error("invalid", 2, "rules", *words)


def test_a_file_that_is_not_there_is_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAVOLA_RULES", "nowhere.toml")
    assert "nowhere.toml" in terminal.error("file_unusable", 1, "rules", "check")
    assert "nowhere.toml" in terminal.error("file_unusable", 1, "users", "add", "ann")


def test_nobody_writes_an_embedded_store_with_wrong_rules(rules: Path, filled: Terminal) -> None:
    rules.write_text(RULES.replace("user.interests", "user.interest"))
    told = filled.error("rules_invalid", 1, "users", "add", "cem", "--no-password")
    assert f"{rules}:5: if: undeclared" in told
    filled.ok("users", "list")


def test_somebody_is_tried_and_nothing_written(rules: Path, filled: Terminal) -> None:
    before = filled.items()
    ann, ben, joining = (
        filled.json("rules", "test", *words)["rules"]
        for words in (("@ann",), ("ben",), ("@ben", "--group", "hikers"))
    )
    assert ann == [
        {
            "rule": "hikers",
            "where": f"{rules}:2",
            "holds": True,
            "acted": False,
            "does": ["join hikers"],
            "leaves_out": [],
            "problem": None,
        }
    ]
    assert (ben[0]["holds"], ben[0]["does"]) == (False, [])
    assert [(one["rule"], one["does"]) for one in joining] == [("hello", ["welcome from mira"])]
    assert "holds" in filled.ok("rules", "test", "@ann")
    assert filled.items() == before
    filled.error("user_not_found", 1, "rules", "test", "@nobody")
    filled.error("not_found", 1, "rules", "test", "@ann", "--group", "nowhere")


def test_rules_are_applied_to_all_once(rules: Path, filled: Terminal) -> None:
    before = filled.items()
    dry = filled.json("rules", "run", "--dry-run")
    assert dry == {
        "dry_run": True,
        "users": 3,
        "rules": [{"rule": "hikers", "users": 2}],
        "troubles": [],
    }
    assert filled.items() == before
    assert filled.json("rules", "run")["rules"] == [{"rule": "hikers", "users": 2}]
    assert members(filled) == ["ann", "mira"]
    assert filled.ok("rules", "run").endswith("hikers acted about 0\n")
    said = [one["body"] for one in filled.items() if one["type"] == "Message"]
    assert said == ["Hi ann"]


def test_what_cannot_be_applied_is_counted_and_the_rest_goes_on(
    rules: Path, filled: Terminal
) -> None:
    missing = '[[rule]]\nname = "first"\nwhen = "user.created"\nthen = { join = "nowhere" }\n'
    rules.write_text(missing + RULES)
    result = filled.run("rules", "run")
    assert result.exit_code == 1
    assert "first: there is no group nowhere to join (3 users)" in result.stderr
    assert members(filled) == ["ann", "mira"]


def test_rules_act_on_what_is_done_in_the_terminal(rules: Path, filled: Terminal) -> None:
    filled.ok("users", "add", "eve", "--id", "eve", "--no-password", "--interest", "hiking")
    filled.ok("feed", "rebuild")
    assert members(filled) == ["eve"]
    filled.ok("users", "set", "@eve", "--interest", "chess")
    filled.ok("feed", "rebuild")
    assert members(filled) == []
