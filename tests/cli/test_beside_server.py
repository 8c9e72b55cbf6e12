"""The command line beside a running server: reading works, small writes go through it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.serving import COMMAND, Serving
from tests.cli.terminal import Terminal


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal in the folder of a running server."""
    folder = tmp_path_factory.mktemp("beside")
    terminal = Terminal(folder)
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    with Serving(folder) as serving:
        yield terminal
        assert serving.stop() == 0


def test_reading_works(beside: Terminal) -> None:
    assert beside.json("users", "show", "@ann")["id"] == "ann"
    assert len(beside.json("conversations", "list", "@ann")["conversations"]) == 1
    assert beside.json("conversations", "read", "dm:ann:ben")["head_seq"] == 2
    assert beside.ok("export", "-").count('"type":"Message"') == 2
    assert beside.ok("token", "@ann")


def test_small_writes_go_through_the_server(beside: Terminal) -> None:
    made = beside.json("users", "add", "zoe", "--password-stdin", stdin="a first secret")
    assert beside.json("users", "show", "@zoe") == made
    changed = beside.json("users", "set", "@zoe", "--name", "Zoë", "--location", "Bern")
    assert changed == made | {"display_name": "Zoë", "location": "Bern"}
    beside.ok("users", "password", "@zoe", "--password-stdin", stdin="a second secret")
    beside.error("handle_taken", 1, "users", "add", "zoe")
    beside.error("invalid", 2, "users", "add", "z o e")
    beside.error("invalid", 2, "users", "password", "@zoe", "--password-stdin", stdin="short")


def test_bulk_work_asks_to_stop_it(beside: Terminal, tmp_path: Path) -> None:
    told = beside.error("store_in_use", 1, "seed", "-", stdin="Ann: a\nBen: b\n")
    assert "Stop it first" in told
    (tmp_path / "empty.jsonl").touch()
    beside.error("store_in_use", 1, "import", "jsonl", tmp_path / "empty.jsonl")
    assert "Stop it first" in beside.error("store_in_use", 1, "feed", "rebuild")


def test_the_feed_is_looked_at_beside_it(beside: Terminal) -> None:
    status = beside.json("feed", "status")
    assert status["last_change"] > 0
    assert status["set_aside"] == []
    assert beside.json("feed", "rebuild", "--dry-run")["conversations"] == 1


def test_another_secret_is_told(beside: Terminal) -> None:
    environment = os.environ | {
        "TAVOLA_STORE": f"sqlite:///{beside.store}",
        "TAVOLA_TOKEN_SECRET": "quite another secret, which is as long",
    }
    done = subprocess.run(
        [*COMMAND, "users", "add", "eve"],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 1
    assert "TAVOLA_TOKEN_SECRET" in done.stderr
