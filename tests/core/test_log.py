"""The log: numbers, times, bumps and unread counts follow from the head alone."""

from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core.log import (
    bump_between,
    digest_of,
    is_repeat,
    next_entry,
    peer_seq_after,
    read_seq_of,
    unread_of,
)
from tavola.core.times import Bucketing
from tests import builders as b

senders = st.lists(st.sampled_from(["ann", "bob"]), max_size=30)
jumps = st.lists(st.integers(-3 * 86_400, 3 * 86_400), max_size=30)


def unread_by_counting(log: list[e.Message], user_id: str, marker: int) -> int:
    """What a user has not read: entries behind the marker and behind their own last one."""
    own = max((entry.seq for entry in log if entry.sender_id == user_id), default=0)
    return sum(entry.seq > max(marker, own) for entry in log)


@given(jumps)
def test_a_log_is_gapless_and_its_times_never_run_backwards(clock_jumps: list[int]) -> None:
    head: e.Message | None = None
    now = 0
    for n, jump in enumerate(clock_jumps, start=1):
        now += jump
        entry = next_entry(b.DIRECT, head, b.draft(n), b.at(now), "day")
        assert entry.seq == n
        assert entry.created_at >= b.at(now)
        assert head is None or entry.created_at == max(b.at(now), head.created_at)
        head = entry


@given(jumps, st.sampled_from(["day", "hour"]))
def test_an_entry_carries_a_bump_exactly_when_it_opens_a_bucket(
    clock_jumps: list[int], bucketing: Bucketing
) -> None:
    length = {"day": 10, "hour": 13}[bucketing]
    head: e.Message | None = None
    now = 0
    for n, jump in enumerate(clock_jumps, start=1):
        now += jump
        entry = next_entry(b.DIRECT, head, b.draft(n), b.at(now), bucketing)
        before, after = head.created_at[:length] if head else None, entry.created_at[:length]
        assert entry.bump == (None if before == after else e.Bump(after, before))
        head = entry


def test_an_imported_entry_carries_no_bump() -> None:
    assert next_entry(b.DIRECT, None, b.draft(1), b.T0, None).bump is None
    assert bump_between("2026-11-21", "2026-11-21") is None
    assert bump_between(None, "2026-11-21") == e.Bump("2026-11-21")


@given(senders)
def test_peer_seq_is_the_last_number_of_the_other_one(names: list[str]) -> None:
    for entry in b.log(names):
        others = [n for n, name in enumerate(names, 1) if n < entry.seq and name != entry.sender_id]
        assert entry.peer_seq == max(others, default=0)
    head = b.log(names)[-1] if names else None
    for name in ("ann", "bob"):
        expected = max((n for n, other in enumerate(names, 1) if other != name), default=0)
        assert peer_seq_after(head, name) == expected


def test_a_group_entry_has_no_peer_seq() -> None:
    assert [entry.peer_seq for entry in b.log("aab", b.GROUP)] == [None] * 3


@given(senders, st.integers(0, 40), st.sampled_from(["ann", "bob"]))
def test_unread_of_a_direct_conversation_equals_a_naive_count(
    names: list[str], marker: int, reader: str
) -> None:
    log = b.log(names)
    head = log[-1] if log else None
    marker = min(marker, len(log))
    read_seq = read_seq_of(head, reader, marker)
    assert unread_of(head, read_seq) == unread_by_counting(log, reader, marker)


@given(
    st.lists(st.sampled_from(["ann", "bob", "cleo"]), max_size=30),
    st.integers(0, 40),
    st.integers(1, 40),
)
def test_unread_of_a_group_equals_a_naive_count_once_the_marker_followed(
    names: list[str], marker: int, visible_from: int
) -> None:
    log = b.log(names, b.GROUP)
    head = log[-1] if log else None
    own = max((entry.seq for entry in log if entry.sender_id == "ann"), default=0)
    marker = max(min(marker, len(log)), own)
    read_seq = read_seq_of(head, "ann", marker, visible_from)
    expected = sum(entry.seq > marker and entry.seq >= visible_from for entry in log)
    assert unread_of(head, read_seq) == expected


@given(senders, st.integers(0, 100), st.integers(1, 100))
def test_unread_is_never_negative_nor_more_than_the_log(
    names: list[str], marker: int, visible_from: int
) -> None:
    log = b.log(names)
    head = log[-1] if log else None
    read_seq = read_seq_of(head, "ann", marker, visible_from)
    assert 0 <= read_seq <= len(log)
    assert 0 <= unread_of(head, read_seq) <= len(log)


def test_a_deleted_entry_counts_until_it_is_read() -> None:
    log = b.log("bb")
    tombstone = b.replaced(log[-1], body=None, digest=None, deleted_at=b.T0)
    assert unread_of(tombstone, read_seq_of(tombstone, "ann", 0)) == 2
    assert unread_of(tombstone, read_seq_of(tombstone, "ann", 2)) == 0


def test_a_message_sent_again_is_a_repeat() -> None:
    entry = next_entry(b.DIRECT, None, b.draft(1), b.T0, "day")
    assert is_repeat(entry, b.draft(1))


def test_an_edited_or_deleted_message_sent_again_is_still_a_repeat() -> None:
    entry = next_entry(b.DIRECT, None, b.draft(1), b.T0, "day")
    assert is_repeat(b.replaced(entry, body="edited"), b.draft(1))
    assert is_repeat(b.replaced(entry, body=None, digest=None), b.draft(1))


def test_other_content_another_kind_or_another_sender_is_no_repeat() -> None:
    entry = next_entry(b.DIRECT, None, b.draft(1), b.T0, "day")
    assert not is_repeat(entry, b.draft(1, body="other"))
    assert not is_repeat(entry, b.draft(1, sender="bob"))
    assert digest_of("text", "a") != digest_of("system", "a")
