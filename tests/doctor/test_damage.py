"""Doctor names each kind of damage, and nothing else; mends it, or shows it."""

import pytest

from tavola.core.items import Item
from tavola.edge.doctor.examination import Examined
from tavola.flows.doctor.checks import CHECKS
from tests.contract.conftest import Database
from tests.doctor import world
from tests.doctor.damage import DAMAGES, Damage

CODES = {check.code for check in CHECKS if check.section == "table"}


def told(examined: Examined) -> list[tuple[str, tuple[str, str]]]:
    return [(one.check.code, (one.key.pk, one.key.sk)) for one in examined.findings]


def without_feed(items: list[Item]) -> list[Item]:
    return [item for item in items if not item["pk"].startswith("FEED#")]


def test_a_healthy_store_is_clean(db: Database) -> None:
    examined = db.wait(world.examine(db.store))
    assert (told(examined), examined.unexamined) == ([], [])
    assert (examined.counts["users"], examined.counts["groups"]) == (4, 3)
    assert examined.counts["conversations"] == 4
    assert examined.complete


def test_there_is_a_damage_for_every_check() -> None:
    assert {damage.code for damage in DAMAGES.values()} == CODES


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damage_is_named_and_mended_or_shown(db: Database, damage: Damage) -> None:
    for write in damage.writes:
        db.do(write)
    db.wait(world.skip_changes(db.store))

    before = db.items()
    examined = db.wait(world.examine(db.store))
    assert told(examined) == [(damage.code, tuple(damage.key))]
    assert all(bool(one.repair) == bool(one.check.mends) for one in examined.findings)
    assert db.items() == before

    treated = db.wait(world.mend(db.store))
    again = db.wait(world.examine(db.store))
    if damage.mends:
        assert told(again) == told(treated.now) == []
        assert [one.check.code for one in treated.before] == [damage.code]
    else:
        assert told(again) == told(treated.now) == told(examined)
        assert treated.before == []
        assert without_feed(db.items()) == without_feed(before)
