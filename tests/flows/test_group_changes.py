"""A group is renamed, hidden and deleted, and what follows from that in the feed."""

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Changed, ConversationClosed, Forbidden, IdTaken, Invalid, NotFound
from tavola.core.items import Item
from tavola.core.operations import Put
from tavola.flows.access import Asker
from tavola.flows.amending import edit_message
from tavola.flows.consumers import groups
from tavola.flows.groups import Change, create_group, delete_group, join_group, update_group
from tavola.flows.inbox import Ask, read_inbox
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user
from tests import builders as b
from tests.drive import World
from tests.flows.test_consumers import items_of, kinds, pointers, settle

ANN = Asker("ann")
NAMES = "ann", "bob", "cleo"


def club() -> World:
    """A club of three who have written in it; ann is its admin."""
    world = World()
    world.run(create_group(b.group()))
    for n, name in enumerate(NAMES):
        world.run(create_user(b.user(name)))
        world.run(join_group("club", name, "admin" if name == "ann" else "member", b.T0))
        world.run(send(b.draft(n, name), Target(conversation=b.GROUP), None, b.at(1), "day"))
    world.run(edit_message("ann", b.GROUP, 1, "edited", b.at(2)))
    settle(world)
    return world


def group_names(world: World) -> list[tuple[str, str]]:
    return [(item["sk"], item["name"]) for item in kinds(world, "GroupName")]


def copies(world: World) -> set[str]:
    return {item["name"] for item in kinds(world, "UserGroup")}


def test_a_rename_moves_the_place_in_the_list_and_reaches_every_member() -> None:
    world = club()
    seen = world.run(update_group(ANN, "club", Change(name=" Chess ")))
    assert (seen.group.name, seen.group.names_rev) == ("Chess", 2)
    assert group_names(world) == [("chess#club", "Chess")]
    assert copies(world) == {"Club"}
    settle(world)
    assert copies(world) == {"Chess"}


def test_where_folding_leaves_the_name_unchanged_its_place_is() -> None:
    world = club()
    world.run(update_group(ANN, "club", Change(name="CLUB")))
    assert group_names(world) == [("club#club", "CLUB")]
    settle(world)
    assert copies(world) == {"CLUB"}


def test_a_group_is_hidden_and_listed_without_a_new_name() -> None:
    world = club()
    seen = world.run(update_group(ANN, "club", Change(visibility="private")))
    assert (seen.group.visibility, seen.group.names_rev) == ("private", 1)
    (name,) = kinds(world, "GroupName")
    assert name["visibility"] == "private"
    before = world.store.last_change
    assert world.run(update_group(ANN, "club", Change())).group == seen.group
    assert world.store.last_change == before


def test_who_hides_and_who_renames_at_once_do_not_undo_each_other() -> None:
    world = club()
    before = b.group()
    world.run(update_group(ANN, "club", Change(visibility="private")))
    with pytest.raises(Changed):
        world.answer(patterns.update_group(before, b.group(name="Chess", names_rev=2)))
    with pytest.raises(Changed):
        world.answer(patterns.delete_group(before, b.T0, purge=False))
    assert group_names(world) == [("club#club", "Club")]


def test_only_its_admins_change_a_group() -> None:
    world = club()
    with pytest.raises(Forbidden):
        world.run(update_group(Asker("bob"), "club", Change(name="Mine")))
    with pytest.raises(Forbidden):
        world.run(delete_group(Asker("bob"), "club", b.T0, purge=True))
    with pytest.raises(Invalid):
        world.run(update_group(ANN, "club", Change(name=" ")))
    assert (
        world.run(update_group(Asker("app", admin=True), "club", Change(name="X"))).member is None
    )


def test_a_rename_while_a_name_is_copied_is_copied_as_well() -> None:
    world = club()
    last = world.store.last_change
    world.run(update_group(ANN, "club", Change(name="Second")))
    (task,) = groups.plan(world.store.read_changes(last, 9), "day")
    late = task.start()
    request = next(late)
    while not isinstance(request, tuple):
        request = late.send(world.answer(request))
    world.run(update_group(ANN, "club", Change(name="Third")))
    settle(world, last)
    assert copies(world) == {"Third"}
    request = late.send(world.answer(request))
    assert copies(world) == {"Second"}, "it came late"
    request = late.send(world.answer(request))
    world.answer(request)
    assert copies(world) == {"Third"}


@pytest.mark.parametrize("purge", [False, True])
def test_a_deleted_group_is_gone_at_once_and_the_feed_removes_the_rest(*, purge: bool) -> None:
    world = club()
    world.run(delete_group(ANN, "club", b.at(9), purge=purge))
    assert group_names(world) == []
    with pytest.raises(ConversationClosed):
        world.run(send(b.draft(9), Target(conversation=b.GROUP), None, b.at(10), "day"))
    with pytest.raises(NotFound):
        world.run(join_group("club", "bob", "member", b.T0))
    assert world.run(read_inbox(Ask("bob", 9, "day"), None)).rows == []
    settle(world)
    types = {item["type"] for item in items_of(world) if item["pk"] == "GROUP#club"}
    assert types == ({"Group"} if purge else {"Group", "Message", "Amendment"})
    assert (kinds(world, "UserGroup"), pointers(world)) == ([], [])
    assert [item["left_at"] for item in kinds(world, "LeftGroup")] == [b.at(9)] * 3
    with pytest.raises(IdTaken):
        world.run(create_group(b.group()))
    with pytest.raises(NotFound):
        world.run(delete_group(ANN, "club", b.T0, purge=purge))
    with pytest.raises(NotFound):
        world.run(update_group(ANN, "club", Change(name="x")))


@pytest.mark.parametrize("steps", range(1, 12))
def test_an_interrupted_removal_goes_on(steps: int) -> None:
    world = club()
    before = world.store.last_change
    world.run(delete_group(ANN, "club", b.at(9), purge=True))
    flow = groups.remove_rest("club", "day")
    request = next(flow)
    for _ in range(steps):
        try:
            request = flow.send(world.answer(request))
        except StopIteration:
            break
    flow.close()
    settle(world, before)
    assert [item["type"] for item in items_of(world) if item["pk"] == "GROUP#club"] == ["Group"]
    assert pointers(world) == []


def test_who_had_read_what_is_purged_learns_that_the_group_is_closed() -> None:
    world = World()
    deleted = b.group(deleted_at=b.T0, purge=True)
    items = table.GROUP.build(deleted), table.GROUP_USER.build(b.member("ann"))
    world.run_all(*(Put("t", item) for item in items))
    with pytest.raises(ConversationClosed):
        world.run(send(b.draft(1, "ann"), Target(conversation=b.GROUP), 7, b.T0, "day"))


def test_a_message_that_comes_while_its_group_is_purged_goes_as_well() -> None:
    world = club()
    world.run(delete_group(ANN, "club", b.at(9), purge=True))
    settle(world)
    last = world.store.last_change
    world.answer(patterns.append_message(b.entry(1, "bob", conversation=b.GROUP)))
    settle(world, last)
    assert kinds(world, "Message") == []


def test_large_groups_are_renamed_and_removed_in_slices() -> None:
    world = World()
    world.run(create_group(b.group()))
    count = 3 * limits.MEMBER_SLICE + 7
    for n in range(count):
        member = b.member(f"u{n:05d}")
        edge = e.UserGroup(user_id=member.user_id, group_id="club", joined_at=b.T0, name="Club")
        items: list[Item] = [table.GROUP_USER.build(member), table.USER_GROUP.build(edge)]
        world.run_all(*(Put("t", item) for item in items))
    before = world.store.last_change
    app = Asker("a-host-app", admin=True)
    world.run(update_group(app, "club", Change(name="Chess")))
    settle(world, before)
    assert copies(world) == {"Chess"}
    asked = [one for one in world.done if one.pattern == "list_members"]
    assert len(asked) == 4
    world.run(delete_group(app, "club", b.at(9), purge=True))
    settle(world, before)
    assert (kinds(world, "GroupUser"), kinds(world, "UserGroup")) == ([], [])
