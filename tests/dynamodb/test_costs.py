"""What each access pattern and use case costs, as the engine counts it: exactly as promised.

Units are those of items under 1 KB: a write request unit per started KB, a read request unit per
started 4 KB, half of it when eventually consistent, writes twice in a transaction.
"""

from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.apply import Change
from tavola.core.ids import direct, fold_name, parse_conversation
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import Delete, Lost, Operation, Put
from tavola.core.units import WRITE_BYTES, size_bytes, write_units
from tavola.flows.amending import delete_message, edit_message
from tavola.flows.consumers import CONSUMERS
from tavola.flows.flow import Flow
from tavola.flows.groups import join_group
from tavola.flows.inbox import Ask, read_inbox
from tavola.flows.markers import mark_read
from tavola.flows.reading import Window, read_page
from tavola.flows.sending import Target, send
from tavola.stores.dynamodb.answers import Units
from tests import builders as b
from tests.core.test_items import names, sets, texts
from tests.dynamodb.conftest import Bench

DM, CLUB = parse_conversation(b.DIRECT), parse_conversation(b.GROUP)
DAY = b.T0[:10]
LOG = 60
ANN, BOB, CLUB_TOP = b.user("ann"), b.user("bob"), b.group()
RENAMED = replace(ANN, handle="anna", display_name="Anna", names_rev=2)
PASSWORD = e.Password(user_id="ann", hash="x" * 97, set_at=b.T0)
BODY = "x" * 66  # makes an item of 250 bytes
STATE = e.FeedState(feed="main", part="CHECKPOINT#local", position=1, at=b.T0)
POINTER = e.InboxPointer(user_id="ann", bucket=DAY, conversation=b.DIRECT)
EDGE = e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name=CLUB_TOP.name)
AMENDMENT = e.Amendment(conversation=b.DIRECT, n=2, target=3, kind="edit", by="ann", at=b.T0)


def entry(seq: int, conversation: str = b.DIRECT) -> e.Message:
    return b.entry(seq, body=BODY, conversation=conversation)


def world() -> list[Item]:
    """Two users, a group of both, their two conversations, and what the feed makes of them."""
    direct_users = [{"user_id": name, "handle": name, "names_rev": 1} for name in ("ann", "bob")]
    return [
        *(table.USER.build(user) for user in (ANN, BOB)),
        *(table.HANDLE.build(e.Handle(handle=n, user_id=n)) for n in ("ann", "bob")),
        *(table.USER_NAME.build(e.UserName(folded=n, user_id=n)) for n in ("ann", "bob")),
        table.PASSWORD.build(PASSWORD),
        table.GROUP.build(CLUB_TOP),
        table.GROUP_NAME.build(
            e.GroupName(
                folded=fold_name(CLUB_TOP.name),
                group_id="club",
                name=CLUB_TOP.name,
                visibility="listed",
            )
        ),
        table.GROUP_USER.build(b.member("ann")),
        table.USER_GROUP.build(
            e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name="Club")
        ),
        *(
            {**table.DIRECT_USER.key(conversation=b.DIRECT, user_id=one["user_id"])._asdict()}
            | table.DIRECT_USER.stamp(joined_at=b.T0, display_name="A name", **one)
            for one in direct_users
        ),
        *(table.MESSAGE.build(entry(n)) for n in range(1, LOG + 1)),
        *(table.MESSAGE.build(entry(n, b.GROUP)) for n in range(1, 4)),
        table.AMENDMENT.build(replace(AMENDMENT, n=1)),
        pointer("ann", DAY, b.DIRECT),
        pointer("bob", DAY, b.DIRECT),
        table.FEED_STATE.build(STATE),
    ]


def pointer(user_id: str, bucket: str, conversation: str) -> Item:
    record = e.InboxPointer(user_id=user_id, bucket=bucket, conversation=conversation)
    return table.INBOX_POINTER.build(record)


def fill(bench: Bench, items: list[Item]) -> None:
    bench.do(tuple(Put("t", item) for item in items))


def spent(bench: Bench) -> Units:
    """What was charged since the last time this was asked."""
    stats = bench.store.stats
    total = Units(sum(stats.read_units.values()), sum(stats.write_units.values()))
    stats.read_units.clear()
    stats.write_units.clear()
    return total


class Cost(NamedTuple):
    """An operation, and the units that it is to cost."""

    operation: Operation
    read: float = 0.0
    write: float = 0.0


COSTS = [
    Cost(patterns.get_user("ann"), read=0.5),
    Cost(patterns.get_user("ann", consistent=True), read=1),
    Cost(patterns.get_user("nobody"), read=0.5),
    Cost(patterns.get_handle("ann"), read=0.5),
    Cost(patterns.handles_by_prefix("an"), read=0.5),
    Cost(patterns.list_users(50), read=0.5),
    Cost(patterns.get_password("ann"), read=1),
    Cost(patterns.user_with_groups("ann", 50), read=1),
    Cost(patterns.get_group("club"), read=0.5),
    Cost(patterns.get_member("club", "ann"), read=0.5),
    Cost(patterns.list_members("club", 50), read=1),
    Cost(patterns.list_groups(50), read=0.5),
    Cost(patterns.direct_head(DM), read=0.5),
    Cost(patterns.direct_head(DM, consistent=True), read=1),
    Cost(patterns.group_head(CLUB), read=0.5),
    Cost(patterns.read_tail(DM, 12), read=0.5),
    Cost(patterns.read_tail(CLUB, 4), read=0.5),
    Cost(patterns.read_messages(DM, 1, LOG, 50), read=2),
    Cost(patterns.read_messages(DM, 1, LOG, 50, consistent=True), read=4),
    Cost(patterns.get_message(DM, 7), read=0.5),
    Cost(patterns.last_amendment(DM), read=0.5),
    Cost(patterns.inbox_pointers("ann", 21), read=0.5),
    Cost(patterns.get_pointer("ann", DAY, b.DIRECT), read=1),
    Cost(patterns.read_collection("USER#ann", "", "", 50), read=0.5),
    Cost(patterns.scan_table(4), read=0.5),
    Cost(patterns.create_user(b.user("cleo"), None), write=6),
    Cost(patterns.create_user(b.user("cleo"), replace(PASSWORD, user_id="cleo")), write=8),
    Cost(patterns.update_user(ANN, replace(ANN, location="Rome")), write=2),
    Cost(patterns.update_user(ANN, RENAMED), write=10),
    Cost(patterns.set_password(PASSWORD), write=4),
    Cost(patterns.create_group(b.group("chess")), write=4),
    Cost(patterns.join_group(BOB, CLUB_TOP, b.member("bob")), write=8),
    Cost(patterns.append_message(entry(LOG + 1)), write=1),
    Cost(patterns.append_imported(tuple(entry(LOG + n) for n in (1, 2, 3))), write=6),
    Cost(patterns.amend_message(DM, AMENDMENT, {"body": "new", "edited_at": b.T0}), write=4),
    Cost(patterns.mark_read(DM, "bob", 3), write=1),
    Cost(patterns.mark_read(CLUB, "ann", 3), write=1),
    Cost(patterns.put_pointer("ann", "2026-11-22", b.DIRECT), write=1),
    Cost(patterns.delete_pointer("ann", DAY, b.DIRECT), write=1),
    Cost(patterns.name_direct_user(DM, RENAMED), write=1),
    Cost(patterns.name_group_user("club", RENAMED), write=1),
    Cost(patterns.remove_pointer(POINTER, Key(DM.pk, "000000000999")), write=4),
    Cost(patterns.name_user_group(EDGE, "Another"), write=1),
    Cost(patterns.list_set_aside("main", 50), read=0.5),
    Cost(patterns.places_of_names("ann", 500), read=1),
    Cost(patterns.set_aside(replace(STATE, part="ASIDE#1")), write=1),
    Cost(patterns.put_checkpoint(STATE), write=1),
    Cost(patterns.get_checkpoint("main", "CHECKPOINT#local"), read=1),
    Cost(patterns.copy_item({"pk": "P", "sk": "S"}), write=1),
    Cost(patterns.compare_item(Key("USER#ann", "A")), read=1),
]


def test_every_access_pattern_is_among_these() -> None:
    assert {cost.operation.pattern for cost in COSTS} == patterns.PATTERNS.keys()


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: str(cost.operation.pattern))
def test_an_access_pattern_costs_what_is_promised(bench: Bench, cost: Cost) -> None:
    fill(bench, world())
    spent(bench)
    assert not isinstance(bench.do(cost.operation), Lost)
    stats = bench.store.stats
    assert {*stats.read_units, *stats.write_units} == {cost.operation.pattern}
    assert spent(bench) == Units(cost.read, cost.write)


def consumed_by_feed(bench: Bench, item: Item) -> Units:
    """What the feed spends on an inserted item."""
    change = Change(1, key_of(item), None, item)
    for plan in CONSUMERS:
        for task in plan([change], "day"):
            bench.run(task.start())
    return spent(bench)


def sent(bench: Bench, sending: Flow[Any]) -> tuple[Units, Item]:
    """What sending costs, and the item that it made."""
    reply = bench.run(sending)
    return spent(bench), table.MESSAGE.build(reply.entry)


def test_the_next_direct_message_is_one_write_and_half_a_read(bench: Bench) -> None:
    fill(bench, world())
    spent(bench)
    for after in (LOG, None):
        target = Target(conversation=b.DIRECT)
        n = bench.run(send(b.draft(900 + (after or 0)), target, after, b.at(100), "day")).entry.seq
        assert n > LOG
        assert spent(bench) == Units(0.5, 1)
    assert consumed_by_feed(bench, table.MESSAGE.build(entry(LOG + 2))) == Units()


def test_the_next_group_message_is_two_writes_and_one_read(bench: Bench) -> None:
    fill(bench, world())
    spent(bench)
    sending = send(b.draft(900), Target(conversation=b.GROUP), 3, b.at(100), "day")
    units, item = sent(bench, sending)
    assert units == Units(1, 1)
    assert consumed_by_feed(bench, item) == Units(0, 1)


def test_a_lost_race_is_one_write_more(bench: Bench) -> None:
    fill(bench, world())
    spent(bench)
    assert isinstance(bench.do(patterns.append_message(entry(LOG))), Lost)
    assert spent(bench) == Units(0, 1)
    joined = patterns.join_group(ANN, CLUB_TOP, b.member("ann"))
    assert isinstance(bench.do(joined), Lost)
    assert spent(bench) == Units(0, 8)


# Of numbers, DynamoDB tells the size only roughly; of whole ones it is what the rule says.
LEAVES = st.none() | st.booleans() | st.integers(-(10**37), 10**37) | texts | sets
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names.filter(bool), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, st.integers(1, 3))
def test_sizes_are_those_that_the_engine_counts(bench: Bench, value: Any, kilobytes: int) -> None:
    key = Key("P", "S")
    item = {**key._asdict(), "é": value, "padding": ""}
    missing = kilobytes * WRITE_BYTES - size_bytes(item)
    assume(missing >= 0)
    for extra in (0, 1):
        padded = {**item, "padding": "x" * (missing + extra)}
        bench.do(Delete("t", key))
        spent(bench)
        bench.do(Put("t", padded))
        assert spent(bench) == Units(0, kilobytes + extra) == Units(0, write_units(None, padded))


def test_the_first_message_to_a_handle_is_five_writes(bench: Bench) -> None:
    cleo = b.user("cleo")
    handle = table.HANDLE.build(e.Handle(handle="cleo", user_id="cleo"))
    fill(bench, [*world(), table.USER.build(cleo), handle])
    spent(bench)
    units, item = sent(bench, send(b.draft(900), Target(to="@cleo"), None, b.at(1), "day"))
    assert units == Units(1.5, 1)
    assert consumed_by_feed(bench, item).write == 4


def test_a_new_bucket_is_two_writes_for_each_member(bench: Bench) -> None:
    fill(bench, world())
    spent(bench)
    target = Target(conversation=b.DIRECT)
    units, item = sent(bench, send(b.draft(900), target, LOG, b.at(86_400), "day"))
    assert units == Units(0.5, 1)
    assert consumed_by_feed(bench, item).write == 2 * 2


def test_the_other_use_cases_cost_what_is_promised(bench: Bench) -> None:
    fill(bench, world())
    spent(bench)
    flows: list[tuple[Flow[Any], Units]] = [
        (mark_read("bob", b.DIRECT, 50), Units(0.5, 1)),
        (edit_message("ann", b.DIRECT, 9, "new", b.at(100)), Units(1, 4)),
        (delete_message("ann", b.DIRECT, 9, b.at(100)), Units(1, 4)),
        (read_page("ann", b.DIRECT, Window(limit=50), people=False), Units(2, 0)),
        (read_inbox(Ask("ann", 20, "day"), None), Units(1, 0)),
    ]
    for flow, units in flows:
        bench.run(flow)
        assert spent(bench) == units
    bench.run(join_group("club", "bob", "member", b.at(100)))
    assert spent(bench).write == 8


def test_an_inbox_of_twenty_direct_conversations_is_ten_and_a_half_reads(bench: Bench) -> None:
    items = []
    for n in range(30):
        target = direct("ann", f"u{n:02d}")
        log = b.entry(1, "ann", conversation=target.id, created_at=b.at(n * 86_400))
        names = table.DIRECT_USER.stamp(handle="u", display_name="U", names_rev=1)
        joiners = [
            table.DIRECT_USER.key(conversation=target.id, user_id=user)._asdict() | names
            for user in target.users or ()
        ]
        bucket = b.at(n * 86_400)[:10]
        items += [table.MESSAGE.build(log), pointer("ann", bucket, target.id), *joiners]
    fill(bench, items)
    spent(bench)
    page = bench.run(read_inbox(Ask("ann", 20, "day"), None))
    assert len(page.rows) == 20
    assert spent(bench) == Units(10.5)
