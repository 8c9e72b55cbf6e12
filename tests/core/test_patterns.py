"""The access patterns: each under its own name, each with bounds that hold all it asks for."""

import pytest
from hypothesis import given

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.ids import fold_name, parse_conversation
from tavola.core.operations import Operation, Query, Transact
from tavola.core.patterns.params import AccessPattern
from tests import builders as b
from tests.core import strategies as some

DIRECT = parse_conversation(b.DIRECT)
CLUB = parse_conversation(b.GROUP)
POINTER = e.InboxPointer(user_id="ann", bucket="2026-11-21", conversation=b.GROUP)
EDGE = e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name="Old")

BUILT: list[Operation] = [
    patterns.get_user("ann"),
    patterns.get_handle("ann"),
    patterns.handles_by_prefix("an"),
    patterns.list_users(10),
    patterns.get_password("ann"),
    patterns.user_with_groups("ann", 10),
    patterns.get_group("club"),
    patterns.get_member("club", "ann"),
    patterns.list_members("club", 10),
    patterns.list_groups(10),
    patterns.direct_head(DIRECT),
    patterns.group_head(CLUB),
    patterns.read_tail(DIRECT, 4),
    patterns.read_messages(DIRECT, 1, 50, 50),
    patterns.get_message(DIRECT, 1),
    patterns.last_amendment(DIRECT),
    patterns.inbox_pointers("ann", 21),
    patterns.get_pointer("ann", "2026-11-21", b.DIRECT),
    patterns.create_user(b.user("ann"), None),
    patterns.create_group(b.group()),
    patterns.join_group(patterns.Joining(b.user("ann"), b.group(), b.member("ann"))),
    patterns.leave_group("club", "ann", b.T0),
    patterns.append_message(b.entry(1)),
    patterns.append_imported((b.entry(1), b.entry(2))),
    patterns.mark_read(DIRECT, "ann", 1),
    patterns.mark_read(CLUB, "ann", 1),
    patterns.block_user(DIRECT, "ann"),
    patterns.unblock_user(DIRECT, "ann"),
    patterns.erase_user(b.user("ann"), b.T0, ()),
    patterns.erase_membership(EDGE, b.T0),
    patterns.erase_direct_user(DIRECT, "ann", 2),
    patterns.traces_of_user("ann", 10),
    patterns.put_pointer("ann", "2026-11-21", b.DIRECT),
    patterns.delete_pointer("ann", "2026-11-21", b.DIRECT),
    patterns.name_direct_user(DIRECT, b.user("ann"), b.T0),
    patterns.remove_pointer(POINTER, table.GROUP_USER.key(group_id="club", user_id="ann")),
    patterns.name_user_group(EDGE, "Club"),
    patterns.list_set_aside("main", 10),
    patterns.scan_table(10),
]


@pytest.mark.parametrize("operation", BUILT, ids=lambda operation: operation.pattern)
def test_an_operation_carries_the_name_of_a_declared_pattern(operation: Operation) -> None:
    assert operation.pattern in patterns.PATTERNS
    if isinstance(operation, Transact):
        assert {part.pattern for part in operation.parts} == {operation.pattern}


@pytest.mark.parametrize("declared", patterns.PATTERNS.values(), ids=lambda one: one.name)
def test_a_pattern_says_what_it_asks_where_and_what_it_costs(
    declared: AccessPattern,
) -> None:
    assert declared.question
    assert declared.key
    assert "RU" in declared.units


def holds(query: Query, pk: str, sk: str) -> bool:
    return query.pk == pk and query.low <= sk <= query.high


@given(some.names, some.ids)
def test_every_user_and_group_is_within_the_bounds_of_its_list(name: str, some_id: str) -> None:
    folded = fold_name(name)
    assert holds(patterns.list_users(1), *table.USER_NAME.key(folded=folded, user_id=some_id))
    assert holds(patterns.list_groups(1), *table.GROUP_NAME.key(folded=folded, group_id=some_id))


@pytest.mark.parametrize(
    "name", ["\u00b4Anna", "\u00a8", "!", "#", "\U0010ffff", "\U0010ffff" * 50], ids=ascii
)
def test_a_name_at_the_edge_is_within_the_bounds_of_the_list(name: str) -> None:
    key = table.USER_NAME.key(folded=fold_name(name), user_id="ann")
    assert holds(patterns.list_users(1), *key)


@given(some.handles)
def test_a_handle_is_found_by_each_of_its_beginnings(handle: str) -> None:
    key = table.HANDLE.key(handle=handle)
    for length in range(limits.PREFIX_CHARS_MIN, len(handle) + 1):
        assert holds(patterns.handles_by_prefix(handle[:length]), *key)


@given(some.ids, some.ids)
def test_a_user_with_their_groups_holds_these_and_no_pointers(user_id: str, group_id: str) -> None:
    query = patterns.user_with_groups(user_id, 10)
    assert holds(query, *table.USER.key(user_id=user_id))
    assert holds(query, *table.USER_GROUP.key(user_id=user_id, group_id=group_id))
    pointer = table.INBOX_POINTER.key(
        user_id=user_id, bucket="2026-11-21", conversation=f"group:{group_id}"
    )
    assert not holds(query, *pointer)


@given(some.ids, some.ids)
def test_members_are_all_within_the_bounds_and_the_group_is_not(group_id: str, who: str) -> None:
    query = patterns.list_members(group_id, 10)
    assert holds(query, *table.GROUP_USER.key(group_id=group_id, user_id=who))
    assert not holds(query, *table.GROUP.key(group_id=group_id))


@given(some.direct_ids, some.ids, some.seqs)
def test_a_tail_holds_messages_and_users_but_no_amendments(
    conversation: str, user_id: str, seq: int
) -> None:
    query = patterns.head_of(parse_conversation(conversation))
    assert holds(query, *table.MESSAGE.key(conversation=conversation, seq=seq))
    assert holds(query, *table.DIRECT_USER.key(conversation=conversation, user_id=user_id))
    assert not holds(query, *table.AMENDMENT.key(conversation=conversation, n=seq))


@given(some.group_ids, some.seqs)
def test_a_group_tail_holds_messages_and_the_group_but_no_members(
    conversation: str, seq: int
) -> None:
    target = parse_conversation(conversation)
    query = patterns.head_of(target)
    group_id = target.group_id or ""
    assert holds(query, *table.MESSAGE.key(conversation=conversation, seq=seq))
    assert holds(query, *table.GROUP.key(group_id=group_id))
    assert not holds(query, *table.GROUP_USER.key(group_id=group_id, user_id="ann"))


@given(some.buckets, some.conversations)
def test_every_pointer_is_within_the_bounds_of_the_inbox(bucket: str, conversation: str) -> None:
    key = table.INBOX_POINTER.key(user_id="ann", bucket=bucket, conversation=conversation)
    assert holds(patterns.inbox_pointers("ann", 1), *key)
    assert holds(patterns.inbox_pointers("ann", 1, high=f"{bucket}~"), *key)


@given(some.seqs, some.seqs)
def test_the_newest_amendment_query_holds_amendments_only(n: int, seq: int) -> None:
    query = patterns.last_amendment(DIRECT)
    assert holds(query, *table.AMENDMENT.key(conversation=b.DIRECT, n=n))
    assert not holds(query, *table.MESSAGE.key(conversation=b.DIRECT, seq=seq))


def test_what_is_set_aside_is_found_and_checkpoints_are_not() -> None:
    query = patterns.list_set_aside("main", 10)
    assert holds(query, *table.FEED_STATE.key(feed="main", part=f"ASIDE#{7:012d}"))
    for part in ("CHECKPOINT#local", "LEASE"):
        assert not holds(query, *table.FEED_STATE.key(feed="main", part=part))


@pytest.mark.parametrize(("low", "high"), [(-5, 10**30), (0, limits.SEQ_MAX)])
def test_numbers_beyond_the_log_are_harmless(low: int, high: int) -> None:
    query = patterns.read_messages(DIRECT, low, high, 50)
    assert holds(query, *table.MESSAGE.key(conversation=b.DIRECT, seq=limits.SEQ_MAX))
    assert not holds(query, *table.DIRECT_USER.key(conversation=b.DIRECT, user_id="ann"))
