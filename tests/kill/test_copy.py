"""`tavola copy` killed at any moment: repeated, it goes on, and in the end both are the same."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.serving import COMMAND, environment, wait_until
from tests.cli.terminal import Terminal
from tests.engine.dynoxide import ENVIRONMENT, Engine, running_engine

MESSAGES = 1_500
RATE = "400"  # items a second: it takes seconds, and its place is kept each second


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for these tests."""
    with running_engine() as engine:
        yield engine


@pytest.fixture
def source(tmp_path: Path) -> Terminal:
    """A long conversation of two."""
    terminal = Terminal(tmp_path)
    script = "".join(f"{('Ann', 'Ben')[n % 2]}: message {n}\n" for n in range(MESSAGES))
    terminal.ok("seed", "-", stdin=script)
    return terminal


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes any."""
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dynamodb", "sqlite"])
def test_a_copy_that_was_killed_is_finished_by_repeating_it(
    engine: Engine, source: Terminal, tmp_path: Path, kind: str
) -> None:
    file = f"sqlite:///{tmp_path}/copy.db"
    target = engine.store_url(engine.new_table()) if kind == "dynamodb" else file
    words = ["copy", "--from", f"sqlite:///{source.store}", "--to", target]
    kept = 0
    for _ in range(2):
        kept = killed(source, words, target, kept)
        new = ("users", "add", "eve", "--no-password", "--store", target)
        assert "not yet filled" in source.error("store_unusable", 1, *new)
    done = source.json(*words, "--verify")
    assert done["verified"]["identical"] is True
    assert done["copied"]["items"] == done["verified"]["items"] > MESSAGES
    assert 0 < done["copied"]["copied"] <= done["copied"]["items"] - kept


def killed(source: Terminal, words: list[str], target: str, before: int) -> int:
    """Run a copy and kill it when it has come further; how far that is."""
    process = subprocess.Popen(
        [*COMMAND, *words, "--rate", RATE],
        cwd=source.folder,
        env=environment(source.folder) | ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: place(source, target) > before)
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return place(source, target)


def place(source: Terminal, target: str) -> int:
    """How many items are acknowledged."""
    scan = source.run("table", "scan", "--type", "FeedState", "--json", "--store", target)
    if scan.exit_code:
        return 0  # the file is not there yet
    items = json.loads(scan.stdout)["items"]
    return max((item["position"] for item in items if item["pk"] == "FEED#copy"), default=0)
