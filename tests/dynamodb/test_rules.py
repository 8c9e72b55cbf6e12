"""Rules on a table: the worker applies them, and `rules run` those to whom nobody did."""

from pathlib import Path

import pytest

from tests.api.serving import serve_to_the_end, wait_until
from tests.cli.terminal import Terminal
from tests.dynamodb.test_worker import Working
from tests.engine.dynoxide import Engine

pytestmark = pytest.mark.usefixtures("of_nobody")

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
def store(engine: Engine) -> str:
    """A new table's address."""
    return engine.store_url(engine.new_table())


@pytest.fixture
def terminal(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Mira, and a group of hikers, without rules."""
    monkeypatch.delenv("TAVOLA_RULES", raising=False)
    terminal = Terminal(tmp_path)
    terminal.ok("users", "add", "mira", "--id", "mira", "--no-password", "--store", store)
    terminal.ok("groups", "add", "hikers", "--store", store)
    (tmp_path / "rules.toml").write_text(RULES)
    return terminal


def add(terminal: Terminal, store: str, handle: str) -> None:
    words = ("--id", handle, "--no-password", "--interest", "hiking")
    terminal.ok("users", "add", handle, *words, "--store", store)


def members(terminal: Terminal, store: str) -> list[str]:
    found = terminal.json("groups", "members", "hikers", "--store", store)["users"]
    return [one["id"] for one in found]


def said(terminal: Terminal, store: str, handle: str) -> list[str]:
    words = ("conversations", "list", f"@{handle}", "--store", store)
    return [row["head"]["body"] for row in terminal.json(*words)["conversations"]]


def test_the_worker_applies_rules(terminal: Terminal, tmp_path: Path, store: str) -> None:
    rules = {"TAVOLA_RULES": str(tmp_path / "rules.toml")}
    with Working(tmp_path, store, variables=rules) as worker:
        worker.wait_for_work()
        add(terminal, store, "ann")
        wait_until(lambda: members(terminal, store) == ["ann"])
        wait_until(lambda: said(terminal, store, "ann") == ["Hi ann"])
        terminal.ok("users", "set", "@ann", "--interest", "chess", "--store", store)
        wait_until(lambda: members(terminal, store) == [])
        assert worker.stop() == 0


def test_rules_are_applied_to_all_of_a_table(
    terminal: Terminal, tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for handle in ("ann", "ben"):
        add(terminal, store, handle)
    monkeypatch.setenv("TAVOLA_RULES", str(tmp_path / "rules.toml"))
    words = ("rules", "run", "--store", store)
    assert terminal.json(*words)["rules"] == [{"rule": "hikers", "users": 2}]
    assert members(terminal, store) == ["ann", "ben"]
    assert said(terminal, store, "ben") == ["Hi ben"]
    assert terminal.json(*words)["rules"] == [{"rule": "hikers", "users": 0}]


@pytest.mark.parametrize("command", [("worker",), ("serve", "--with-worker"), ("serve",)])
def test_nothing_starts_with_rules_that_are_wrong(
    tmp_path: Path, store: str, command: tuple[str, ...]
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES.replace("user.interests", "user.interest"))
    code, told = serve_to_the_end(tmp_path, *command, store=store, rules=str(rules))
    assert code == 1
    assert f"{rules}:5: if: undeclared reference to 'user.interest' [rules_invalid]" in told
