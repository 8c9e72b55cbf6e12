"""Rules over everybody who is there."""

import shutil
import subprocess
import time
from pathlib import Path

from msgspec.structs import replace

from bench.client import BenchError
from bench.data import build_users, user_names
from bench.figures import Figure
from bench.server import TAVOLA, environment_of
from bench.world import World
from tavola.app import open_service
from tavola.core import patterns
from tavola.edge import clock
from tavola.flows.groups import create_group, new_group
from tavola.flows.users import new_user
from tavola.settings import Settings

_USERS = 10_000
_AT_ONCE = 100
_RULES = """
[[rule]]
name = "hikers"
when = ["user.created", "user.updated"]
if = '"hiking" in user.interests'
then = { join = "hikers" }

[[rule]]
name = "welcome"
when = "user.joined"
group = "hikers"
then = { welcome = { from = "mira", message = "Hi {display_name}, welcome to {group}!" } }
"""


async def rules_run(world: World) -> list[Figure]:
    """10,000 users, of whom half join a group and are welcomed, to the end of the feed."""
    built = await world.cached(f"rules-{_USERS}", _build)
    store = world.folder / "rules.db"
    shutil.copy(built, store)
    rules = world.folder / "rules.toml"
    rules.write_text(_RULES)
    seconds = [_run(store, rules), _run(store, rules)]
    name = f"`rules run` over {_USERS:,}"
    return [
        Figure(name=f"{name}, half of them act", value=seconds[0], unit="s", at_most=30),
        Figure(name=f"{name}, again", value=seconds[1], unit="s"),
    ]


async def _build(path: Path) -> None:
    await build_users(path, ["mira"])
    names = user_names("user", _USERS)
    async with open_service(Settings(store=f"sqlite:///{path}")) as service:
        await service.run(create_group(new_group("hikers", "Hikers", "mira", clock.now())))
        for first in range(0, _USERS, _AT_ONCE):
            made = [new_user(one, one, one, clock.now()) for one in names[first : first + _AT_ONCE]]
            likes = frozenset({"hiking"})
            made[::2] = [replace(user, interests=likes) for user in made[::2]]
            await service.store.execute(tuple(patterns.create_user(user, None) for user in made))
        await service.settle()


def _run(store: Path, rules: Path) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        [TAVOLA, "rules", "run"],
        env={**environment_of(store), "TAVOLA_RULES": str(rules)},
        cwd=store.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchError(f"`tavola rules run` failed: {done.stderr}")
    return time.perf_counter() - began
