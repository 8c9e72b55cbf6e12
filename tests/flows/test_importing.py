"""An import appends what is missing, behind what is there, and is finished by repeating it."""

from collections.abc import Iterable

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, ImportTooOld, Invalid
from tavola.core.ids import parse_conversation
from tavola.core.operations import Page, Put, Transact
from tavola.flows.flow import Flow
from tavola.flows.importing import Dated, append_all
from tests import builders as b
from tests.drive import World

DM = parse_conversation(b.DIRECT)
DAY = 86_400
NOW = b.at(1_000 * DAY)


def dated(numbers: Iterable[int], step_s: int = 60) -> list[Dated]:
    return [Dated(b.draft(n, ("ann", "bob")[n % 2]), b.at(n * step_s)) for n in numbers]


def importing(messages: list[Dated]) -> Flow[int]:
    return append_all(DM, messages, NOW, "day")


def log_of(world: World) -> list[e.Message]:
    page: Page = world.answer(patterns.read_messages(DM, 0, limits.SEQ_MAX, 10_000))
    return [table.MESSAGE.parse(item) for item in page.items][::-1]


def test_messages_keep_their_own_times_in_a_log_without_gaps() -> None:
    world = World()
    messages = dated(range(250))
    assert world.run(importing(messages)) == 250
    log = log_of(world)
    assert [entry.seq for entry in log] == list(range(1, 251))
    assert [entry.created_at for entry in log] == [message.at for message in messages]
    assert [entry.peer_seq for entry in log] == [
        max((other.seq for other in log[:n] if other.sender_id != log[n].sender_id), default=0)
        for n in range(250)
    ]


def test_only_the_last_message_of_an_import_moves_the_inbox() -> None:
    world = World()
    world.run(importing(dated(range(120), step_s=DAY)))
    log = log_of(world)
    assert [entry.seq for entry in log if entry.bump] == [120]
    assert log[-1].bump == e.Bump(log[-1].created_at[:10])


def test_parts_that_reach_into_today_move_the_inbox_so_that_a_crash_hides_nothing() -> None:
    world = World()
    today = [Dated(b.draft(n, "ann"), b.at(1_000 * DAY - 300 + n)) for n in range(250)]
    world.run(importing(today))
    bumps = [entry.seq for entry in log_of(world) if entry.bump]
    assert bumps == [100]  # the bucket is begun with the first part and stays the same


def test_a_second_import_moves_the_inbox_from_where_the_first_put_it() -> None:
    world = World()
    world.run(importing(dated(range(5), step_s=DAY)))
    world.run(importing(dated(range(9), step_s=DAY)))
    bumps = [entry.bump for entry in log_of(world) if entry.bump]
    assert bumps == [e.Bump("2026-11-25"), e.Bump("2026-11-29", "2026-11-25")]


def test_importing_twice_changes_nothing() -> None:
    world = World()
    messages = dated(range(150))
    world.run(importing(messages))
    before = log_of(world)
    changes = world.store.last_change
    assert world.run(importing(messages)) == 0
    assert log_of(world) == before
    assert world.store.last_change == changes


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_an_interrupted_import_is_finished_by_repeating_it(steps: int) -> None:
    world = World()
    messages = dated(range(250))
    flow = importing(messages)
    request = next(flow)
    for _ in range(steps):
        request = flow.send(world.answer(request))
    flow.close()
    partial = log_of(world)
    assert [entry.seq for entry in partial] == list(range(1, (steps - 1) * 100 + 1))
    assert world.run(importing(messages)) == 250 - len(partial)
    log = log_of(world)
    assert [entry.id for entry in log] == [message.draft.id for message in messages]
    assert [entry.seq for entry in log] == list(range(1, 251))
    assert [entry.seq for entry in log if entry.bump] == [250]


def test_a_message_that_comes_twice_in_one_import_is_stored_once() -> None:
    world = World()
    assert world.run(importing(dated([1, 2, 2, 3]))) == 3
    assert [entry.id for entry in log_of(world)] == [b.mid(n) for n in (1, 2, 3)]


def test_an_import_older_than_what_is_there_is_refused_whole() -> None:
    world = World()
    world.run(importing(dated([10])))
    with pytest.raises(ImportTooOld):
        world.run(importing(dated([5, 20])))
    assert len(log_of(world)) == 1


def test_an_import_from_the_future_is_refused_whole() -> None:
    world = World()
    with pytest.raises(Invalid) as error:
        world.run(importing([*dated([1]), Dated(b.draft(2), b.at(1_001 * DAY))]))
    assert error.value.errors[0].code == "future"
    assert log_of(world) == []


def test_two_messages_of_one_timestamp_are_both_there() -> None:
    world = World()
    world.run(importing([Dated(b.draft(n), b.T0) for n in range(3)]))
    log = log_of(world)
    assert [entry.id for entry in log] == [b.mid(n) for n in range(3)]
    assert {entry.created_at for entry in log} == {b.T0}


def test_an_import_that_loses_to_a_live_message_is_busy_and_leaves_no_gap() -> None:
    world = World()
    flow = importing(dated(range(3)))
    request = next(flow)
    while not isinstance(request, Transact):
        request = flow.send(world.answer(request))
    world.run_all(Put("t", table.MESSAGE.build(b.entry(1, "bob", created_at=NOW))))
    with pytest.raises(Busy):
        world.answer(request)
    assert [entry.seq for entry in log_of(world)] == [1]


def test_a_log_longer_than_a_page_is_read_whole_before_an_import() -> None:
    world = World()
    messages = dated(range(limits.AFTER_SPAN_MAX + 300))
    world.run(importing(messages))
    used = world.patterns(importing(messages))
    assert used == ["read_messages", "read_messages"]
