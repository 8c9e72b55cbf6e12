"""The first sign-in makes one user, however many come at once; the link is the identity alone."""

import pytest
from msgspec.structs import replace

from tavola.core import patterns
from tavola.core.errors import Busy, HandleTaken, UserNotFound
from tavola.core.persons import Person, handles_for, person_of
from tavola.flows import identities as flows
from tavola.flows import users
from tests import builders as b
from tests.drive import World

ISSUER = "https://id.example.com"
MIRA = person_of(ISSUER, {"sub": "auth0|7", "preferred_username": "mira", "name": "Mira C."})


def sign_in(world: World, person: Person, new_id: str) -> str:
    return world.run(flows.sign_in(person, new_id, b.T0))


def test_the_first_sign_in_makes_the_user_and_later_ones_find_it() -> None:
    world = World()
    assert sign_in(world, MIRA, "u1") == "u1"
    assert world.run(users.find_user("@mira")) == b.user(
        "u1", handle="mira", display_name="Mira C."
    )
    assert sign_in(world, MIRA, "u2") == "u1"
    assert world.run(flows.find_identity(ISSUER, "auth0|7")) == "u1"
    assert [one.subject for one in world.run(flows.list_identities("u1"))] == ["auth0|7"]
    with pytest.raises(UserNotFound):
        world.run(users.find_user("u2"))


def test_what_changes_at_the_issuer_changes_nothing_here() -> None:
    world = World()
    sign_in(world, MIRA, "u1")
    assert sign_in(world, replace(MIRA, usernames=("boss",), name="The Boss"), "u2") == "u1"
    assert world.run(users.find_user("u1")).handle == "mira"
    with pytest.raises(UserNotFound):
        world.run(users.find_user("@boss"))


def test_somebody_with_the_handle_is_not_who_signs_in() -> None:
    world = World()
    world.run(users.create_user(b.user("owner", handle="Mira")))
    assert sign_in(world, MIRA, "u1") == "u1"
    assert world.run(users.find_user("u1")).handle == "mira-2"
    assert world.run(users.find_user("@mira")).user_id == "owner"


def test_the_same_subject_of_another_issuer_is_somebody_else() -> None:
    world = World()
    assert sign_in(world, MIRA, "u1") == "u1"
    assert sign_in(world, replace(MIRA, issuer="https://evil.example"), "u2") == "u2"


def test_who_was_slower_becomes_the_user_whom_the_faster_one_made() -> None:
    world = World()
    slow = flows.sign_in(MIRA, "slow", b.T0)
    request = next(slow)
    while request.pattern != "create_linked_user":  # type: ignore[union-attr] # it asks one by one
        request = slow.send(world.answer(request))
    assert sign_in(world, MIRA, "fast") == "fast"
    with pytest.raises(StopIteration) as ended:
        slow.send(world.answer(request))
    assert ended.value.value == "fast"
    with pytest.raises(UserNotFound):
        world.run(users.find_user("slow"))
    assert len(world.run(users.list_users(10))[0]) == 1


def test_it_ends_when_all_handles_are_taken() -> None:
    world = World()
    for n, handle in enumerate(handles_for(MIRA)):
        world.run(users.create_user(b.user(f"owner{n}", handle=handle)))
    with pytest.raises(Busy):
        sign_in(world, MIRA, "u1")


def test_nothing_is_left_of_a_try_that_failed() -> None:
    world = World()
    world.run(users.create_user(b.user("owner", handle="mira")))
    before = world.answer(patterns.scan_table(100)).items
    flow = flows.sign_in(MIRA, "u1", b.T0)
    request = next(flow)
    while request.pattern != "create_linked_user":  # type: ignore[union-attr] # it asks one by one
        request = flow.send(world.answer(request))
    with pytest.raises(HandleTaken):
        world.answer(request)
    assert world.answer(patterns.scan_table(100)).items == before


def test_a_user_who_is_there_is_linked_once() -> None:
    world = World()
    world.run(users.create_user(b.user("ann")))
    world.run(users.create_user(b.user("bob")))
    assert world.run(flows.link_user(MIRA, "ann")).user_id == "ann"
    assert world.run(flows.link_user(MIRA, "bob")).user_id == "ann"
    assert sign_in(world, MIRA, "u1") == "ann"
    with pytest.raises(UserNotFound):
        world.run(flows.link_user(replace(MIRA, subject="other"), "nobody"))
    assert world.run(flows.find_identity(ISSUER, "other")) is None


def test_all_identities_of_a_user_are_listed() -> None:
    world = World()
    world.run(users.create_user(b.user("ann")))
    for n in range(3):
        world.run(flows.link_user(replace(MIRA, subject=f"s#{n}~|é"), "ann"))
    assert [one.subject for one in world.run(flows.list_identities("ann"))] == [
        f"s#{n}~|é" for n in range(3)
    ]
