"""The inbox: ordered by heads, each conversation once, stale pointers mended on the way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import StoreFailed, StoreFull, StoreReadOnly, TavolaError
from tavola.core.ids import direct, parse_conversation
from tavola.core.operations import Delete, Get, Lost, Page, Put, Query, Transact
from tavola.flows.flow import Flow
from tavola.flows.inbox import Ask, InboxPage, Position, read_inbox
from tests import builders as b
from tests.drive import World, operations_in, play

DAY = 86_400
WITH_BOB = parse_conversation(b.DIRECT)


def day(time: str) -> str:
    return time[:10]


def ask(limit: int = 20, heads_max: int | None = None) -> Ask:
    return Ask("ann", limit, "day", heads_max)


def put_conversation(
    world: World, peer: str, head_s: float, *buckets: str, entries: int = 1
) -> str:
    """A conversation of ann whose newest entry is then, with pointers in these buckets."""
    target = direct("ann", peer)
    times = [head_s - 10 * DAY * (entries - n) for n in range(1, entries + 1)]
    log = [
        b.entry(n, peer, conversation=target.id, created_at=b.at(time))
        for n, time in enumerate(times, start=1)
    ]
    world.run_all(
        Put("t", table.USER.build(b.user(peer))),
        *(Put("t", table.MESSAGE.build(entry)) for entry in log),
        *(
            patterns.put_pointer("ann", bucket, target.id)
            for bucket in buckets or (day(b.at(head_s)),)
        ),
    )
    return target.id


def shown(page: InboxPage) -> list[str]:
    return [row.conversation for row in page.rows]


def walk(world: World, asked: Ask) -> list[InboxPage]:
    """All pages, one after the other."""
    pages = [world.run(read_inbox(asked, None))]
    while pages[-1].next:
        pages.append(world.run(read_inbox(asked, pages[-1].next)))
        assert len(pages) < 200
    return pages


def pointers(world: World, user_id: str = "ann") -> list[tuple[str, str]]:
    page: Page = world.answer(patterns.inbox_pointers(user_id, 1_000))
    found = [table.INBOX_POINTER.parse(item) for item in page.items]
    return [(pointer.bucket, pointer.conversation) for pointer in found]


def test_an_inbox_without_conversations_is_empty() -> None:
    assert World().run(read_inbox(ask(), None)) == InboxPage([], None, exact=True)


def test_rows_are_ordered_by_their_heads_not_by_their_keys() -> None:
    world = World()
    ids = [put_conversation(world, peer, s) for peer, s in (("zoe", 1), ("bob", 3), ("max", 2))]
    zoe, bob, max_ = ids
    page = world.run(read_inbox(ask(), None))
    assert shown(page) == [bob, max_, zoe]
    assert page.exact
    assert page.next is None
    assert [row.unread for row in page.rows] == [1, 1, 1]


@given(
    st.lists(st.integers(0, 5 * DAY), max_size=25, unique=True),
    st.integers(1, 9),
    st.randoms(use_true_random=False),
)
def test_pages_show_each_conversation_once_newest_first(
    heads: list[int], limit: int, rng: random.Random
) -> None:
    world = World()
    numbers = list(range(len(heads)))
    rng.shuffle(numbers)
    placed = [(s, put_conversation(world, f"u{n}", s)) for s, n in zip(heads, numbers, strict=True)]
    pages = walk(world, ask(limit))
    expected = [conversation for _, conversation in sorted(placed, reverse=True)]
    assert [row for page in pages for row in shown(page)] == expected
    assert all(len(page.rows) == limit for page in pages[:-1])


def test_heads_in_the_same_millisecond_are_all_shown() -> None:
    world = World()
    placed = {put_conversation(world, f"u{n}", 5) for n in range(9)}
    rows = [row for page in walk(world, ask(2)) for row in shown(page)]
    assert len(rows) == 9
    assert set(rows) == placed


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=40),
    st.integers(1, 9),
    st.integers(1, 12),
)
def test_very_full_buckets_come_in_key_order_and_nothing_is_skipped(
    days: list[int], limit: int, heads_max: int
) -> None:
    world = World()
    placed = {put_conversation(world, f"u{n}", at * DAY + n) for n, at in enumerate(days)}
    pages = walk(world, ask(limit, heads_max))
    rows = [row for page in pages for row in shown(page)]
    assert len(rows) == len(placed)
    assert set(rows) == placed
    fullest = max(days.count(at) for at in days)
    assert all(page.exact for page in pages) == (fullest <= heads_max)
    buckets = [day(row.head.created_at) for page in pages for row in page.rows if row.head]
    assert buckets == sorted(buckets, reverse=True)


def test_a_page_of_a_very_full_bucket_reads_no_more_heads_than_it_shows() -> None:
    world = World()
    for n in range(50):
        put_conversation(world, f"u{n:02d}", n)
    used = world.patterns(read_inbox(ask(5, heads_max=10), None))
    assert used.count("direct_head") == 5


def test_a_row_that_moved_up_between_two_pages_hides_no_other() -> None:
    world = World()
    placed = [put_conversation(world, f"u{n}", n) for n in range(6)]
    first = world.run(read_inbox(ask(3), None))
    assert shown(first) == placed[:2:-1]
    moved = b.entry(2, "u0", conversation=placed[0], created_at=b.at(100))
    world.run_all(Put("t", table.MESSAGE.build(moved)))
    second = world.run(read_inbox(ask(3), first.next))
    assert shown(second) == [placed[2], placed[1]]


def test_a_stale_pointer_is_mended_put_before_delete() -> None:
    old, new = "2026-11-21", "2026-11-22"
    head = table.MESSAGE.build(b.entry(9, "bob", created_at=b.at(DAY)))
    pointer = table.INBOX_POINTER.build(
        e.InboxPointer(user_id="ann", bucket=old, conversation=b.DIRECT)
    )
    page = play(
        read_inbox(ask(), None),
        (patterns.inbox_pointers("ann", 21, low="", high="~"), Page([pointer])),
        ((patterns.direct_head(WITH_BOB),), [Page([head])]),
        ((patterns.get_pointer("ann", new, b.DIRECT),), [None]),
        ((patterns.put_pointer("ann", new, b.DIRECT),), [None]),
        ((patterns.delete_pointer("ann", old, b.DIRECT),), [None]),
        ((patterns.get_user("bob"),), [table.USER.build(b.user("bob"))]),
    )
    assert shown(page) == [b.DIRECT]


@pytest.mark.parametrize("broken", [StoreReadOnly, StoreFull, StoreFailed])
def test_a_stale_pointer_is_shown_where_nothing_can_be_written(broken: type[TavolaError]) -> None:
    world = World()
    moved = put_conversation(world, "bob", 5 * DAY, day(b.at(DAY)))
    page = world.run(refused(read_inbox(ask(), None), broken))
    assert shown(page) == [moved]


def refused(flow: Flow[InboxPage], error: type[TavolaError]) -> Flow[InboxPage]:
    """The flow on a store that refuses every write."""
    try:
        request = next(flow)
        while True:
            writes = any(not isinstance(op, Get | Query) for op in operations_in(request))
            request = flow.throw(error()) if writes else flow.send((yield request))
    except StopIteration as stop:
        page: InboxPage = stop.value
        return page


def test_a_crash_between_put_and_delete_loses_no_row() -> None:
    """The design that this grew from deleted first, and lost the row for good."""
    world = World()
    conversation = put_conversation(world, "bob", DAY, "2026-11-21")
    flow = read_inbox(ask(), None)
    request = next(flow)
    while not (isinstance(request, tuple) and request[0].pattern == "delete_pointer"):
        request = flow.send(world.answer(request))
    flow.close()
    assert pointers(world) == [("2026-11-22", conversation), ("2026-11-21", conversation)]
    assert shown(world.run(read_inbox(ask(), None))) == [conversation]
    assert pointers(world) == [("2026-11-22", conversation)]


def test_a_doubled_pointer_shows_one_row_and_is_removed() -> None:
    world = World()
    conversation = put_conversation(world, "bob", DAY, "2026-11-21", "2026-11-22")
    assert shown(world.run(read_inbox(ask(), None))) == [conversation]
    assert pointers(world) == [("2026-11-22", conversation)]


@pytest.mark.parametrize("limit", [1, 20])
def test_two_stale_pointers_without_a_true_one_show_one_row(limit: int) -> None:
    world = World()
    conversation = put_conversation(world, "bob", 5 * DAY, "2026-11-21", "2026-11-22")
    rows = [row for page in walk(world, ask(limit)) for row in shown(page)]
    assert rows == [conversation]
    walk(world, ask(limit))
    assert pointers(world) == [("2026-11-26", conversation)]


def test_a_head_read_behind_the_pointer_does_not_drag_it_back() -> None:
    """An eventually consistent read may show the head before the last: the pointer is right.

    To follow it back would delete the true pointer while the feed deletes the older one.
    """
    world = World()
    conversation = put_conversation(world, "bob", 0, "2026-11-21", "2026-11-22")
    page = world.run(read_inbox(ask(), None))
    assert shown(page) == [conversation]
    assert ("2026-11-22", conversation) in pointers(world)


def test_a_conversation_without_joiners_stands_where_its_head_is() -> None:
    """Until the feed has written the joiners, the head Query answers older entries as well."""
    world = World()
    conversation = put_conversation(world, "bob", 30 * DAY, entries=4)
    page = world.run(read_inbox(ask(), None))
    assert [row.head.seq for row in page.rows if row.head] == [4]
    assert pointers(world) == [(day(b.at(30 * DAY)), conversation)]


def test_buckets_of_another_size_are_mended() -> None:
    world = World()
    conversation = put_conversation(world, "bob", 0, "2026-11-21T08")
    assert shown(world.run(read_inbox(ask(), None))) == [conversation]
    assert pointers(world) == [("2026-11-21", conversation)]
    world.run(read_inbox(Ask("ann", 20, "hour"), None))
    assert pointers(world) == [("2026-11-21T08", conversation)]


def test_a_group_is_shown_to_its_members_only() -> None:
    world = World()
    entry = b.entry(3, "bob", conversation=b.GROUP, peer_seq=None)
    world.run_all(
        Put("t", table.GROUP.build(b.group(name="The Club"))),
        Put("t", table.MESSAGE.build(entry)),
        *(patterns.put_pointer(user, "2026-11-21", b.GROUP) for user in ("ann", "bob")),
        Put("t", table.GROUP_USER.build(b.member("ann", read_seq=1))),
    )
    (row,) = world.run(read_inbox(ask(), None)).rows
    assert (row.conversation, row.title, row.unread) == (b.GROUP, "The Club", 2)
    assert world.run(read_inbox(Ask("bob", 20, "day"), None)).rows == []


def test_a_pointer_that_was_left_over_is_removed_unless_the_user_came_back() -> None:
    world = World()
    world.run_all(
        Put("t", table.GROUP.build(b.group())),
        Put("t", table.MESSAGE.build(b.entry(3, "bob", conversation=b.GROUP))),
        patterns.put_pointer("ann", "2026-11-21", b.GROUP),
    )
    flow = read_inbox(ask(), None)
    request = next(flow)
    while not (isinstance(request, tuple) and isinstance(request[0], Transact)):
        request = flow.send(world.answer(request))
    world.run_all(Put("t", table.GROUP_USER.build(b.member("ann"))))
    (lost,) = world.answer(request)
    assert isinstance(lost, Lost), "she came back between reading and removing"
    assert shown(world.run(read_inbox(ask(), None))) == [b.GROUP]
    world.run_all(Delete("t", table.GROUP_USER.key(group_id="club", user_id="ann")))
    assert shown(world.run(read_inbox(ask(), None))) == []
    assert pointers(world) == []


def test_a_membership_that_an_older_read_misses_is_looked_for_again() -> None:
    head = Page([table.MESSAGE.build(b.entry(3, conversation=b.GROUP, peer_seq=None))])
    head.items.append(table.GROUP.build(b.group()))
    club = parse_conversation(b.GROUP)
    pointer = patterns.put_pointer("ann", "2026-11-21", b.GROUP).item
    page = play(
        read_inbox(ask(), None),
        (patterns.inbox_pointers("ann", 21), Page([pointer])),
        ((patterns.head_of(club), patterns.get_member("club", "ann")), [head, None]),
        (
            (patterns.get_member("club", "ann", consistent=True),),
            [table.GROUP_USER.build(b.member("ann"))],
        ),
    )
    assert shown(page) == [b.GROUP]


def test_names_that_the_feed_has_not_copied_are_read() -> None:
    world = World()
    put_conversation(world, "bob", 1)
    put_conversation(world, "cleo", 2)
    joiner = patterns.name_direct_user(direct("ann", "cleo"), b.user("cleo", display_name="C"))
    world.run_all(joiner)
    used = world.patterns(read_inbox(ask(), None))
    assert used.count("get_user") == 1
    page = world.run(read_inbox(ask(), None))
    assert [row.title for row in page.rows] == ["C", "Bob"]


def test_a_peer_of_whom_nothing_is_left_has_a_row() -> None:
    world = World()
    world.run_all(
        Put("t", table.MESSAGE.build(b.entry(1, "bob"))),
        patterns.put_pointer("ann", "2026-11-21", b.DIRECT),
    )
    (row,) = world.run(read_inbox(ask(), None)).rows
    assert row.title == "deleted user"


def test_a_page_of_twenty_direct_conversations_is_one_query_and_twenty() -> None:
    world = World()
    for n in range(20):
        put_conversation(world, f"u{n}", n)
        world.run_all(patterns.name_direct_user(direct("ann", f"u{n}"), b.user(f"u{n}")))
    used = world.patterns(read_inbox(ask(), None))
    assert used == ["inbox_pointers"] + ["direct_head"] * 20


def test_the_first_page_does_not_read_thousands_of_conversations() -> None:
    world = World()
    for n in range(300):
        put_conversation(world, f"u{n}", n * DAY)
    used = world.patterns(read_inbox(ask(), None))
    assert used.count("direct_head") == 20
    assert used.count("inbox_pointers") <= 2


def test_a_position_names_bucket_time_and_conversation() -> None:
    world = World()
    put_conversation(world, "bob", 0)
    cleo = put_conversation(world, "cleo", 1)
    page = world.run(read_inbox(ask(1), None))
    assert page.next == Position("2026-11-21", b.at(1), cleo)
