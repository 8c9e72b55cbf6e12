"""What each access pattern costs in operations, as the design promises."""

from typing import Any

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.ids import direct, parse_conversation
from tavola.core.operations import Put
from tavola.flows.consumers import CONSUMERS
from tavola.flows.groups import join_group
from tavola.flows.inbox import Ask, read_inbox
from tavola.flows.markers import mark_read
from tavola.flows.reading import Window, read_page
from tavola.flows.sending import Target, send
from tests import builders as b
from tests.drive import World

DM = parse_conversation(b.DIRECT)
IN_DM, IN_CLUB = Target(conversation=b.DIRECT), Target(conversation=b.GROUP)


def world_with_log(length: int = 3) -> World:
    world = World()
    world.run_all(
        *(Put("t", table.USER.build(b.user(name))) for name in ("ann", "bob")),
        Put("t", table.HANDLE.build(e.Handle(handle="bob", user_id="bob"))),
        Put("t", table.GROUP.build(b.group())),
        Put("t", table.GROUP_USER.build(b.member("ann"))),
    )
    if length:
        world.run_all(
            *(patterns.name_direct_user(DM, b.user(name)) for name in ("ann", "bob")),
            *(Put("t", table.MESSAGE.build(b.entry(n))) for n in range(1, length + 1)),
        )
    return world


def feed(world: World) -> list[str]:
    """What the feed does about the newest change."""
    (change,) = world.store.read_changes(world.store.last_change - 1, 1)
    used: list[str] = []
    for plan in CONSUMERS:
        for task in plan([change], "day"):
            used += world.patterns(task.start())
    return used


def test_a_page_of_fifty_is_one_query() -> None:
    world = world_with_log(60)
    window = Window(limit=50, before=60)
    assert world.patterns(read_page("ann", b.DIRECT, Window(limit=50), people=False)) == [
        "read_messages"
    ]
    assert world.patterns(read_page("ann", b.DIRECT, window, people=False)) == [
        "direct_head",
        "read_messages",
    ]


def test_the_next_direct_message_is_one_query_and_one_put_and_nothing_in_the_feed() -> None:
    world = world_with_log()
    sending = send(b.draft(9), IN_DM, None, b.at(60), "day")
    assert world.patterns(sending) == ["read_tail", "append_message"]
    assert feed(world) == []


def test_the_first_message_to_a_handle_is_three_reads_and_one_put() -> None:
    world = world_with_log(0)
    sending = send(b.draft(9), Target(to="@bob"), None, b.at(60), "day")
    assert world.patterns(sending) == ["get_handle", "read_tail", "get_user", "append_message"]
    in_feed = feed(world)
    assert in_feed.count("put_pointer") == 2
    assert in_feed.count("name_direct_user") == 2
    assert in_feed.count("delete_pointer") == 0


def test_the_next_group_message_is_two_reads_one_put_and_the_senders_marker() -> None:
    world = world_with_log()
    first = send(b.draft(9), IN_CLUB, None, b.at(60), "day")
    assert world.patterns(first) == ["get_member", "read_tail", "append_message"]
    world.run(send(b.draft(10), IN_CLUB, None, b.at(61), "day"))
    assert feed(world) == ["mark_read"]


def test_a_new_bucket_is_a_put_and_a_delete_for_each_member() -> None:
    world = world_with_log()
    world.run_all(*(patterns.put_pointer(user, b.T0[:10], b.DIRECT) for user in DM.users))
    world.run(send(b.draft(9), IN_DM, None, b.at(86_400), "day"))
    used = feed(world)
    assert used == ["direct_head"] + ["put_pointer"] * 2 + ["delete_pointer"] * 2


def test_marking_read_is_one_query_and_one_update() -> None:
    world = world_with_log()
    assert world.patterns(mark_read("bob", b.DIRECT, 2)) == ["direct_head", "mark_read"]
    assert world.patterns(mark_read("bob", b.DIRECT, 2)) == ["direct_head"]


def test_an_inbox_page_is_one_query_and_a_query_for_each_conversation() -> None:
    world = World()
    for n in range(30):
        peer = f"u{n:02d}"
        target = direct("ann", peer)
        log = b.entry(1, peer, conversation=target.id, created_at=b.at(n * 86_400))
        world.run_all(
            Put("t", table.MESSAGE.build(log)),
            patterns.name_direct_user(target, b.user(peer)),
            patterns.put_pointer("ann", b.at(n * 86_400)[:10], target.id),
        )
    used = world.patterns(read_inbox(Ask("ann", 20, "day"), None))
    assert used == ["inbox_pointers"] + ["direct_head"] * 20


def test_joining_is_four_reads_and_one_transaction() -> None:
    world = world_with_log()
    used: list[Any] = world.patterns(join_group("club", "bob", "member", b.T0))
    assert used == ["get_group", "get_user", "group_head", "get_member", "join_group"]
