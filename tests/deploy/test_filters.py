"""What wakes the stream function: all that a consumer acts on, and little else."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from tavola.core import table
from tavola.core.apply import Change
from tavola.core.items import key_of
from tavola.core.wire import encode_item
from tavola.edge.aws.filters import patterns
from tavola.edge.feed.handling import Handler
from tavola.flows.consumers import CONSUMERS, Consumer
from tavola.flows.consumers.rules import consumer_of
from tavola.flows.consumers.wanted import RULES_WANTED, WANTED
from tests import builders as b
from tests.deploy.matching import matches
from tests.deploy.template import chosen, resources
from tests.rules.makers import ready
from tests.sim.test_rules import RULES, ruled
from tests.sim.test_simulation import Simulation


@pytest.mark.parametrize(
    ("true", "wanted"), [((), WANTED), (("Ruled",), RULES_WANTED)], ids=["without rules", "ruled"]
)
def test_the_filters_are_those_that_are_derived(true: tuple[str, ...], wanted: Any) -> None:
    mapping = resources("AWS::Lambda::EventSourceMapping")["StreamMapping"]
    made = chosen(mapping["FilterCriteria"]["Filters"], frozenset(true))
    assert [json.loads(one["Pattern"]) for one in made] == patterns(wanted)
    assert len(made) <= 5, "a mapping takes no more"
    assert all(len(one["Pattern"]) <= 4096 for one in made), "nor longer ones"


def record_of(change: Change) -> dict[str, Any]:
    """A change as the stream's service tells it."""
    name = "INSERT" if change.old is None else "REMOVE" if change.new is None else "MODIFY"
    images = {"OldImage": change.old, "NewImage": change.new}
    told = {image: encode_item(item) for image, item in images.items() if item}
    keys = {"pk": {"S": change.key.pk}, "sk": {"S": change.key.sk}}
    return {"eventName": name, "dynamodb": {"Keys": keys, **told}}


def acts_on(change: Change, consumers: Sequence[Consumer] = CONSUMERS) -> bool:
    """Whether a consumer has anything to do about a change."""

    async def never(flow: Any) -> Any:
        raise AssertionError(flow)

    return Handler(never, "day", lambda _: b.T0, consumers).acts_on(change)


@pytest.fixture(scope="module")
def lived() -> list[Change]:
    """All changes of some histories."""
    found = []
    for seed in (1, 4, 7, 11, 18):
        simulation = Simulation(seed)
        simulation.live()
        simulation.settle()
        found += simulation.store.leader.read_changes(0, 1_000_000)
    return found


def passes(change: Change, wanted: Any = WANTED) -> bool:
    return any(matches(pattern, record_of(change)) for pattern in patterns(wanted))


def test_whatever_a_consumer_acts_on_comes_through(lived: list[Change]) -> None:
    assert lived
    assert not [change for change in lived if acts_on(change) and not passes(change)]


def test_hardly_anything_else_does(lived: list[Change]) -> None:
    idle = [change for change in lived if passes(change) and not acts_on(change)]
    assert {one.new["type"] for one in idle if one.new} <= {"User", "Group"}
    entries = [one for one in lived if one.key.pk.startswith("DM#") and one.key.sk[0].isdigit()]
    later = [one for one in entries if one.new and "bump" not in one.new and int(one.key.sk) > 1]
    assert later
    assert not any(passes(change) for change in later)


ENTRY = table.MESSAGE.build(b.entry(7, body="x"))
FIRST = table.MESSAGE.build(b.entry(1, body="x"))
ERASED = table.USER.build(replace(b.user("ann"), deleted_at=b.T0))
# No history here has these: an import bumps with its last entry alone, a copy brings the erased.
RARE = [Change(1, key_of(item), None, item) for item in (FIRST, ERASED)]


@pytest.mark.parametrize("left_out", WANTED, ids=str)
def test_no_want_could_be_left_out(lived: list[Change], left_out: Any) -> None:
    rest = [want for want in WANTED if want != left_out]
    changes = [*lived, *RARE]
    assert any(acts_on(change) and not passes(change, rest) for change in changes)


def test_whatever_rules_act_on_comes_through() -> None:
    simulation = ruled(3)
    simulation.live()
    simulation.settle()
    changes = simulation.store.leader.read_changes(0, 1_000_000)
    ruling = [consumer_of(RULES, lambda: b.T0, lambda _: None)]
    acted = [change for change in changes if acts_on(change, ruling)]
    assert {"User", "GroupUser"} == {one.new["type"] for one in acted if one.new}
    assert not [change for change in acted if not passes(change, RULES_WANTED)]
    assert [change for change in acted if not passes(change)], "else they would want no more"


EVERY = ["user.created", "user.updated"]
EVERYBODY = [ready("made", EVERY, {"join": "x"}), ready("joined", "user.joined", {"join": "x"})]


@pytest.mark.parametrize("kind", [*table.ENTITIES])
def test_rules_are_about_nothing_else(kind: str, lived: list[Change]) -> None:
    ruling = [consumer_of(EVERYBODY, lambda: b.T0, lambda _: None)]
    of_kind = [
        one for one in lived if kind in {item["type"] for item in (one.old, one.new) if item}
    ]
    acted = [change for change in of_kind if acts_on(change, ruling)]
    assert not [change for change in acted if not passes(change, RULES_WANTED)]
    assert bool(acted) == (kind in {"User", "GroupUser"})


@pytest.mark.parametrize("event", ["INSERT", "MODIFY", "REMOVE"])
@pytest.mark.parametrize("strange", [{"type": "Sticker"}, {"v": 2}], ids=str)
def test_what_is_not_known_comes_through(event: str, strange: dict[str, Any]) -> None:
    if event == "REMOVE" and "v" in strange:
        pytest.skip("of a newer version only what is there is looked at")
    item = ENTRY | strange
    old = None if event == "INSERT" else item | {"body": "y"}
    assert passes(Change(1, key_of(item), old, None if event == "REMOVE" else item))


def test_the_feeds_own_items_wake_nobody() -> None:
    item = {"pk": "FEED#main", "sk": "ASIDE#1", "type": "FeedState", "v": 1}
    for old, new in ((None, item), (item, item | {"at": "x"}), (item, None)):
        assert not passes(Change(1, key_of(item), old, new))
