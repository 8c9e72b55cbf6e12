"""What there is of a person on a table: exported, and erased without a trace."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.engine.dynoxide import ENVIRONMENT, Engine

TALK = "Ann: a secret\nBen: hello\nAnn: more secrets\n"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes any."""
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)


def test_a_person_is_exported_and_erased(tmp_path: Path, engine: Engine) -> None:
    terminal = Terminal(tmp_path)
    terminal.ok("seed", "-", stdin=TALK)
    store = engine.store_url(engine.new_table())
    terminal.ok("copy", "--from", f"sqlite:///{terminal.store}", "--to", store)
    exported = terminal.ok("--store", store, "users", "export", "@ann", "-")
    assert exported == terminal.ok("users", "export", "@ann", "-")
    assert exported.count("secret") == 2

    told = terminal.run("--store", store, "users", "erase", "@ann", "--json")
    assert json.loads(told.stdout) == {"id": "ann", "left": []}
    left = terminal.ok("--store", store, "export", "-")
    assert "secret" not in left
    assert left.count('"body":"hello"') == 1
    read = terminal.ok("--store", store, "conversations", "list", "@ben")
    assert "deleted user" in read
