"""Consumers act on what is true now, so repeats and any order end the same."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change
from tavola.core.ids import parse_conversation
from tavola.core.items import Item, key_of
from tavola.core.operations import Page, Put
from tavola.flows.amending import delete_message, edit_message
from tavola.flows.consumers import CONSUMERS, inbox, profiles
from tavola.flows.groups import create_group, join_group, leave_group
from tavola.flows.markers import mark_read
from tavola.flows.sending import Target, send
from tavola.flows.users import Profile, create_user, update_user
from tests import builders as b
from tests.drive import World, at_once, play

DM = parse_conversation(b.DIRECT)
CLUB = parse_conversation(b.GROUP)
DAY = 86_400
FIRST, SECOND = "2026-11-21", "2026-11-22"


def inserted(record: e.Message | e.GroupUser) -> Change:
    item = table.ENTITIES[type(record).__name__].build(record)
    return Change(1, key_of(item), None, item)


def changed(old: Item, new: Item | None) -> Change:
    return Change(2, key_of(old), old, new)


def settle(world: World, after: int = 0) -> None:
    """Hand the consumers every change behind a number, and those that come of it."""
    while changes := world.store.read_changes(after, 500):
        after = changes[-1].n
        handle(world, changes)


def handle(world: World, changes: Sequence[Change]) -> None:
    for plan in CONSUMERS:
        for task in plan(changes, "day"):
            world.run(task.start())


def items_of(world: World) -> list[Item]:
    async def collect() -> list[Item]:
        return [item async for part in world.store.scan() for item in part]

    return at_once(collect())


def kinds(world: World, kind: str) -> list[Item]:
    return [item for item in items_of(world) if item["type"] == kind]


def pointers(world: World) -> list[str]:
    return [f"{item['pk']} {item['sk']}" for item in kinds(world, "InboxPointer")]


def busy_world() -> World:
    """People who wrote, edited, deleted, joined, read and were renamed, before any feed."""
    world = World()
    for name in ("ann", "bob", "cleo"):
        world.run(create_user(b.user(name)))
    world.run(create_group(b.group()))
    to_bob, to_club = Target(to="@bob"), Target(conversation=b.GROUP)
    for who in ("ann", "bob"):
        world.run(join_group("club", who, "member", b.T0))
    world.run(send(b.draft(1), to_bob, None, b.T0, "day"))
    world.run(send(b.draft(2, "bob"), Target(to="ann"), None, b.at(DAY), "day"))
    world.run(send(b.draft(3), to_club, None, b.at(DAY), "day"))
    world.run(send(b.draft(4, "bob"), to_club, None, b.at(2 * DAY), "day"))
    world.run(join_group("club", "cleo", "member", b.at(2 * DAY)))
    world.run(send(b.draft(5, "cleo"), to_club, None, b.at(2 * DAY), "day"))
    world.run(edit_message("ann", b.DIRECT, 1, "edited", b.at(3 * DAY)))
    world.run(delete_message("bob", b.GROUP, 2, b.at(3 * DAY)))
    world.run(mark_read("ann", b.GROUP, 2))
    world.run(update_user("bob", Profile(display_name="Robert")))
    return world


def test_the_first_message_puts_the_conversation_into_both_inboxes() -> None:
    log = b.log("a")
    (task,) = inbox.plan([inserted(log[0])], "day")
    head = Page([table.MESSAGE.build(log[0])])
    puts = tuple(patterns.put_pointer(user, FIRST, b.DIRECT) for user in ("ann", "bob"))
    play(task.start(), (patterns.head_of(DM, consistent=True), head), (puts, [None, None]))


def test_a_bump_puts_the_new_pointers_before_it_deletes_the_old_ones() -> None:
    entry = b.entry(2, created_at=b.at(DAY), bump=e.Bump(SECOND, FIRST))
    (task,) = inbox.plan([inserted(entry)], "day")
    both = ("ann", "bob")
    play(
        task.start(),
        (patterns.head_of(DM, consistent=True), Page([table.MESSAGE.build(entry)])),
        (tuple(patterns.put_pointer(user, SECOND, b.DIRECT) for user in both), [None, None]),
        (tuple(patterns.delete_pointer(user, FIRST, b.DIRECT) for user in both), [None, None]),
    )


def test_a_late_bump_puts_the_pointer_where_the_head_is_now() -> None:
    late = b.entry(2, created_at=b.at(DAY), bump=e.Bump(SECOND, FIRST))
    head = b.entry(3, created_at=b.at(5 * DAY))
    (task,) = inbox.plan([inserted(late)], "day")
    flow = task.start()
    assert next(flow) == patterns.head_of(DM, consistent=True)
    puts = flow.send(Page([table.MESSAGE.build(head)]))
    assert puts == tuple(patterns.put_pointer(u, "2026-11-26", b.DIRECT) for u in ("ann", "bob"))
    deletes: Any = flow.send([None, None])
    assert {operation.key.sk[6:16] for operation in deletes} == {FIRST, SECOND}


def test_every_change_of_a_batch_is_handled_not_only_the_first() -> None:
    others = [b.entry(1, conversation=f"dm:ann:u{n}", bump=e.Bump(FIRST)) for n in range(3)]
    changes = [inserted(entry) for entry in others]
    assert [task.change for task in inbox.plan(changes, "day")] == changes
    assert [task.change for task in profiles.plan(changes, "day")] == changes


def test_edit_of_an_old_message_does_not_move_the_inbox() -> None:
    entry = b.entry(1, bump=e.Bump(FIRST))
    old = table.MESSAGE.build(entry)
    edit = changed(old, old | {"body": "new", "edited_at": b.at(9 * DAY)})
    deletion = changed(old, old | {"deleted_at": b.at(9 * DAY)})
    for change in (edit, deletion, changed(old, None)):
        assert inbox.plan([change], "day") == []
        assert profiles.plan([change], "day") == []


def test_the_feed_does_not_trigger_itself() -> None:
    """What the consumers write gives them nothing more to do."""
    world = busy_world()
    settle(world)
    last = world.store.last_change
    own = [c for c in world.store.read_changes(0, 1_000) if "InboxPointer" in str(c.new or c.old)]
    assert own
    assert [task for plan in CONSUMERS for task in plan(own, "day")] == []
    settle(world, last)
    assert world.store.last_change == last


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2)])
def test_a_senders_marker_follows_to_their_newest_message(order: tuple[int, ...]) -> None:
    entries = {seq: b.entry(seq, conversation=b.GROUP) for seq in order}
    (task,) = inbox.plan([inserted(entries[seq]) for seq in order], "day")
    play(task.start(), (patterns.mark_read(CLUB, "ann", 3), None))


def test_a_new_member_gets_a_pointer_where_the_head_is() -> None:
    (task,) = inbox.plan([inserted(b.member("ann"))], "day")
    there = table.GROUP_USER.build(b.member("ann"))
    head = table.MESSAGE.build(b.entry(4, conversation=b.GROUP, created_at=b.at(DAY)))
    is_member = patterns.get_member("club", "ann", consistent=True)
    tail = patterns.head_of(CLUB, consistent=True)
    put = patterns.put_pointer("ann", SECOND, b.GROUP)
    since = patterns.read_messages(CLUB, 1, limits.SEQ_MAX, limits.AFTER_SPAN_MAX, consistent=True)
    by_others = Page([head | {"sender_id": "bob"}])
    play(task.start(), (is_member, there), (tail, by_others), (put, None), (since, by_others))
    play(
        task.start(),
        (is_member, there),
        (tail, Page([head])),
        (put, None),
        (since, Page([head])),
        (patterns.mark_read(CLUB, "ann", 4), None),
    )
    (task,) = inbox.plan([inserted(b.member("ann", read_seq=4))], "day")
    play(task.start(), (is_member, there), (tail, Page([head])), (put, None))
    play(task.start(), (is_member, None), (tail, Page([head])))
    play(task.start(), (is_member, there), (tail, Page([])))


def test_who_has_left_loses_the_pointer_unless_they_came_back() -> None:
    left = table.GROUP_USER.build(b.member("ann"))
    (task,) = inbox.plan([changed(left, None)], "day")
    head = table.MESSAGE.build(b.entry(4, conversation=b.GROUP, created_at=b.at(DAY)))
    pointer = e.InboxPointer(user_id="ann", bucket=SECOND, conversation=b.GROUP)
    member = table.GROUP_USER.key(group_id="club", user_id="ann")
    tail = patterns.head_of(CLUB, consistent=True)
    play(task.start(), (tail, Page([head])), (patterns.remove_pointer(pointer, member), None))
    play(task.start(), (tail, Page([])))


def test_a_late_leave_does_not_hit_who_came_back() -> None:
    world = busy_world()
    settle(world)
    world.run(leave_group("club", "ann", b.at(4 * DAY)))
    world.run(join_group("club", "ann", "member", b.at(4 * DAY)))
    changes = world.store.read_changes(0, 1_000)
    settle(world)
    handle(world, [change for change in changes if change.new is None])
    assert f"USER#ann INBOX#2026-11-23#{b.GROUP}" in pointers(world)
    assert len(kinds(world, "LeftGroup")) == 1
    world.run(leave_group("club", "ann", b.at(5 * DAY)))
    settle(world)
    assert pointers(world)[0] == f"USER#ann INBOX#{SECOND}#{b.DIRECT}"
    assert not [one for one in pointers(world) if one.startswith("USER#ann") and "group" in one]


def test_members_are_walked_in_slices() -> None:
    world = World()
    count = limits.MEMBER_SLICE + 3
    world.run_all(
        *(Put("t", table.GROUP_USER.build(b.member(f"u{n:04d}"))) for n in range(count)),
        Put("t", table.MESSAGE.build(b.entry(1, conversation=b.GROUP))),
    )
    (task, _) = inbox.plan([inserted(b.entry(1, conversation=b.GROUP, bump=e.Bump(FIRST)))], "day")
    used = world.patterns(task.start())
    assert used.count("list_members") == 2
    assert used.count("put_pointer") == count
    assert len(pointers(world)) == count


def test_a_new_conversation_gets_both_joiners_with_both_names() -> None:
    (task,) = profiles.plan([inserted(b.entry(1))], "day")
    reads = tuple(patterns.get_user(user, consistent=True) for user in ("ann", "bob"))
    users = [b.user("ann"), b.user("bob")]
    items = [table.USER.build(user) for user in users]
    updates = tuple(patterns.name_direct_user(DM, user, b.at(1)) for user in users)
    play(task.start(), (reads, items), (updates, [None, None]), (reads, items))


def test_a_rename_while_names_are_copied_is_copied_as_well() -> None:
    (task,) = profiles.plan([inserted(b.entry(1))], "day")
    reads = tuple(patterns.get_user(user, consistent=True) for user in ("ann", "bob"))
    users = [b.user("ann"), b.user("bob")]
    renamed = b.user("bob", display_name="Robert", names_rev=2)
    items = [table.USER.build(user) for user in users]
    after = [items[0], table.USER.build(renamed)]
    play(
        task.start(),
        (reads, items),
        (tuple(patterns.name_direct_user(DM, user, b.at(1)) for user in users), [None, None]),
        (reads, after),
        ((patterns.name_direct_user(DM, renamed, b.at(1)),), [None]),
        (reads, after),
    )


def test_names_are_not_frozen_into_messages() -> None:
    world = busy_world()
    settle(world)
    joiners = kinds(world, "DirectUser") + kinds(world, "GroupUser")
    names = {item["display_name"] for item in joiners if item["sk"] == "USER#bob"}
    assert names == {"Robert"}
    for message in kinds(world, "Message"):
        assert not {"display_name", "handle"} & message.keys()


def test_after_the_feed_every_inbox_holds_each_conversation_once() -> None:
    world = busy_world()
    settle(world)
    assert pointers(world) == [
        f"USER#ann INBOX#{SECOND}#{b.DIRECT}",
        f"USER#ann INBOX#2026-11-23#{b.GROUP}",
        f"USER#bob INBOX#{SECOND}#{b.DIRECT}",
        f"USER#bob INBOX#2026-11-23#{b.GROUP}",
        f"USER#cleo INBOX#2026-11-23#{b.GROUP}",
    ]


@pytest.mark.parametrize("seed", range(8))
def test_replaying_all_changes_in_any_order_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    world = busy_world()
    settle(world)
    before = items_of(world)
    changes = world.store.read_changes(0, 1_000)
    replayed = rng.choices(changes, k=2 * len(changes))
    while replayed:
        size = rng.randint(1, 7)
        handle(world, replayed[:size])
        del replayed[:size]
    assert [item for item in items_of(world) if item["type"] != "InboxPointer"] == [
        item for item in before if item["type"] != "InboxPointer"
    ]
    assert items_of(world) == before
