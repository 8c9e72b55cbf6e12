"""Importing a Slack export."""

import os
import subprocess
import time
from pathlib import Path

from bench.client import BenchError
from bench.figures import Figure
from bench.server import TAVOLA, environment_of
from bench.world import World

EXPORT = "slack-export-2018.zip"
DATA = Path(__file__).parents[3] / "shared" / "data"


async def slack(world: World) -> list[Figure]:
    """The sample export, when it is there: TAVOLA_SAMPLE_DATA names its folder."""
    export = _export()
    if export is None or _run(world, "--help").returncode != 0:
        return []
    began = time.perf_counter()
    done = _run(world, export)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise BenchError(f"`tavola import slack` failed: {done.stderr}")
    return [Figure(name="import of the sample export", value=seconds, unit="s", at_most=15)]


def _export() -> str | None:
    path = Path(os.environ.get("TAVOLA_SAMPLE_DATA") or DATA) / EXPORT
    return str(path.resolve()) if path.exists() else None


def _run(world: World, argument: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TAVOLA, "import", "slack", argument],
        env=environment_of(world.folder / "import.db"),
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=False,
    )
