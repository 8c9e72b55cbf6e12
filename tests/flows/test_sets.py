"""Exact sets of members and of groups, in transactions that are each whole."""

from collections.abc import Sequence

import pytest

from tavola.core import limits, patterns
from tavola.core.errors import Changed, Forbidden, Invalid, NotFound, UserNotFound
from tavola.core.operations import Put, Request, Transact
from tavola.flows.access import Asker
from tavola.flows.flow import Flow
from tavola.flows.groups import create_group, join_group, leave_group
from tavola.flows.sets import Done, set_groups, set_members
from tavola.flows.users import Profile, create_user, update_user
from tests import builders as b
from tests.drive import World

ADMIN = Asker("a-host-app", admin=True)
NOW = b.at(500)


def people(count: int) -> list[str]:
    return [f"u{n:04d}" for n in range(count)]


def world_of(users: Sequence[str], groups: Sequence[str] = ("club",)) -> World:
    world = World()
    for name in users:
        world.run(create_user(b.user(name)))
    for name in groups:
        world.run(create_group(b.group(name)))
    return world


def members(world: World, group_id: str = "club") -> list[str]:
    """The members on the group's side; those on the users' side are the same."""
    page = world.answer(patterns.list_members(group_id, 100_000))
    found = [item["sk"].removeprefix("USER#") for item in page.items]
    for user_id in found:
        edges = world.answer(patterns.user_with_groups(user_id, 1_000)).items
        assert f"GROUP#{group_id}" in [item["sk"] for item in edges]
    return found


def test_exactly_these_users_are_the_groups() -> None:
    world = world_of(["ann", "bob", "cleo", "dan"])
    done = world.run(set_members(ADMIN, "club", ["ann", "@BOB", "bob", "cleo"], NOW))
    assert done == Done(["ann", "bob", "cleo"], [], complete=True)
    done = world.run(set_members(ADMIN, "club", ["dan", "@ann"], b.at(600)))
    assert done == Done(["dan"], ["bob", "cleo"], complete=True)
    assert members(world) == ["ann", "dan"]
    assert world.run(set_members(ADMIN, "club", ["dan", "ann"], NOW)) == Done([], [], True)
    assert world.run(set_members(ADMIN, "club", [], NOW)).removed == ["ann", "dan"]
    assert members(world) == []


def test_exactly_these_groups_are_the_users() -> None:
    world = world_of(["ann", "bob"], ["chess", "club", "go"])
    world.run(join_group("club", "bob", "admin", b.T0))
    assert world.run(set_groups("@ann", ["go", "club", "go"], NOW)).added == ["go", "club"]
    done = world.run(set_groups("ann", ["chess", "club"], NOW))
    assert done == Done(["chess"], ["go"], complete=True)
    assert (members(world), members(world, "chess")) == (["ann", "bob"], ["ann"])


def test_who_stays_keeps_role_and_time_and_marker() -> None:
    world = world_of(["ann", "bob"])
    before = world.run(join_group("club", "ann", "admin", b.T0))
    world.run(set_members(Asker("ann"), "club", ["ann", "bob"], NOW))
    assert world.run(join_group("club", "ann", "member", NOW)) == before


def test_unknown_ones_are_told_before_anything_is_written() -> None:
    world = world_of(["ann"])
    last = world.store.last_change
    for users in (["ann", "nobody"], ["ann", "@nobody"], ["a#b"], ["@"]):
        with pytest.raises(Invalid) as error:
            world.run(set_members(ADMIN, "club", users, NOW))
        assert [one.field for one in error.value.errors] == ["users"]
    for groups in (["club", "none"], ["a/b"]):
        with pytest.raises(Invalid):
            world.run(set_groups("ann", groups, NOW))
    with pytest.raises(UserNotFound):
        world.run(set_groups("nobody", ["club"], NOW))
    with pytest.raises(NotFound):
        world.run(set_members(ADMIN, "none", ["ann"], NOW))
    with pytest.raises(Forbidden):
        world.run(set_members(Asker("ann"), "club", ["ann"], NOW))
    assert world.store.last_change == last


def test_a_set_has_at_most_a_thousand() -> None:
    many = people(limits.EXACT_SET_IDS_MAX + 1)
    world = world_of(["ann"])
    for flow in (set_members(ADMIN, "club", many, NOW), set_groups("ann", many, NOW)):
        with pytest.raises(Invalid, match="at most 1,000"):
            world.run(flow)


def test_many_come_in_transactions_of_thirty_three() -> None:
    world = world_of(people(100))
    used = world.patterns(set_members(ADMIN, "club", people(100), NOW))
    assert used.count("join_all") == 4
    sizes = [len(one.parts) for one in world.done if isinstance(one, Transact)][-4:]
    assert sizes == [100, 100, 100, 4]
    assert members(world) == people(100)
    used = world.patterns(set_members(ADMIN, "club", [], NOW))
    assert (used.count("leave_all"), used.count("leave_group")) == (4, 0)


@pytest.mark.parametrize("crash_after", [0, 1, 2])
def test_a_repeat_does_what_an_interruption_left(crash_after: int) -> None:
    world = world_of(people(80))
    wanted = people(80)[10:]
    world.run(set_members(ADMIN, "club", people(10), NOW))
    flow = set_members(ADMIN, "club", wanted, NOW)
    request, done = next(flow), 0
    while not (isinstance(request, Transact) and done == crash_after):
        done += isinstance(request, Transact)
        request = flow.send(world.answer(request))
    flow.close()
    assert len(members(world)) == 10 + 33 * crash_after
    rest = world.run(set_members(ADMIN, "club", wanted, b.at(900)))
    assert len(rest.added) == 70 - 33 * crash_after
    assert rest.removed == people(10)
    assert members(world) == wanted


def test_who_comes_or_goes_meanwhile_stops_nobody_else() -> None:
    world = world_of(people(40))
    world.run(set_members(ADMIN, "club", people(5), b.T0))
    flow = set_members(ADMIN, "club", people(40)[5:], NOW)
    request = next(flow)
    while not isinstance(request, Transact):
        request = flow.send(world.answer(request))
    world.run(join_group("club", "u0007", "admin", b.T0))
    world.run(leave_group("club", "u0001", b.T0))
    world.run(update_user("u0009", Profile(display_name="Renamed")))
    done = drive(world, flow, request)
    assert "u0007" not in done.added
    assert len(done.added) == 34
    assert done.removed == ["u0000", "u0002", "u0003", "u0004"]
    assert members(world) == people(40)[5:]


def drive(world: World, flow: Flow[Done], request: Request) -> Done:
    """Run the rest of a flow."""
    try:
        while True:
            try:
                answer = world.answer(request)
            except Changed as error:
                request = flow.throw(error)
            else:
                request = flow.send(answer)
    except StopIteration as stop:
        done: Done = stop.value
        return done


def test_two_who_set_the_same_group_leave_every_membership_whole() -> None:
    world = world_of(people(60))
    one = set_members(ADMIN, "club", people(40), NOW)
    other = set_members(ADMIN, "club", people(60)[20:], NOW)
    waiting = [(one, next(one)), (other, next(other))]
    while waiting:
        flow, request = waiting.pop(0)
        try:
            try:
                answer = world.answer(request)
            except Changed as error:
                waiting.append((flow, flow.throw(error)))
            else:
                waiting.append((flow, flow.send(answer)))
        except StopIteration:
            continue
    assert set(people(40)[20:]) <= set(members(world)) <= set(people(60))
    world.run(set_members(ADMIN, "club", people(40), NOW))
    assert members(world) == people(40)


def test_a_set_of_a_large_group_reads_and_writes_a_bounded_number() -> None:
    world = world_of(["ann", "zoe"])
    count = 10_000
    for n in range(0, count, 20):
        joinings = tuple(
            patterns.Joining(b.user(name), b.group(), b.member(name))
            for name in people(count)[n : n + 20]
        )
        for joining in joinings:
            puts = patterns.join_group(joining).parts[:2]
            world.run_all(*(put for put in puts if isinstance(put, Put)))
    world.run(join_group("club", "zoe", "member", b.T0))
    removed, repeats, complete = 0, 0, False
    while not complete:
        before = len(world.done)
        added, gone, complete = world.run(set_members(ADMIN, "club", ["ann", "zoe"], NOW))
        assert len(world.done) - before < 60
        assert added == (["ann"] if repeats == 0 else [])
        removed, repeats = removed + len(gone), repeats + 1
    assert (removed, repeats) == (count, 10)
    assert members(world) == ["ann", "zoe"]
