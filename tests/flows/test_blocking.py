"""Blocking: one item, written by its owner alone, and nothing else that anybody could see."""

import pytest

from tavola.core import patterns, table
from tavola.core.errors import ConversationClosed, Invalid, UserNotFound
from tavola.core.ids import parse_conversation
from tavola.flows.blocking import block_user, unblock_user
from tavola.flows.consumers import CONSUMERS
from tavola.flows.markers import get_conversation
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user
from tests import builders as b
from tests.drive import World

DM = parse_conversation(b.DIRECT)
TO = {"ann": Target(to="@bob"), "bob": Target(conversation=b.DIRECT)}


@pytest.fixture
def world() -> World:
    """Ann and Bob, who have not written yet."""
    world = World()
    for name in ("ann", "bob"):
        world.run(create_user(b.user(name)))
    return world


def feed(world: World) -> None:
    """Do what follows from all changes."""
    for plan in CONSUMERS:
        for task in plan(world.store.read_changes(0, 500), "day"):
            world.run(task.start())


def say(world: World, n: int, who: str) -> None:
    world.run(send(b.draft(n, who), TO[who], None, b.at(n), "day"))


@pytest.mark.parametrize("begun", [False, True])
def test_neither_can_write_until_the_block_is_gone(world: World, *, begun: bool) -> None:
    if begun:
        say(world, 1, "bob")
        feed(world)
    world.run(block_user("ann", "@bob"))
    for who in ("ann", "bob"):
        with pytest.raises(ConversationClosed):
            say(world, 2, who)
    world.run(unblock_user("ann", "bob"))
    say(world, 2, "ann")
    feed(world)
    world.run(block_user("bob", "ann"))
    with pytest.raises(ConversationClosed):
        say(world, 3, "ann")


def test_a_block_on_both_sides_needs_both_to_end(world: World) -> None:
    world.run(block_user("ann", "bob"))
    world.run(block_user("bob", "ann"))
    world.run(unblock_user("ann", "bob"))
    with pytest.raises(ConversationClosed):
        say(world, 1, "ann")
    world.run(unblock_user("bob", "ann"))
    say(world, 1, "ann")


def test_only_who_blocks_sees_it(world: World) -> None:
    world.run(block_user("ann", "bob"))
    assert world.run(get_conversation("ann", b.DIRECT)).blocked is True
    before = world.run(get_conversation("bob", b.DIRECT))
    world.run(unblock_user("ann", "bob"))
    assert world.run(get_conversation("bob", b.DIRECT)) == before


def test_repeating_changes_nothing(world: World) -> None:
    world.run(unblock_user("ann", "bob"))
    world.run(block_user("ann", "bob"))
    last = world.store.last_change
    world.run(block_user("ann", "bob"))
    assert world.store.last_change == last
    (key,) = {change.key for change in world.store.read_changes(last - 1, 9)}
    assert key == table.DIRECT_USER.key(conversation=b.DIRECT, user_id="ann")


def test_a_block_does_not_stand_for_somebody_who_is_not_there(world: World) -> None:
    """Joiners without names say nothing of whether their users are there."""
    for who, other in (("ann", "bob"), ("bob", "ann")):
        world.run(block_user(who, other))
        world.run(unblock_user(who, other))
    used = world.patterns(send(b.draft(1), TO["bob"], None, b.at(1), "day"))
    assert used == ["read_tail", "get_user", "append_message"]


def test_names_and_block_are_written_side_by_side(world: World) -> None:
    world.run(block_user("ann", "bob"))
    world.answer(patterns.name_direct_user(DM, b.user("ann"), b.T0))
    item = world.answer(patterns.direct_head(DM)).items[0]
    assert (item["blocked"], item["handle"], item["type"], item["v"]) == (
        True,
        "ann",
        "DirectUser",
        1,
    )


def test_nobody_blocks_themselves_or_nobody(world: World) -> None:
    for write in (block_user, unblock_user):
        for other in ("ann", "@ann"):
            with pytest.raises(Invalid):
                world.run(write("ann", other))
        for other in ("nobody", "@nobody"):
            with pytest.raises(UserNotFound):
                world.run(write("ann", other))
