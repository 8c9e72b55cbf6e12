"""Rules on Lambda: the stream function applies them as a worker does, under its role."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tavola.core.errors import RulesInvalid
from tavola.edge.aws.stream import StreamFunction
from tavola.edge.rules.reading import load_rules
from tests.deploy.invoking import Deliveries
from tests.deploy.lambdas import Context, Emitted
from tests.deploy.permissions import Guard
from tests.engine.dynoxide import Engine
from tests.engine.streamed import open_streamed
from tests.sim.test_rules import RULES, check_rules, ruled
from tests.sim.test_simulation import check, check_replay

WRITTEN = """
[[rule]]
name = "fans"
when = ["user.created", "user.updated"]
if = '"music" in user.interests'
then = { join = "fans" }
otherwise = { leave = "fans" }

[[rule]]
name = "hello"
when = "user.created"
then = { welcome = { from = "host", message = "Hi {display_name}" } }

[[rule]]
name = "players"
when = ["user.created", "user.updated"]
if = '"chess" in user.interests'
then = { welcome = { from = "host", message = "So you like chess!" } }

[[rule]]
name = "more"
when = "user.joined"
group = ["group0", "group1", "group2", "group3", "group4", "group5", "group6", "group7"]
then = { join = "one" }

[[rule]]
name = "circle-1"
when = "user.joined"
group = "one"
then = { join = "two", leave = "one" }

[[rule]]
name = "circle-2"
when = "user.joined"
group = "two"
then = { join = "three", leave = "two" }

[[rule]]
name = "circle-3"
when = "user.joined"
group = "three"
then = { join = "one", leave = "three" }

[[rule]]
name = "in-group"
when = "user.joined"
if = '"music" in user.interests'
then = { welcome = { from = "host", message = "This is {group}" } }
"""
SEEDS = range(1, 4)
DEEDS = 120


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rules of the simulation, as text."""
    path = tmp_path / "rules.toml"
    path.write_text(WRITTEN)
    return path


def test_the_text_says_what_the_simulation_knows(rules: Path) -> None:
    read = [replace(one.rule, condition="") for one in load_rules(rules).rules]
    assert read == [replace(one.rule, condition="") for one in RULES]


@pytest.mark.parametrize("seed", SEEDS)
def test_rules_act_once_on_lambda(seed: int, rules: Path, engine: Engine, guard: Guard) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(open_streamed(engine))
        simulation = ruled(seed, store, runner.run)
        environment = {"TAVOLA_STORE": engine.store_url(store.table), "TAVOLA_RULES": str(rules)}
        emitted = Emitted(engine, store.table)
        deliveries = Deliveries(random.Random(seed), emitted, environment, guard)
        simulation.feed = deliveries  # type: ignore[assignment] # it does what a feed does there
        simulation.live(DEEDS)
        simulation.settle()
        check(simulation)
        check_rules(simulation)
        check_replay(simulation)
        deliveries.close()
        runner.run(store.close())


@pytest.fixture
def started(engine: Engine) -> Callable[[Path | None], StreamFunction]:
    """Makes a function on a new table."""
    store = engine.store_url(engine.new_table())

    def start(rules: Path | None) -> StreamFunction:
        named = {"TAVOLA_RULES": str(rules) if rules else ""}
        return StreamFunction({"TAVOLA_STORE": store} | named)

    return start


def test_without_rules_the_environment_names_no_file(
    started: Callable[[Path | None], StreamFunction],
) -> None:
    function = started(None)
    assert function({"Records": []}, Context()) == {"batchItemFailures": []}
    function.close()


def test_a_package_with_bad_rules_does_nothing_at_all(
    started: Callable[[Path | None], StreamFunction], rules: Path
) -> None:
    rules.write_text(WRITTEN.replace("user.interests", "user.hobbies"))
    function = started(rules)
    with pytest.raises(RulesInvalid, match="hobbies"):
        function({"Records": []}, Context())
    rules.write_text(WRITTEN)
    assert function({"Records": []}, Context()) == {"batchItemFailures": []}
    function.close()
