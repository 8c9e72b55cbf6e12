"""The directory: unique handles, renames, and a sign-in that answers everything with a reply."""

import msgspec
import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import HandleTaken, IdTaken, Invalid, UserNotFound
from tavola.flows import users as flows
from tests import builders as b
from tests.drive import World


def world_with(*names: str) -> World:
    world = World()
    for name in names:
        world.run(flows.create_user(b.user(name)))
    return world


def handles(world: World) -> list[str]:
    return [user.handle for user in world.run(flows.list_users(100))[0]]


def test_a_handle_belongs_to_one_user_however_it_is_written() -> None:
    world = world_with("ann")
    with pytest.raises(HandleTaken):
        world.run(flows.create_user(b.user("other", handle="ANN")))
    with pytest.raises(IdTaken):
        world.run(flows.create_user(b.user("ann", handle="other")))
    assert handles(world) == ["ann"]


def test_a_user_is_found_by_id_and_by_handle() -> None:
    world = world_with("ann")
    for name in ("ann", "@ann", "@ANN"):
        assert world.run(flows.find_user(name)) == b.user("ann")
    for name in ("bob", "@bob"):
        with pytest.raises(UserNotFound):
            world.run(flows.find_user(name))


def test_a_rename_moves_handle_and_place_in_the_list_and_frees_the_old_handle() -> None:
    world = world_with("ann", "bob")
    profile = flows.Profile(handle="Zoe", display_name="Zoë")
    after = world.run(flows.update_user("ann", profile))
    assert (after.handle, after.display_name, after.names_rev) == ("Zoe", "Zoë", 2)
    assert handles(world) == ["bob", "Zoe"]
    with pytest.raises(UserNotFound):
        world.run(flows.find_user("@ann"))
    world.run(flows.create_user(b.user("new", handle="ann")))
    with pytest.raises(HandleTaken):
        world.run(flows.update_user("bob", flows.Profile(handle="zoe")))
    assert world.run(flows.find_user("@bob")) == b.user("bob")


def test_a_rename_that_folds_to_the_same_key_keeps_handle_and_place() -> None:
    world = world_with("ann")
    world.run(flows.update_user("ann", flows.Profile(handle="ANN", display_name="ANN")))
    assert handles(world) == ["ANN"]
    assert world.run(flows.find_user("@ann")).names_rev == 2


def test_two_changes_of_one_profile_at_the_same_time_are_both_kept() -> None:
    world = world_with("ann")
    before = world.run(flows.find_user("ann"))
    moved = msgspec.structs.replace(before, location="Rome")
    keen = msgspec.structs.replace(before, interests=frozenset({"tea"}))
    world.answer(patterns.update_user(before, moved))
    world.answer(patterns.update_user(before, keen))
    after = world.run(flows.find_user("ann"))
    assert after.location == "Rome"
    assert after.interests == frozenset({"tea"})


def test_a_profile_that_changes_no_name_leaves_names_rev_alone() -> None:
    world = world_with("ann")
    after = world.run(flows.update_user("ann", flows.Profile(location="Rome")))
    assert (after.names_rev, after.location) == (1, "Rome")
    gone = world.run(flows.update_user("ann", flows.Profile(location=None, interests=frozenset())))
    assert gone == b.user("ann")


def test_an_empty_set_of_interests_is_not_stored() -> None:
    user = flows.new_user("ann", "ann", "Ann", b.T0, interests=frozenset())
    assert user.interests is None
    assert "interests" not in table.USER.build(user)


def test_at_most_ten_users_are_found_by_the_beginning_of_a_handle() -> None:
    world = world_with(*(f"ann{n:02d}" for n in range(12)), "bob")
    found = world.run(flows.search_users("@AN"))
    assert [user.handle for user in found] == [f"ann{n:02d}" for n in range(10)]
    with pytest.raises(Invalid):
        world.run(flows.search_users("a"))


def test_every_user_is_reached_page_by_page() -> None:
    names = [f"u{n:03d}" for n in range(75)]
    world = world_with(*names)
    found: list[str] = []
    start: str | None = None
    while True:
        page, start = world.run(flows.list_users(10, start))
        found += [user.user_id for user in page]
        if start is None:
            break
    assert sorted(found) == sorted(names)


def test_somebody_with_an_odd_name_is_listed() -> None:
    world = World()
    world.run(flows.create_user(b.user("ann", display_name="\u00b4Anna")))
    assert handles(world) == ["ann"]


def test_credentials_are_found_by_handle() -> None:
    world = World()
    world.run(flows.create_user(b.user("ann"), "hash"))
    password = e.Password(user_id="ann", hash="hash", set_at=b.T0)
    assert world.run(flows.get_credentials("@ANN")) == (b.user("ann"), password)


@pytest.mark.parametrize("handle", ["", "@", "a", "a\0b", "\ud800", "x" * 5_000, "nobody", "é"])
def test_a_handle_that_nobody_has_gives_no_credentials(handle: str) -> None:
    assert world_with("ann").run(flows.get_credentials(handle)) is None


def test_a_user_without_password_gives_no_credentials() -> None:
    assert world_with("ann").run(flows.get_credentials("ann")) is None


def test_a_password_is_set_for_users_only() -> None:
    world = world_with("ann")
    world.run(flows.set_password("ann", "new", b.T0))
    found = world.run(flows.get_credentials("ann"))
    assert found is not None
    assert found[1].hash == "new"
    with pytest.raises(UserNotFound):
        world.run(flows.set_password("bob", "new", b.T0))
    assert world.answer(patterns.get_password("bob")) is None
