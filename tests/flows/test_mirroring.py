"""Users are as a directory elsewhere has them, whoever else is at work, and nobody is two."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from msgspec.structs import replace

from tavola.core import limits, patterns
from tavola.core.errors import Busy, HandleTaken, IdentityTaken, IdTaken, TavolaError
from tavola.core.items import Item
from tavola.core.operations import Request
from tavola.core.persons import Person
from tavola.core.records import Record
from tavola.flows import erasing, identities, mirroring, users
from tavola.flows.flow import Flow
from tavola.flows.mirroring import Linked
from tests import builders as b
from tests.drive import World

T = TypeVar("T")

ISSUER = "https://id.example.com"
MIRA = Record("postgres", "u1", "mira", "Mira C.", b.T0, Person(ISSUER, "sub-1"))
THEO = Record("postgres", "u2", "theo", "Theo", b.T0, Person(ISSUER, "sub-2"))


def mirror(world: World, record: Record) -> str:
    return world.run(mirroring.mirror(record, "new-id"))


def everything(world: World) -> list[Item]:
    items: list[Item] = world.answer(patterns.scan_table(limits.SCAN_ITEMS_MAX)).items
    return items


def finish(world: World, flow: Flow[T], request: Request, before: Callable[[], None]) -> T:
    """Go on with a flow to its end; `before` each change of a user something else is done."""
    try:
        while True:
            if getattr(request, "pattern", "") == "update_user":
                before()
            try:
                answer = world.answer(request)
            except TavolaError as error:
                request = flow.throw(error)
            else:
                request = flow.send(answer)
    except StopIteration as stop:
        reply: T = stop.value
        return reply


def nothing() -> None:
    """Nobody else is at work."""


def links(world: World, user_id: str) -> set[tuple[str, str]]:
    return {(one.issuer, one.subject) for one in world.run(identities.list_identities(user_id))}


def test_a_record_makes_a_user_with_both_links_in_one_transaction() -> None:
    world = World()
    assert mirror(world, MIRA) == "created"
    assert world.done[-1].pattern == "create_linked_user"
    assert world.run(users.find_user("u1")) == b.user("u1", handle="mira", display_name="Mira C.")
    assert links(world, "u1") == {("postgres", "u1"), (ISSUER, "sub-1")}
    before = everything(world)
    assert mirror(world, MIRA) == "unchanged"
    assert everything(world) == before


def test_a_page_that_is_right_is_read_in_two_requests_for_half_the_price() -> None:
    world = World()
    for record in (MIRA, THEO):
        mirror(world, record)
    world.done.clear()
    assert world.run(mirroring.find_changed([MIRA, THEO])) == []
    assert [one.pattern for one in world.done] == ["get_identity"] * 4 + ["get_user"] * 2
    assert not any(one.consistent for one in world.done)  # type: ignore[union-attr] # all are Gets


@pytest.mark.parametrize(
    "changes",
    [
        {"handle": "Mira"},
        {"display_name": "Mira D."},
        {"person": Person(ISSUER, "sub-9")},
        {"subject": "u9"},
    ],
)
def test_a_record_that_differs_is_found_among_others(changes: dict[str, object]) -> None:
    world = World()
    for record in (MIRA, THEO):
        mirror(world, record)
    other = replace(MIRA, **changes)
    assert world.run(mirroring.find_changed([other, THEO])) == [other]


def test_names_follow_and_everything_else_stays() -> None:
    world = World()
    mirror(world, MIRA)
    world.run(users.update_user("u1", users.Profile(location="Rome", admin=True)))
    assert mirror(world, replace(MIRA, handle="boss", created_at=b.at(9))) == "updated"
    assert world.run(users.find_user("@boss")) == b.user(
        "u1", handle="boss", display_name="Mira C.", names_rev=2, location="Rome", admin=True
    )


def test_who_has_signed_in_before_is_linked_and_not_made_again() -> None:
    world = World()
    first = Person(ISSUER, "sub-1", ("someone",))
    assert world.run(identities.sign_in(first, "jit", b.T0)) == "jit"
    assert mirror(world, MIRA) == "linked"
    assert world.run(users.find_user("@mira")).user_id == "jit"
    assert links(world, "jit") == {("postgres", "u1"), (ISSUER, "sub-1")}
    assert mirror(world, MIRA) == "unchanged"


def test_another_person_at_the_issuer_takes_the_place_of_the_one_before() -> None:
    world = World()
    mirror(world, MIRA)
    world.run(identities.link_user(Person("https://other.example", "x"), "u1"))
    assert mirror(world, replace(MIRA, person=Person(ISSUER, "sub-9"))) == "updated"
    assert links(world, "u1") == {
        ("postgres", "u1"),
        (ISSUER, "sub-9"),
        ("https://other.example", "x"),
    }
    assert world.run(identities.find_identity(ISSUER, "sub-1")) is None
    assert mirror(world, replace(MIRA, person=None)) == "unchanged"
    assert (ISSUER, "sub-9") in links(world, "u1")


def _erased(world: World) -> None:
    mirror(world, MIRA)
    world.run(erasing.erase_user("u1", b.T0))


def _made_twice(world: World) -> None:
    mirror(world, replace(MIRA, subject="u3", handle="other"))


def _signed_in_as_another(world: World) -> None:
    mirror(world, replace(MIRA, person=None))
    world.run(identities.sign_in(Person(ISSUER, "sub-1"), "jit", b.T0))


def _with_the_handle(world: World) -> None:
    world.run(users.create_user(b.user("owner", handle="MIRA")))


@pytest.mark.parametrize(
    ("before", "error"),
    [
        (_erased, IdTaken),
        (_made_twice, IdentityTaken),
        (_signed_in_as_another, IdentityTaken),
        (_with_the_handle, HandleTaken),
    ],
)
def test_a_record_that_cannot_be_taken_changes_nothing(
    before: Callable[[World], None], error: type[TavolaError]
) -> None:
    world = World()
    before(world)
    there = everything(world)
    with pytest.raises(error):
        mirror(world, MIRA)
    assert everything(world) == there


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        (first, steps)
        for first, most in (("nobody", 2), ("linked", 5), ("same id", 5))
        for steps in range(most)
    ],
)
def test_of_two_at_once_both_leave_one_user(first: str, steps: int) -> None:
    """The slow one has done some of its requests when the fast one does all of them."""
    world = World()
    if first == "linked":
        world.run(identities.sign_in(MIRA.person or Person("", ""), "u1", b.T0))
    elif first == "same id":
        world.run(users.create_user(b.user("u1")))
    slow = mirroring.mirror(MIRA, "slow")
    request = next(slow)
    for _ in range(steps):
        request = slow.send(world.answer(request))
    mirror(world, MIRA)
    finish(world, slow, request, nothing)
    assert mirror(world, MIRA) == "unchanged"
    assert links(world, "u1") == {("postgres", "u1"), (ISSUER, "sub-1")}


def test_a_user_who_was_made_between_two_reads_is_not_taken_for_erased() -> None:
    """The reads of one request are side by side: the identity may be newer than the user."""
    world = World()
    flow = mirroring.plan(MIRA)
    next(flow)
    mirror(world, MIRA)
    identity = world.answer(patterns.get_identity("postgres", "u1"))
    person = world.answer(patterns.get_identity(ISSUER, "sub-1"))
    request = flow.send([identity, person, None])
    assert finish(world, flow, request, nothing).deed == "unchanged"


def test_who_always_comes_second_gives_up() -> None:
    world = World()
    mirror(world, MIRA)
    flow = mirroring.mirror(replace(MIRA, display_name="Other"), "x")

    def rename() -> None:
        name = f"{world.run(users.find_user('u1')).display_name}!"
        world.run(users.update_user("u1", users.Profile(display_name=name)))

    with pytest.raises(Busy):
        finish(world, flow, next(flow), rename)


@pytest.mark.parametrize(
    ("holders", "circles"),
    [
        ({}, 0),
        ({"a": "x"}, 0),
        ({"a": "b", "b": "c"}, 0),
        ({"a": "b", "b": "a"}, 1),
        ({"x": "a", "a": "b", "b": "c", "c": "a", "y": "b"}, 1),
        ({"a": "b", "b": "a", "c": "d", "d": "c", "e": "f"}, 2),
    ],
)
def test_one_of_each_circle_is_found(holders: dict[str, str], circles: int) -> None:
    found = mirroring.find_circles(holders)
    assert len(found) == circles
    for first in found:
        one = holders[first]
        while one != first:
            one = holders[one]


def test_only_who_came_from_there_is_found_and_erased() -> None:
    world = World()
    mirror(world, MIRA)
    mirror(world, replace(THEO, source="another"))
    world.run(users.create_user(b.user("owner")))
    everybody, more = world.run(mirroring.list_user_ids(None))
    assert (sorted(everybody), more) == (["owner", "u1", "u2"], None)
    assert world.run(mirroring.find_linked("postgres", everybody)) == [Linked("u1", "u1")]
    there = everything(world)
    for wrong in (Linked("owner", "owner"), Linked("u2", "u2"), Linked("u1", "u9")):
        assert not world.run(mirroring.erase_linked("postgres", wrong, b.at(9)))
    assert everything(world) == there
    assert world.run(mirroring.erase_linked("postgres", Linked("u1", "u1"), b.at(9)))
    assert world.run(mirroring.list_user_ids(None))[0] == ["owner", "u2"]
    assert links(world, "u1") == set()
