"""Memberships: both joiners in one transaction, with names that are current."""

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Changed, Forbidden, IdTaken, Invalid, NotFound, UserNotFound
from tavola.core.ids import group
from tavola.core.operations import Check, Lost, Page, Put, Transact
from tavola.flows.access import Asker, see_group
from tavola.flows.groups import (
    History,
    Wish,
    add_user,
    create_group,
    found_group,
    join_group,
    leave_group,
    new_group,
    remove_user,
)
from tavola.flows.listing import list_groups, list_joined, list_members
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
        (patterns.join_group(patterns.Joining(b.user("ann"), b.group(), member)), None),
    )
    assert reply == member


def test_a_join_is_two_puts_and_two_checks_in_one_transaction() -> None:
    write = patterns.join_group(patterns.Joining(b.user("ann"), b.group(), b.member("ann")))
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
    write = patterns.join_group(
        patterns.Joining(b.user("ann"), b.group(), b.member("ann", joined_at=NOW))
    )
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


@pytest.mark.parametrize(("history", "visible_from"), [("all", 1), ("none", 8)])
def test_who_joins_sees_earlier_history_or_not(history: History, visible_from: int) -> None:
    world = club(ann="admin")
    world.run_all(Put("t", HEAD))
    wish = Wish(history=history)
    member = world.run(add_user(Asker("ann"), "club", "@dan", wish, NOW))
    assert (member.role, member.read_seq, member.visible_from_seq) == ("member", 7, visible_from)
    again = world.run(add_user(Asker("ann"), "club", "dan", Wish(history="all"), b.at(900)))
    assert again == member, "it is decided once"


def test_the_role_of_a_member_is_changed_and_nothing_else() -> None:
    world = club(ann="admin", bob="member")
    changed = world.run(add_user(Asker("ann"), "club", "bob", Wish("admin"), NOW))
    assert changed == b.member("bob", role="admin")
    assert world.run(add_user(Asker("bob"), "club", "ann", Wish("member"), NOW)).role == "member"
    assert world.run(add_user(Asker("bob"), "club", "bob", Wish(), NOW)).role == "admin"
    for asker, error in ((Asker("ann"), Forbidden), (Asker("dan"), NotFound)):
        with pytest.raises(error):
            world.run(add_user(asker, "club", "dan", Wish("admin"), NOW))


def test_who_makes_a_group_is_its_first_member_and_admin() -> None:
    world = club()
    made = world.run(found_group(b.group("chess", created_by="dan")))
    assert made.member == b.member("dan", "chess", role="admin")
    assert types_of(world, "dan") == ["User", "UserGroup"]
    by_an_app = world.run(found_group(b.group("go", created_by="a-host-app")))
    assert by_an_app.member is None
    with pytest.raises(IdTaken):
        world.run(found_group(b.group("chess", created_by="dan")))


def test_a_private_group_is_there_for_its_members_and_admins() -> None:
    world = club(ann="member")
    for asker in (Asker("ann"), Asker("a-host-app", admin=True)):
        assert world.run(see_group(asker, "club")).group.group_id == "club"
        assert len(world.run(list_members(asker, "club", 9)).members) == 1
    for flow in (see_group(Asker("dan"), "club"), list_members(Asker("dan"), "club", 9)):
        with pytest.raises(NotFound):
            world.run(flow)
    names = [one.group_id for one in world.run(list_groups(Asker("dan"), 9)).groups]
    assert names == []


def test_the_list_of_groups_skips_what_is_private_and_reads_no_further_than_it_must() -> None:
    world = World()
    for n in range(60):
        hidden: e.Visibility = "private" if n % 20 else "listed"
        world.run(create_group(b.group(f"g{n:02d}", visibility=hidden)))
    pages: list[list[str]] = []
    start: str | None = None
    while not pages or start:
        before = len(world.done)
        found, start = world.run(list_groups(Asker("dan"), 5, start=start))
        pages.append([one.group_id for one in found])
        assert len(world.done) - before <= limits.GROUP_SLICES_MAX * 6
    assert [name for page in pages for name in page] == ["g00", "g20", "g40"]
    everything = world.run(list_groups(Asker("root", admin=True), 100, "G0"))
    assert [one.name for one in everything.groups] == [f"G0{n}" for n in range(10)]


def test_a_users_groups_are_shown_to_them_and_to_admins() -> None:
    world = club(ann="member")
    for asker in (Asker("ann"), Asker("a-host-app", admin=True)):
        (joined,) = world.run(list_joined(asker, "@ann", 1)).groups
        assert (joined.group_id, joined.name, joined.joined_at) == ("club", "Club", b.T0)
        assert world.run(list_joined(asker, "ann", 1, "GROUP#club")).groups == []
    for name in ("ann", "@ann", "nobody", "@nobody"):
        with pytest.raises(NotFound):
            world.run(list_joined(Asker("dan"), name, 9))
    with pytest.raises(UserNotFound):
        world.run(list_joined(Asker("a-host-app", admin=True), "nobody", 9))
