"""A rebuild brings back whatever the feed writes, and leaves alone what is right."""

import asyncio
import random

import pytest

from tavola.core.ids import direct, group
from tavola.core.items import Item
from tavola.edge.feed.rebuild import Report, look, rebuild
from tavola.edge.importers.report import Silent
from tavola.flows.flow import Flow
from tavola.flows.rebuilding import find_in_direct, find_in_group, find_in_user, mend
from tavola.stores.port import run
from tests.drive import T, at_once
from tests.sim.damage import damages
from tests.sim.delivery import Delivery
from tests.sim.people import GROUPS, PEOPLE
from tests.sim.replicas import Leader
from tests.sim.scheduler import Outcome
from tests.sim.test_simulation import SEEDS, Simulation, check

QUIET = SEEDS[:12]


def rebuilt(store: Leader, *, dry: bool = False) -> Report:
    async def on_store(flow: Flow[T]) -> T:
        return await run(flow, store)

    work = look if dry else rebuild
    return asyncio.run(work(store, on_store, "day", Silent()))


def comparable(simulation: Simulation) -> list[Item]:
    """All items. When somebody joined a conversation of two was never more than told once."""
    return [
        {name: value for name, value in item.items() if name != "joined_at"}
        if item["type"] == "DirectUser"
        else item
        for item in simulation.store.items()
    ]


@pytest.mark.parametrize("seed", QUIET)
def test_what_is_damaged_is_mended_and_nothing_else_is_touched(seed: int) -> None:
    print(f"TAVOLA_SIM_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    simulation = Simulation(seed)
    simulation.live()
    simulation.settle()
    check(simulation)
    leader, healthy = simulation.store.leader, comparable(simulation)
    last = leader.last_change

    assert rebuilt(leader).mended == 0
    assert leader.last_change == last

    rng = random.Random(seed)
    for harm in damages(simulation.store.items(), rng.choice((0.05, 0.4, 1)), rng):
        at_once(leader.execute(harm))
    last = leader.last_change
    foretold = rebuilt(leader, dry=True)
    assert leader.last_change == last

    assert rebuilt(leader) == foretold
    assert comparable(simulation) == healthy
    check(simulation)

    last = leader.last_change
    assert rebuilt(leader).mended == 0
    assert leader.last_change == last


class Meddler(Delivery):
    """A feed beside which a rebuild looks at anything at any time."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation.store, simulation.rng, simulation.scheduler)
        self._simulation = simulation
        self._meddling = False

    def deliver(self) -> None:
        """Begin a batch, and a part of a rebuild."""
        super().deliver()
        if not self._meddling:
            self._meddling = True
            self._simulation.scheduler.start(self._rebuild_one(), self._end)

    def _end(self, _: Outcome) -> None:
        self._meddling = False

    def _rebuild_one(self) -> Flow[None]:
        rng = self._simulation.rng
        target = rng.choice((direct(*rng.sample(PEOPLE, 2)), group(rng.choice(GROUPS))))
        finds = (
            find_in_direct(target, "day") if target.users else find_in_group(target, {}, "day"),
            find_in_user(rng.choice(PEOPLE), "day"),
        )
        for find in finds:
            found = yield from find
            yield from mend(found.repairs)


@pytest.mark.parametrize("seed", QUIET)
def test_a_rebuild_is_safe_beside_the_feed_and_those_who_write(seed: int) -> None:
    print(f"TAVOLA_SIM_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    simulation = Simulation(seed)
    simulation.feed = Meddler(simulation)
    simulation.live()
    simulation.settle()
    check(simulation)
