"""An import that was interrupted is finished by repeating it."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tavola.core.errors import StoreFull
from tavola.stores.sqlite import SQLiteStore
from tests.api.serving import COMMAND, SECRET
from tests.cli.terminal import Terminal
from tests.importers.slack_zip import FILES, build

TALKS = 40
ENTRIES = 250  # more than one transaction each


def big() -> dict[str, Any]:
    """An export with many conversations."""
    users = [{"id": f"U{n}", "name": f"user{n}"} for n in range(TALKS + 1)]
    dms = [{"id": f"D{n}", "members": ["U0", f"U{n}"]} for n in range(1, TALKS + 1)]
    logs = {
        f"D{n}/2018-01-01.json": [
            {"user": f"U{n}", "ts": f"{1514800000 + i}.{n:06d}", "text": f"entry {i}"}
            for i in range(ENTRIES)
        ]
        for n in range(1, TALKS + 1)
    }
    return {**FILES, "users.json": users, "dms.json": dms, **logs}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The big export's zip."""
    return build(tmp_path_factory.mktemp("export") / "big.zip", big())


@pytest.fixture(scope="module")
def whole(export: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The items of an import that nothing interrupted."""
    terminal = Terminal(tmp_path_factory.mktemp("whole"))
    terminal.ok("import", "slack", export)
    return timeless(terminal.items())


def timeless(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items without the times at which they were imported."""
    for item in items:
        if item["type"] in ("User", "UserGroup", "GroupUser", "Group"):
            item.pop("created_at", None)
            item.pop("joined_at", None)
    return items


@pytest.mark.parametrize("writes", [3, 30, 60, 90, 150, 200])
def test_a_failing_disk_leaves_whole_parts_and_a_repeat_finishes(
    terminal: Terminal,
    export: Path,
    whole: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
) -> None:
    left = iter(range(writes))
    submit = SQLiteStore._submit

    def failing(store: SQLiteStore, job: Any) -> asyncio.Future[Any]:
        if next(left, None) is None:
            raise StoreFull
        return submit(store, job)

    with monkeypatch.context() as patch:
        patch.setattr(SQLiteStore, "_submit", failing)
        terminal.error("store_full", 1, "import", "slack", export)
    check_logs(terminal)
    terminal.ok("import", "slack", export)
    assert timeless(terminal.items()) == whole


def check_logs(terminal: Terminal) -> None:
    """Every log is 1..n."""
    logs: dict[str, list[int]] = {}
    for item in terminal.items():
        if item["type"] == "Message":
            logs.setdefault(item["pk"], []).append(int(item["sk"]))
    assert all(log == list(range(1, len(log) + 1)) for log in logs.values())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
@pytest.mark.parametrize("after_bytes", [1, 200_000, 1_000_000])
def test_a_process_that_was_ended_leaves_nothing_half(
    terminal: Terminal,
    export: Path,
    whole: list[dict[str, Any]],
    number: signal.Signals,
    after_bytes: int,
) -> None:
    environment = os.environ | {
        "TAVOLA_STORE": f"sqlite:///{terminal.store}",
        "TAVOLA_TOKEN_SECRET": SECRET,
    }
    process = subprocess.Popen(
        [*COMMAND, "import", "slack", str(export)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for size in grown(terminal.store.with_name(terminal.store.name + "-wal")):
        if size >= after_bytes or process.poll() is not None:
            break
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    if number == signal.SIGINT and process.returncode:
        assert process.returncode == 130
        assert errors.rstrip().endswith("Stopped.")
    terminal.ok("import", "slack", export)
    assert timeless(terminal.items()) == whole


def grown(file: Path) -> Iterator[int]:
    """The size of a file, again and again."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        yield file.stat().st_size if file.exists() else 0
        time.sleep(0.001)
