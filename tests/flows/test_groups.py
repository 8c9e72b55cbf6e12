"""Memberships: both joiners in one transaction, with names that are current."""

import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import Changed, Forbidden, IdTaken, Invalid, NotFound, UserNotFound
from tavola.core.ids import group
from tavola.core.operations import Check, Lost, Page, Put, Transact
from tavola.flows.access import Asker
from tavola.flows.groups import create_group, join_group, leave_group, new_group, remove_user
from tavola.flows.users import create_user
from tests import builders as b
from tests.drive import World, play

NOW = b.at(500)
TOP = patterns.get_group("club", consistent=True)
READS = (
    patterns.get_user("ann", consistent=True),
    patterns.group_head(group("club"), consistent=True),
    patterns.get_member("club", "ann", consistent=True),
)
GROUP = table.GROUP.build(b.group())
ANN = table.USER.build(b.user("ann"))
HEAD = table.MESSAGE.build(b.entry(7, "bob", conversation=b.GROUP))


def test_who_joins_has_read_all_that_was_written_before() -> None:
    member = b.member("ann", joined_at=NOW, read_seq=7)
    reply = play(
        join_group("club", "ann", "member", NOW),
        (TOP, GROUP),
        (READS, [ANN, Page([GROUP, HEAD]), None]),
        (patterns.join_group(b.user("ann"), b.group(), member), None),
    )
    assert reply == member


def test_a_join_is_two_puts_and_two_checks_in_one_transaction() -> None:
    write = patterns.join_group(b.user("ann"), b.group(), b.member("ann"))
    assert isinstance(write, Transact)
    assert [type(part) for part in write.parts] == [Put, Put, Check, Check]
    written = [part.item["type"] for part in write.parts if isinstance(part, Put)]
    assert written == ["GroupUser", "UserGroup"]


def test_joining_again_keeps_the_first_joined_at() -> None:
    there = b.member("ann", joined_at=b.T0, read_seq=3)
    reply = play(
        join_group("club", "ann", "member", NOW),
        (TOP, GROUP),
        (READS, [ANN, Page([GROUP]), table.GROUP_USER.build(there)]),
    )
    assert reply == there


def test_who_loses_a_race_to_join_answers_the_membership_that_is_there() -> None:
    there = b.member("ann", joined_at=b.T0)
    write = patterns.join_group(b.user("ann"), b.group(), b.member("ann", joined_at=NOW))
    reply = play(
        join_group("club", "ann", "member", NOW),
        (TOP, GROUP),
        (READS, [ANN, Page([GROUP]), None]),
        (write, Lost(table.GROUP_USER.build(there), 0)),
    )
    assert reply == there


@pytest.mark.parametrize("top", [None, table.GROUP.build(b.group(deleted_at=b.T0))])
def test_no_membership_in_a_group_that_is_not_there(top: dict[str, object] | None) -> None:
    with pytest.raises(NotFound):
        play(join_group("club", "ann", "member", NOW), (TOP, top))


@pytest.mark.parametrize("top", [None, table.USER.build(b.user("ann", deleted_at=b.T0))])
def test_no_membership_of_a_user_who_is_not_there(top: dict[str, object] | None) -> None:
    with pytest.raises(UserNotFound):
        play(
            join_group("club", "ann", "member", NOW),
            (TOP, GROUP),
            (READS, [top, Page([GROUP]), None]),
        )


@pytest.mark.parametrize(
    "between",
    [
        Put("t", table.USER.build(b.user("ann", names_rev=2))),
        Put("t", table.USER.build(b.user("ann", deleted_at=b.T0))),
        Put("t", table.GROUP.build(b.group(names_rev=2))),
        Put("t", table.GROUP.build(b.group(deleted_at=b.T0))),
    ],
)
def test_a_rename_or_deletion_between_reading_and_joining_writes_neither_joiner(
    between: Put,
) -> None:
    world = World()
    world.run_all(Put("t", GROUP), Put("t", ANN))
    flow = join_group("club", "ann", "member", NOW)
    request = next(flow)
    while not isinstance(request, Transact):
        request = flow.send(world.answer(request))
    world.run_all(between)
    with pytest.raises(Changed) as error:
        world.answer(request)
    with pytest.raises(Changed):
        flow.throw(error.value)
    assert world.answer(patterns.get_member("club", "ann")) is None
    assert world.answer(patterns.user_with_groups("ann", 9)).items[1:] == []


def test_a_groups_id_is_never_used_again() -> None:
    world = World()
    world.run(create_group(b.group()))
    with pytest.raises(IdTaken):
        world.run(create_group(b.group(name="Other")))
    world.run_all(Put("t", table.GROUP.build(b.group(deleted_at=b.T0))))
    with pytest.raises(IdTaken):
        world.run(create_group(b.group(name="Other")))


def test_a_new_group_is_checked() -> None:
    assert new_group("club", " The Club ", "ann", b.T0) == b.group(name="The Club")
    for group_id, name in (("a#b", "The Club"), ("club", " "), ("club", "x" * 201)):
        with pytest.raises(Invalid):
            new_group(group_id, name, "ann", b.T0)


def club(**roles: e.Role) -> World:
    """A private club with these members, and dan beside it."""
    world = World()
    world.run(create_group(b.group(visibility="private")))
    for name in (*roles, "dan"):
        world.run(create_user(b.user(name)))
    for name, role in roles.items():
        world.run(join_group("club", name, role, b.T0))
    return world


def types_of(world: World, user_id: str) -> list[str]:
    items = world.answer(patterns.read_collection(f"USER#{user_id}")).items
    member = world.answer(patterns.get_member("club", user_id))
    return [item["type"] for item in (*items, *([member] if member else []))]


def test_leaving_removes_both_joiners_and_remembers_the_membership() -> None:
    world = club(ann="member")
    assert types_of(world, "ann") == ["User", "UserGroup", "GroupUser"]
    assert world.run(leave_group("club", "ann", NOW)) is True
    assert types_of(world, "ann") == ["User", "LeftGroup"]
    assert world.run(leave_group("club", "ann", b.at(900))) is False
    (left,) = world.answer(patterns.read_collection("USER#ann", "LEFT#")).items
    assert left["left_at"] == NOW, "leaving twice is leaving once"


def test_who_comes_back_is_there_once() -> None:
    world = club(ann="admin")
    for n in range(3):
        world.run(leave_group("club", "ann", b.at(n)))
        member = world.run(join_group("club", "ann", "member", b.at(n + 0.5)))
        assert (member.joined_at, member.role) == (b.at(n + 0.5), "member")
    assert types_of(world, "ann") == ["User", "UserGroup", "LeftGroup", "GroupUser"]


def test_anybody_leaves_and_admins_remove_others() -> None:
    world = club(ann="admin", bob="member", cleo="member", eve="member")
    with pytest.raises(Forbidden):
        world.run(remove_user(Asker("bob"), "club", "cleo", NOW))
    assert world.run(remove_user(Asker("bob"), "club", "@bob", NOW))
    assert world.run(remove_user(Asker("ann"), "club", "@cleo", NOW))
    assert world.run(remove_user(Asker("a-host-app", admin=True), "club", "eve", NOW))
    assert world.run(remove_user(Asker("ann"), "club", "eve", NOW)) is False
    page = world.answer(patterns.list_members("club", 9))
    assert [item["sk"] for item in page.items] == ["USER#ann"]


def test_who_is_not_in_a_private_group_does_not_learn_that_it_is_there() -> None:
    world = club(ann="admin")
    for group_id in ("club", "none"):
        assert world.run(remove_user(Asker("dan"), group_id, "dan", NOW)) is False
        with pytest.raises(NotFound):
            world.run(remove_user(Asker("dan"), group_id, "ann", NOW))
    assert types_of(world, "dan") == ["User"]
