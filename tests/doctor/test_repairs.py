"""Repairs are safe: who writes meanwhile wins, and doing one again changes nothing."""

import pytest

from tavola.core.items import Item
from tavola.core.operations import Delete
from tavola.flows.doctor.finding import Finding
from tavola.flows.groups import join_group, leave_group
from tavola.flows.users import Profile, create_user, update_user
from tests import builders as b
from tests.contract.conftest import Database
from tests.doctor import world
from tests.doctor.damage import DAMAGES, Damage

MENDED = {name: damage for name, damage in DAMAGES.items() if damage.mends}


def harm(db: Database, name: str) -> Finding:
    """Do a damage; what is found."""
    for write in DAMAGES[name].writes:
        db.do(write)
    (found,) = db.wait(world.examine(db.store)).findings
    return found


def repair(db: Database, finding: Finding) -> None:
    assert finding.repair
    db.run(finding.repair())


def item(db: Database, pk: str, sk: str) -> Item | None:
    return db.get(pk, sk)


@pytest.mark.parametrize("damage", MENDED.values(), ids=MENDED)
def test_a_repair_that_is_done_twice_changes_nothing(db: Database, damage: Damage) -> None:
    for write in damage.writes:
        db.do(write)
    (found,) = db.wait(world.examine(db.store)).findings
    repair(db, found)
    once = db.items()
    repair(db, found)
    assert db.items() == once


def test_who_is_added_again_stays_a_member(db: Database) -> None:
    found = harm(db, "a membership without the group's half")
    db.run(join_group("club", "bob", "admin", b.at(99)))
    repair(db, found)
    assert item(db, "GROUP#club", "USER#bob")
    assert item(db, "USER#bob", "GROUP#club")
    assert item(db, "USER#bob", "LEFT#club") is not None  # from when bob had left before


def test_who_leaves_meanwhile_gets_no_half_back(db: Database) -> None:
    found = harm(db, "a membership without the user's half")
    db.run(leave_group("club", "bob", b.at(99)))
    repair(db, found)
    assert item(db, "USER#bob", "GROUP#club") is None


def test_a_handle_that_somebody_took_meanwhile_stays_theirs(db: Database) -> None:
    found = harm(db, "a user without their handle")
    db.run(create_user(b.user("zoe", handle="bobby")))
    repair(db, found)
    assert (item(db, "HANDLE#bo", "bobby") or {})["user_id"] == "zoe"
    (shared,) = db.wait(world.examine(db.store)).findings
    assert shared.check.code == "handle_shared"


def test_a_user_who_is_renamed_meanwhile_is_listed_once(db: Database) -> None:
    found = harm(db, "a user who is not listed")
    db.run(update_user("ann", Profile(display_name="Anna")))
    repair(db, found)
    assert item(db, "USERS", "ann#ann") is None
    assert item(db, "USERS", "anna#ann")


def test_a_name_that_a_user_takes_again_meanwhile_stays_listed(db: Database) -> None:
    found = harm(db, "a user who is listed twice")
    db.run(update_user("bob", Profile(display_name="Bob")))
    repair(db, found)
    assert item(db, "USERS", "bob#bob")


def test_a_pointer_that_a_message_makes_right_meanwhile_stays(db: Database) -> None:
    found = harm(db, "a pointer to nothing")
    sent = world.first_message("ann", "cleo", found.key.sk.split("#")[1])
    db.run(sent)
    repair(db, found)
    assert item(db, *found.key)


def test_an_identity_of_who_is_made_meanwhile_stays(db: Database) -> None:
    found = harm(db, "an identity of nobody")
    db.run(create_user(b.user("eve")))
    repair(db, found)
    assert item(db, *found.key)


def test_what_is_gone_meanwhile_is_no_failure(db: Database) -> None:
    found = harm(db, "a handle that leads to nobody")
    db.do(Delete("t", found.key))
    repair(db, found)
    assert db.wait(world.examine(db.store)).findings == []
