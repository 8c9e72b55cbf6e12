"""The whole of messaging under races, crashes, failures, lagging reads and a disorderly feed.

Everything follows from a seed, which a failure prints. `TAVOLA_SIM_SEED=n` runs that one alone,
`TAVOLA_SIM_ROUNDS=n` runs so many.
"""

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from tavola.core.rules import Ready
from tavola.flows.consumers import CONSUMERS
from tavola.flows.consumers.rules import consumer_of
from tavola.flows.groups import create_group
from tavola.flows.inbox import Ask, InboxPage, Position, read_inbox
from tavola.flows.users import create_user
from tavola.stores.sqlite import SQLiteStore
from tests import builders as b
from tests.doctor.world import examine
from tests.drive import at_once
from tests.engine.dynoxide import Engine
from tests.engine.streamed import open_streamed
from tests.sim import invariants
from tests.sim.delivery import Delivery
from tests.sim.people import GROUPS, PEOPLE, People
from tests.sim.replicas import Leader, ReplicatedStore, Wait
from tests.sim.scheduler import NO_FAULTS, Faults, Scheduler

ROUNDS = int(os.environ.get("TAVOLA_SIM_ROUNDS", "40"))
SEED = os.environ.get("TAVOLA_SIM_SEED")
SEEDS = [int(SEED)] if SEED else list(range(1, ROUNDS + 1))
DEEDS, DEEDS_ON_DISK = 300, 200
SEEDS_ON_DISK = 8
AT_ONCE = 12


class LeadingStore(Leader, Protocol):
    """A store that must be closed."""

    async def close(self) -> None: ...


class Simulation:
    """A store, the people who use it and its feed, all driven by one seed."""

    def __init__(
        self,
        seed: int,
        leader: Leader | None = None,
        wait: Wait = at_once,
        rules: Sequence[Ready] = (),
    ) -> None:
        self.rng = random.Random(seed)
        self.wait = wait
        self.store = ReplicatedStore(self.rng, leader, wait)
        self.scheduler = Scheduler(self.store, self.rng, NO_FAULTS)
        self.people = People(self.rng, self.scheduler, ruled=bool(rules))
        ruling = consumer_of(rules, self.people.now, lambda _: None)
        consumers = (*CONSUMERS, ruling) if rules else CONSUMERS
        self.feed = Delivery(self.store, self.rng, self.scheduler, consumers)
        for name in PEOPLE:
            self.scheduler.start(create_user(b.user(name)), lambda _: None)
        for name in GROUPS:
            self.scheduler.start(create_group(b.group(name)), lambda _: None)
        self.scheduler.run_all()

    def live(self, deeds: int = DEEDS) -> None:
        """Let people do things at the same time, with faults, and the feed run beside them."""
        choose = self.rng.choice
        self.scheduler.faults = Faults(choose([0, 0.02, 0.1]), choose([0, 0.02, 0.1]))
        feed_rate, replication_rate = choose([0.01, 0.1, 0.4]), choose([0.02, 0.2, 0.6])
        while deeds or len(self.scheduler):
            if deeds and len(self.scheduler) < AT_ONCE:
                self.people.act()
                deeds -= 1
            if self.rng.random() < feed_rate:
                self.feed.deliver()
            if self.rng.random() < replication_rate:
                self.store.replicate()
            if len(self.scheduler):
                self.scheduler.step()

    def settle(self) -> None:
        """Let the feed finish, without faults and with strong reads."""
        self.scheduler.faults = NO_FAULTS
        self.store.lagging = False
        while not self.feed.idle:
            self.feed.deliver()
            self.scheduler.run_all()

    def inbox_of(self, user_id: str) -> list[InboxPage]:
        """All pages of an inbox."""
        pages: list[InboxPage] = []
        position: Position | None = None
        while not pages or position:
            ask = Ask(user_id, self.rng.randint(1, 6), "day")
            self.scheduler.start(read_inbox(ask, position), pages.append)
            self.scheduler.run_all()
            position = pages[-1].next
        return pages

    def facts(self) -> invariants.Facts:
        """What is stored now."""
        return invariants.Facts(self.store.items())


def check(simulation: Simulation) -> None:
    """Hold a settled simulation to every invariant."""
    diary = simulation.people.diary
    facts = simulation.facts()
    assert diary.sent, "nothing happened"
    invariants.check_logs(facts)
    invariants.check_amendments(facts)
    invariants.check_acknowledged(facts, diary)
    invariants.check_memberships(facts, diary)
    invariants.check_names(facts)
    invariants.check_deleted_groups(facts, diary)
    invariants.check_markers(facts, diary)
    invariants.check_blocks(facts, diary)
    invariants.check_erased(simulation.store.items(), diary)
    living = [user_id for user_id in PEOPLE if user_id not in diary.erased]
    for user_id in living:
        rows = [row for page in simulation.inbox_of(user_id) for row in page.rows]
        invariants.check_inbox(facts, user_id, rows)
    facts = simulation.facts()
    for user_id in living:
        invariants.check_pointers(facts, user_id)
    check_with_doctor(simulation)


def check_with_doctor(simulation: Simulation) -> None:
    """Doctor finds nothing wrong, and writes nothing."""
    last = simulation.store.leader.last_change
    wait = asyncio.run if simulation.wait is at_once else simulation.wait
    examined = wait(examine(simulation.store.leader))
    assert [(one.check.code, one.key, one.detail) for one in examined.findings] == []
    assert examined.unexamined == []
    assert simulation.store.leader.last_change == last


def check_replay(simulation: Simulation) -> None:
    """Handing all changes to the consumers once more, in any order, changes nothing."""
    simulation.settle()
    before = simulation.store.items()
    last = simulation.store.leader.last_change
    simulation.feed.replay()
    simulation.scheduler.run_all()
    assert simulation.store.items() == before
    assert simulation.store.leader.last_change == last


@pytest.mark.parametrize("seed", SEEDS)
def test_the_invariants_survive(seed: int) -> None:
    print(f"TAVOLA_SIM_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    simulation = Simulation(seed)
    simulation.live()
    simulation.settle()
    check(simulation)
    check_replay(simulation)


@pytest.mark.parametrize("seed", SEEDS[:SEEDS_ON_DISK])
def test_the_invariants_survive_on_sqlite(seed: int, tmp_path: Path) -> None:
    async def opened() -> SQLiteStore:
        return await SQLiteStore.open(tmp_path / "tavola.db", lambda: b.T0)

    _survive(seed, opened)


@pytest.mark.parametrize("seed", SEEDS[:SEEDS_ON_DISK])
def test_the_invariants_survive_on_dynamodb(seed: int, engine: Engine) -> None:
    _survive(seed, lambda: open_streamed(engine))


def _survive(seed: int, opened: Callable[[], Coroutine[Any, Any, LeadingStore]]) -> None:
    """The same history on a real store, with fewer deeds."""
    print(f"TAVOLA_SIM_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    with asyncio.Runner() as runner:
        store = runner.run(opened())
        simulation = Simulation(seed, store, runner.run)
        simulation.live(DEEDS_ON_DISK)
        simulation.settle()
        check(simulation)
        check_replay(simulation)
        runner.run(store.close())


def test_a_seed_always_makes_the_same_history() -> None:
    one, other = (Simulation(4_711) for _ in range(2))
    one.live()
    other.live()
    assert one.store.items() == other.store.items()
    assert one.store.items()
