"""Pages of a conversation: every window equals a naive slice of the log."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import limits, patterns, table, views
from tavola.core.errors import Invalid, NotFound
from tavola.core.ids import parse_conversation
from tavola.core.operations import Page, Put, Transact
from tavola.core.times import earliest, latest, year_bounds
from tavola.flows.reading import Window, check_window, read_page
from tests import builders as b
from tests.drive import World, at_once, play

DM = parse_conversation(b.DIRECT)
gaps = st.lists(st.sampled_from([0, 0, 1, 60, 86_400, 90 * 86_400]), max_size=25)
limits_asked = st.integers(1, 12)
numbers = st.integers(-3, 30)


def written(gaps_s: list[int]) -> tuple[World, list[e.Message]]:
    """A world with a log whose entries are so many seconds apart."""
    world, log, now = World(), [], 0
    for seq, gap in enumerate(gaps_s, start=1):
        now += gap
        log.append(b.entry(seq, created_at=b.at(now)))
    for user in ("ann", "bob"):
        at_once(world.store.execute(Put("t", table.USER.build(b.user(user)))))
    for first in range(0, len(log), 100):
        parts = tuple(Put("t", table.MESSAGE.build(one)) for one in log[first : first + 100])
        at_once(world.store.execute(Transact("t", parts)))
    return world, log


def read(world: World, window: Window, user_id: str = "ann") -> views.MessagesView:
    return world.run(read_page(user_id, b.DIRECT, window, people=False))


def seqs(view: views.MessagesView) -> list[int]:
    return [message.seq for message in view.messages]


def numbers_of(entries: list[e.Message]) -> list[int]:
    return [entry.seq for entry in entries]


@given(gaps, limits_asked)
def test_the_newest_page(gaps_s: list[int], limit: int) -> None:
    world, log = written(gaps_s)
    view = read(world, Window(limit=limit))
    assert seqs(view) == numbers_of(log[::-1][:limit])
    assert view.head_seq == len(log)
    assert (view.more_before, view.more_after) == (len(log) > limit, False)


@given(gaps, limits_asked, numbers)
def test_a_page_before_a_number(gaps_s: list[int], limit: int, before: int) -> None:
    world, log = written(gaps_s)
    view = read(world, Window(limit=limit, before=before))
    older = [entry for entry in log if entry.seq < before]
    assert seqs(view) == numbers_of(older[::-1][:limit])
    assert view.more_before == (len(older) > limit)
    assert view.more_after == any(entry.seq >= before for entry in log)
    assert view.head_seq == len(log)


@given(gaps, limits_asked, numbers)
def test_a_page_after_a_number_is_next_to_it(gaps_s: list[int], limit: int, after: int) -> None:
    world, log = written(gaps_s)
    view = read(world, Window(limit=limit, after=after))
    newer = [entry for entry in log if entry.seq > after]
    assert seqs(view) == numbers_of(newer[:limit])[::-1]
    assert view.more_before == (len(newer) < len(log))
    assert view.more_after == (len(newer) > limit)
    assert view.head_seq == len(log)


@given(gaps, limits_asked, numbers)
def test_a_page_around_a_number_holds_it_and_is_full(
    gaps_s: list[int], limit: int, around: int
) -> None:
    world, log = written(gaps_s)
    view = read(world, Window(limit=limit, around=around))
    found = seqs(view)
    assert len(found) == min(limit, len(log))
    assert found == list(range(found[0], found[0] - len(found), -1)) if found else not log
    if 1 <= around <= len(log):
        assert around in found
    assert view.more_before == bool(found and found[-1] > 1)
    assert view.more_after == bool(found and found[0] < len(log))


@given(gaps, limits_asked, st.integers(-86_400, 400 * 86_400))
def test_a_page_at_a_moment_holds_the_first_entry_from_then_on(
    gaps_s: list[int], limit: int, moment: int
) -> None:
    world, log = written(gaps_s)
    view = read(world, Window(limit=limit, at=b.at(moment)))
    first = next((entry.seq for entry in log if entry.created_at >= b.at(moment)), len(log))
    assert len(view.messages) == min(limit, len(log))
    assert not log or first in seqs(view)


@given(
    gaps,
    limits_asked,
    st.none() | st.integers(0, 400 * 86_400),
    st.none() | st.integers(0, 400 * 86_400),
    st.none() | numbers,
)
def test_a_range_of_time_is_inclusive_and_gives_its_newest(
    gaps_s: list[int], limit: int, start: int | None, end: int | None, before: int | None
) -> None:
    world, log = written(gaps_s)
    from_, to = (None if s is None else b.at(s) for s in (start, end))
    view = read(world, Window(limit=limit, from_=from_, to=to, before=before))
    inside = [
        entry
        for entry in log
        if (from_ or "") <= entry.created_at <= (to or "~")
        and (before is None or entry.seq < before)
    ]
    assert seqs(view) == numbers_of(inside[::-1][:limit])
    assert view.more_before == (len(inside) > limit)
    assert view.head_seq == len(log)


@given(gaps, limits_asked)
def test_paging_back_through_a_range_shows_each_entry_once(gaps_s: list[int], limit: int) -> None:
    world, log = written(gaps_s)
    from_, to = b.at(60), b.at(200 * 86_400)
    found: list[int] = []
    for view in pages_back(world, Window(limit=limit, from_=from_, to=to)):
        found += seqs(view)
    assert found == [entry.seq for entry in log[::-1] if from_ <= entry.created_at <= to]


def pages_back(world: World, window: Window) -> Iterator[views.MessagesView]:
    """The pages of a range, newest first, as a client asks for them."""
    before = window.before
    while True:
        asked = Window(limit=window.limit, from_=window.from_, to=window.to, before=before)
        view = read(world, asked)
        yield view
        if not view.more_before:
            return
        before = view.messages[-1].seq


def test_everything_beyond_the_first_page_can_be_reached() -> None:
    world, log = written([1] * 345)
    found: list[int] = []
    while not found or found[-1] > 1:
        view = read(world, Window(limit=20, before=found[-1] if found else None))
        found += seqs(view)
    assert found == numbers_of(log[::-1])


def test_new_year_does_not_empty_the_list() -> None:
    """On 1 January the newest page still shows December; each year shows its own."""
    times = ["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"]
    world, _ = written([])
    for seq, time in enumerate(times, start=1):
        entry = b.entry(seq, created_at=time)
        at_once(world.store.execute(Put("t", table.MESSAGE.build(entry))))
    assert seqs(read(world, Window())) == [3, 2, 1]
    for year, expected in ((2024, []), (2025, [1]), (2026, [3, 2]), (2027, [])):
        first, last = year_bounds(year)
        assert seqs(read(world, Window(from_=first, to=last))) == expected


def test_a_bound_finer_than_a_millisecond_cuts_exactly() -> None:
    world, _ = written([0, 0])  # both at 08:00:00.000
    just_after = "2026-11-21T08:00:00.0000000001Z"
    just_before = "2026-11-21T07:59:59.9999999999Z"
    assert seqs(read(world, Window(from_=earliest(just_after, "from")))) == []
    assert seqs(read(world, Window(from_=earliest(just_before, "from")))) == [2, 1]
    assert seqs(read(world, Window(to=latest(just_after, "to")))) == [2, 1]
    assert seqs(read(world, Window(to=latest(just_before, "to")))) == []


@pytest.mark.parametrize(
    "window",
    [
        Window(before=1, after=1),
        Window(before=1, around=1),
        Window(after=1, at=b.T0),
        Window(around=1, from_=b.T0),
        Window(at=b.T0, to=b.T0),
        Window(after=1, from_=b.T0, to=b.T0),
    ],
)
def test_bounds_that_do_not_go_together_are_refused(window: Window) -> None:
    with pytest.raises(Invalid) as error:
        check_window(window)
    assert error.value.errors[0].code == "one_of"


def test_the_newest_page_is_one_query() -> None:
    world, _ = written([1] * 60)
    flow = read_page("ann", b.DIRECT, Window(), people=False)
    assert world.patterns(flow) == ["read_messages"]


def test_a_date_in_a_long_log_is_found_with_a_few_gets() -> None:
    world, _ = written([60] * 1_000)
    flow = read_page("ann", b.DIRECT, Window(at=b.at(500 * 60)), people=False)
    used = world.patterns(flow)
    assert used[0] == "direct_head"
    assert used[-1] == "read_messages"
    assert 1 <= used.count("get_message") <= 10
    assert len(used) == used.count("get_message") + 2


def test_a_strangers_conversation_is_not_found_without_a_look() -> None:
    with pytest.raises(NotFound):
        play(read_page("cleo", b.DIRECT, Window(), people=False))


def test_an_empty_conversation_is_there_when_the_other_one_is() -> None:
    world, _ = written([])
    assert read(world, Window()) == views.MessagesView(
        messages=[], head_seq=0, more_before=False, more_after=False
    )
    with pytest.raises(NotFound):
        world.run(read_page("ann", "dm:ann:nobody", Window(), people=False))


def test_a_member_sees_nothing_from_before_they_may() -> None:
    world = World()
    world.run_all(
        Put("t", table.GROUP.build(b.group())),
        Put("t", table.GROUP_USER.build(b.member("ann", visible_from_seq=4))),
        *(
            Put("t", table.MESSAGE.build(b.entry(seq, conversation=b.GROUP, peer_seq=None)))
            for seq in range(1, 7)
        ),
    )
    for window in (Window(), Window(after=0), Window(from_=b.at(0)), Window(around=1)):
        view = world.run(read_page("ann", b.GROUP, window, people=False))
        assert seqs(view) == [6, 5, 4]
        assert not view.more_before
    assert seqs(world.run(read_page("ann", b.GROUP, Window(before=4), people=False))) == []
    with pytest.raises(NotFound):
        world.run(read_page("bob", b.GROUP, Window(), people=False))


def test_who_wrote_is_read_once_each() -> None:
    log = [b.entry(1, "ann"), b.entry(2, "bob"), b.entry(3, "ann")]
    page = Page([table.MESSAGE.build(entry) for entry in log[::-1]])
    asks = (patterns.get_user("ann"), patterns.get_user("bob"))
    view = play(
        read_page("ann", b.DIRECT, Window(), people=True),
        (patterns.read_messages(DM, 1, limits.SEQ_MAX, limits.PAGE_DEFAULT), page),
        (asks, [table.USER.build(b.user("ann")), None]),
    )
    assert view.users == [views.PersonView(id="ann", handle="ann", display_name="Ann")]
