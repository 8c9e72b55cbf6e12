"""Rules at work among races, crashes, failures and a disorderly feed.

Seeds are those of the other simulation; so are the invariants, which must hold here as well.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core.ids import derived_message_id, direct
from tavola.core.rules import Ready
from tavola.flows.groups import create_group
from tavola.flows.users import create_user
from tavola.stores.sqlite import SQLiteStore
from tests import builders as b
from tests.drive import at_once
from tests.engine.dynoxide import Engine
from tests.engine.streamed import open_streamed
from tests.rules.makers import ready
from tests.sim.people import FANS, GROUPS, PEOPLE
from tests.sim.replicas import Leader, Wait
from tests.sim.test_simulation import (
    DEEDS_ON_DISK,
    SEEDS,
    SEEDS_ON_DISK,
    Simulation,
    check,
    check_replay,
)

HOST = "host"
CIRCLE = ("one", "two", "three")
BOTH = ["user.created", "user.updated"]


def welcome(text: str) -> dict[str, Any]:
    return {"welcome": {"from": HOST, "message": text}}


RULES: list[Ready] = [
    ready("fans", BOTH, {"join": FANS}, likes="music", otherwise={"leave": FANS}),
    ready("hello", "user.created", welcome("Hi {display_name}")),
    ready("players", BOTH, welcome("So you like chess!"), likes="chess"),
    ready("more", "user.joined", {"join": "one"}, group=list(GROUPS)),
    ready("circle-1", "user.joined", {"join": "two", "leave": "one"}, group="one"),
    ready("circle-2", "user.joined", {"join": "three", "leave": "two"}, group="two"),
    ready("circle-3", "user.joined", {"join": "one", "leave": "three"}, group="three"),
    ready("in-group", "user.joined", welcome("This is {group}"), likes="music"),
]


def ruled(seed: int, leader: Leader | None = None, wait: Wait = at_once) -> Simulation:
    """A simulation with rules, which begin with everybody who is there."""
    print(f"TAVOLA_SIM_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    simulation = Simulation(seed, leader, wait, RULES)
    for group_id in (FANS, *CIRCLE):
        simulation.scheduler.start(create_group(b.group(group_id)), lambda _: None)
    simulation.scheduler.start(create_user(b.user(HOST)), lambda _: None)
    simulation.scheduler.run_all()
    return simulation


def check_rules(simulation: Simulation) -> None:
    """What rules have done is what they say, once, and never against somebody's will."""
    records = simulation.facts().records
    users = {user.user_id: user for user in records["User"] if user.deleted_at is None}
    fans = {one.user_id for one in records["GroupUser"] if one.group_id == FANS}
    by_hand = {
        one.user_id for one in records["LeftGroup"] if one.group_id == FANS and one.rule is None
    }
    diary = simulation.people.diary
    assert by_hand >= diary.no_fans - diary.erased
    held = {one.user_id for one in records["RuleMark"] if one.rule == "fans" and one.held}
    likers = {one.user_id for one in users.values() if "music" in (one.interests or ())}
    assert held == likers
    assert fans == likers - by_hand
    check_welcomes(records["Message"], users)
    check_chains(records["GroupUser"])


def check_welcomes(messages: list[e.Message], users: dict[str, e.User]) -> None:
    """Everybody who was made is welcomed once; nothing else is said twice by a rule."""
    said = [one for one in messages if one.sender_id == HOST]
    assert len({one.id for one in said}) == len(said)
    for user_id in users.keys() - {HOST}:
        wanted = derived_message_id("rule", "hello", user_id, "@")
        (found,) = (one for one in said if one.id == wanted)
        assert found.conversation == direct(HOST, user_id).id


def check_chains(members: list[e.GroupUser]) -> None:
    """Who is in the circle was led there by rules that each acted once."""
    for member in members:
        if member.group_id in CIRCLE:
            assert member.rules, member
            assert "more" in member.rules


def survive(simulation: Simulation, *deeds: int) -> None:
    simulation.live(*deeds)
    simulation.settle()
    check(simulation)
    check_rules(simulation)
    check_replay(simulation)


@pytest.mark.parametrize("seed", SEEDS)
def test_rules_act_once_and_come_to_an_end(seed: int) -> None:
    survive(ruled(seed))


@pytest.mark.parametrize("seed", SEEDS[:SEEDS_ON_DISK])
def test_rules_act_once_on_sqlite(seed: int, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(SQLiteStore.open(tmp_path / "tavola.db", lambda: b.T0))
        survive(ruled(seed, store, runner.run), DEEDS_ON_DISK)
        runner.run(store.close())


@pytest.mark.parametrize("seed", SEEDS[: SEEDS_ON_DISK // 2])
def test_rules_act_once_on_dynamodb(seed: int, engine: Engine) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(open_streamed(engine))
        survive(ruled(seed, store, runner.run), DEEDS_ON_DISK)
        runner.run(store.close())


def test_the_people_of_the_simulation_meet_every_rule() -> None:
    """Over some seeds each rule has acted, and somebody has left by themselves."""
    acted: set[str] = set()
    left = 0
    for seed in range(1, 9):
        simulation = ruled(seed)
        simulation.live()
        simulation.settle()
        records = simulation.facts().records
        acted |= {one.rule for one in records["RuleMark"] if one.held or one.welcomed}
        left += len(simulation.people.diary.no_fans)
        assert {user.user_id for user in records["User"]} == {*PEOPLE, HOST}
    assert acted == {one.rule.name for one in RULES}
    assert left
