"""Copying a store to DynamoDB and back: `tavola copy`, from its start to its end.

Each round has an engine of its own, because it slows down with what it keeps of its stream.
"""

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import msgspec

from bench.client import BenchError
from bench.data import build_long_logs, user_names
from bench.figures import Figure
from bench.server import TAVOLA, environment_of
from bench.world import World
from tests.engine.dynoxide import ENVIRONMENT, NO_ENGINE, Engine, find_engine, started

_ROUNDS = 3
_CONVERSATIONS, _MESSAGES_EACH = 20, 500
_ITEMS_A_SECOND = 1_000


class _Round(NamedTuple):
    """Items copied, or compared both ways, in a second."""

    there: float
    back: float
    verified: float


class _Counts(msgspec.Struct):
    items: int


class _Copied(msgspec.Struct):
    """What of `tavola copy --json` is looked at."""

    copied: _Counts


async def there_and_back(world: World) -> list[Figure]:
    """10,000 messages to a DynamoDB engine and back, where there is an engine."""
    binary = find_engine()
    if binary is None:
        click.echo(f"left out: {NO_ENGINE}", err=True)
        return []
    source = await world.cached("copy", _build)
    rounds = []
    for number in range(_ROUNDS):
        with started(binary) as engine:
            rounds.append(_round(engine, source, world.folder / f"back-{number}.db"))
    there, back, verified = (median(part) for part in zip(*rounds, strict=True))
    unit = "items/s"
    return [
        Figure(name="copy to the engine", value=there, unit=unit, at_least=_ITEMS_A_SECOND),
        Figure(name="copy from the engine", value=back, unit=unit, at_least=_ITEMS_A_SECOND),
        Figure(name="verify a copy, both ways", value=verified, unit=unit),
    ]


async def _build(path: Path) -> None:
    names = user_names("other", _CONVERSATIONS)
    await build_long_logs(path, "writer", dict.fromkeys(names, _MESSAGES_EACH))


def _round(engine: Engine, source: Path, back: Path) -> _Round:
    table = engine.store_url(engine.new_table())
    there = _copy(f"sqlite:///{source}", table)
    returned = _copy(table, f"sqlite:///{back}")
    return _Round(there, returned, _copy(table, f"sqlite:///{back}", "--verify"))


def _copy(source: str, target: str, *more: str) -> float:
    """How many items a second a whole command does."""
    began = time.perf_counter()
    done = subprocess.run(
        [TAVOLA, "copy", "--from", source, "--to", target, "--json", *more],
        env=environment_of(Path("unused.db")) | ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise BenchError(f"`tavola copy` failed: {done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=_Copied).copied.items / seconds
