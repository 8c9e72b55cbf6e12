"""Read markers only grow, end at the head, and count what is unread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import patterns, table, views
from tavola.core.errors import NotFound
from tavola.core.ids import parse_conversation
from tavola.core.operations import Lost, Page, Put
from tavola.flows.markers import get_conversation, mark_read
from tests import builders as b
from tests.drive import World, play

DM = parse_conversation(b.DIRECT)
CLUB = parse_conversation(b.GROUP)
HEAD = patterns.direct_head(DM)


def joiner(user_id: str, **changes: int) -> e.DirectUser:
    return e.DirectUser(conversation=b.DIRECT, user_id=user_id, **changes)  # type: ignore[arg-type]  # read_seq


def page(head: e.Message | None, *joiners: e.DirectUser) -> Page:
    tops = [table.DIRECT_USER.build(one) for one in joiners]
    return Page(tops + ([table.MESSAGE.build(head)] if head else []))


def test_a_marker_moves_with_one_query_and_one_update() -> None:
    reply = play(
        mark_read("bob", b.DIRECT, 3),
        (HEAD, page(b.entry(5), joiner("bob", read_seq=1), joiner("ann"))),
        (patterns.mark_read(DM, "bob", 3), None),
    )
    assert reply == views.ReadView(read_seq=3, unread=2)


@pytest.mark.parametrize("seq", [-1, 0, 2, 3])
def test_a_marker_never_moves_back(seq: int) -> None:
    reply = play(
        mark_read("bob", b.DIRECT, seq),
        (HEAD, page(b.entry(5), joiner("bob", read_seq=3))),
    )
    assert reply == views.ReadView(read_seq=3, unread=2)


def test_a_marker_that_another_device_moved_further_stays() -> None:
    there = table.DIRECT_USER.build(joiner("bob", read_seq=5))
    reply = play(
        mark_read("bob", b.DIRECT, 4),
        (HEAD, page(b.entry(5), joiner("bob", read_seq=1))),
        (patterns.mark_read(DM, "bob", 4), Lost(there)),
    )
    assert reply == views.ReadView(read_seq=5, unread=0)


def test_a_marker_ends_at_the_head() -> None:
    strongly = patterns.direct_head(DM, consistent=True)
    reply = play(
        mark_read("bob", b.DIRECT, 10**15),
        (HEAD, page(b.entry(5))),
        (strongly, page(b.entry(5))),
        (patterns.mark_read(DM, "bob", 5), None),
    )
    assert reply == views.ReadView(read_seq=5, unread=0)


def test_a_marker_is_not_cut_by_a_read_that_is_behind() -> None:
    strongly = patterns.direct_head(DM, consistent=True)
    reply = play(
        mark_read("bob", b.DIRECT, 7),
        (HEAD, page(b.entry(5))),
        (strongly, page(b.entry(7))),
        (patterns.mark_read(DM, "bob", 7), None),
    )
    assert reply == views.ReadView(read_seq=7, unread=0)


def test_nothing_is_unread_in_an_empty_conversation() -> None:
    ann = patterns.get_user("ann"), table.USER.build(b.user("ann"))
    reply = play(mark_read("bob", b.DIRECT, 0), (HEAD, page(None)), ann)
    assert reply == views.ReadView(read_seq=0, unread=0)


def test_a_conversation_with_nobody_is_not_there_to_be_marked() -> None:
    with pytest.raises(NotFound):
        play(
            mark_read("bob", b.DIRECT, 0),
            (HEAD, page(None)),
            (patterns.get_user("ann"), None),
            (patterns.get_user("ann", consistent=True), None),
        )


def test_a_marker_in_a_conversation_of_others_is_not_found() -> None:
    with pytest.raises(NotFound):
        play(mark_read("cleo", b.DIRECT, 1))
    reads = patterns.get_member("club", "cleo"), patterns.group_head(CLUB)
    with pytest.raises(NotFound):
        play(
            mark_read("cleo", b.GROUP, 1),
            (reads, [None, Page([])]),
            (patterns.get_member("club", "cleo", consistent=True), None),
        )


def test_a_marker_of_who_left_a_group_makes_no_joiner() -> None:
    write = patterns.mark_read(CLUB, "ann", 1)
    world = World()
    world.answer(write)
    assert world.answer(patterns.get_member("club", "ann")) is None


@given(st.lists(st.sampled_from("ab"), max_size=15), st.lists(st.integers(-2, 20), max_size=6))
def test_unread_equals_a_naive_count_after_any_reading(
    senders: list[str], marks: list[int]
) -> None:
    world = World()
    log = b.log(senders)
    world.run_all(
        Put("t", table.USER.build(b.user("ann"))),
        *(Put("t", table.MESSAGE.build(entry)) for entry in log),
    )
    marker = 0
    for seq in marks:
        reply = world.run(mark_read("bob", b.DIRECT, seq))
        marker = max(marker, min(seq, len(log)))
        own = max((entry.seq for entry in log if entry.sender_id == "bob"), default=0)
        assert reply.unread == sum(entry.seq > max(marker, own) for entry in log)
        row = world.run(get_conversation("bob", b.DIRECT))
        assert (row.unread, row.read_seq) == (reply.unread, reply.read_seq)


def test_a_conversation_before_its_first_message_has_no_head() -> None:
    world = World()
    world.run_all(Put("t", table.USER.build(b.user("bob"))))
    row = world.run(get_conversation("ann", b.DIRECT))
    assert row.head is None
    assert (row.title, row.unread, row.read_seq) == ("Bob", 0, 0)
    with pytest.raises(NotFound):
        world.run(get_conversation("ann", "dm:ann:nobody"))
    with pytest.raises(NotFound):
        world.run(get_conversation("cleo", b.DIRECT))
