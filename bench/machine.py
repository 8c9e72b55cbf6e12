"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import msgspec

_SYNCS = 100
_PAGE = b"\0" * 4096


class Machine(msgspec.Struct, frozen=True):
    """The machine, the versions, and how long its disk takes to make a page durable.

    `load_before` is how many processes of others wanted a core in the minute before.
    """

    cores: int
    processor: str
    system: str
    python: str
    sqlite: str
    fsync_ms: float
    load_before: float
    commit: str
    at: str


def look_at(folder: Path) -> Machine:
    """The facts of this machine, and of the disk with `folder`."""
    return Machine(
        cores=os.cpu_count() or 0,
        processor=_processor(),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        fsync_ms=_fsync_ms(folder),
        load_before=os.getloadavg()[0],
        commit=_commit(),
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _fsync_ms(folder: Path) -> float:
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            os.write(file.fileno(), _PAGE)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1000


def _commit() -> str:
    """Which commit of Tavola, `+` when files differ from it; nothing outside a repository."""
    git = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    folder = Path(__file__).parent
    done = subprocess.run(git, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip()
