"""What each access pattern and use case costs on every store: exactly as promised.

On DynamoDB the engine counts, elsewhere we do. Units are those of items under 1 KB: a write request
unit per started KB, a read request unit per started 4 KB, half of it when eventually consistent,
writes twice in a transaction.
"""

import asyncio
import re
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.apply import Change
from tavola.core.ids import direct, fold_name, parse_conversation
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    Check,
    Delete,
    Exists,
    Get,
    Lost,
    Missing,
    Operation,
    Put,
    Query,
    Scan,
    Transact,
    Update,
)
from tavola.core.units import Units
from tavola.flows.amending import delete_message, edit_message
from tavola.flows.consumers import CONSUMERS
from tavola.flows.flow import Flow
from tavola.flows.groups import join_group, leave_group
from tavola.flows.inbox import Ask, read_inbox
from tavola.flows.markers import mark_read
from tavola.flows.reading import Window, read_page
from tavola.flows.sending import Target, send
from tavola.stores.stats import Spent, measured
from tests import builders as b
from tests.contract.conftest import Database

DM, CLUB = parse_conversation(b.DIRECT), parse_conversation(b.GROUP)
DAY = b.T0[:10]
LOG = 60
ANN, BOB, CLUB_TOP, CHESS = b.user("ann"), b.user("bob"), b.group(), b.group("chess")
RENAMED = replace(ANN, handle="anna", display_name="Anna", names_rev=2)
PASSWORD = e.Password(user_id="ann", hash="x" * 97, set_at=b.T0)
BODY = "x" * 66  # makes an item of 250 bytes
STATE = e.FeedState(feed="main", part="CHECKPOINT#local", position=1, at=b.T0)
LEASE = e.FeedState(feed="main", part="LEASE", owner="a-worker", beat=1, at=b.T0)
POINTER = e.InboxPointer(user_id="ann", bucket=DAY, conversation=b.DIRECT)
EDGE = e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name=CLUB_TOP.name)
VOUCHED = e.UserIdentity(user_id="ann", issuer="https://id.example", subject="a-1")
LEFT = e.LeftGroup(user_id="ann", group_id="chess", left_at=b.T0)
MARK = e.RuleMark(user_id="bob", scope="@", rule="newcomers", held=True)
HELD = e.RuleMark(user_id="ann", scope="@", rule="newcomers", held=True)
ID = e.Identity(issuer="https://id.example.com", subject="auth0|7", user_id="ann")
AS_READ = ((table.USER.key(user_id="ann"), Exists()),)
AMENDMENT = e.Amendment(conversation=b.DIRECT, n=2, target=3, kind="edit", by="ann", at=b.T0)


def entry(seq: int, conversation: str = b.DIRECT) -> e.Message:
    return b.entry(seq, body=BODY, conversation=conversation)


def world() -> list[Item]:
    """Two users, a group of both, their two conversations, and what the feed makes of them."""
    direct_users = [{"user_id": name, "handle": name, "names_rev": 1} for name in ("ann", "bob")]
    return [
        *(table.USER.build(user) for user in (ANN, BOB)),
        table.USER.build(b.user("gone", deleted_at=b.T0)),
        *(table.HANDLE.build(e.Handle(handle=n, user_id=n)) for n in ("ann", "bob")),
        *(table.USER_NAME.build(e.UserName(folded=n, user_id=n)) for n in ("ann", "bob")),
        table.PASSWORD.build(PASSWORD),
        table.IDENTITY.build(ID),
        table.USER_IDENTITY.build(
            e.UserIdentity(user_id="ann", issuer=ID.issuer, subject=ID.subject)
        ),
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
        table.DIRECT_USER.build(
            e.DirectUser(conversation=direct("ann", "dan").id, user_id="ann", blocked=True)
        ),
        *(table.MESSAGE.build(entry(n)) for n in range(1, LOG + 1)),
        *(table.MESSAGE.build(entry(n, b.GROUP)) for n in range(1, 4)),
        table.AMENDMENT.build(replace(AMENDMENT, n=1)),
        table.RULE_MARK.build(HELD),
        table.RULE_MARK.build(e.RuleMark(user_id="ann", scope="club", rule="hello")),
        pointer("ann", DAY, b.DIRECT),
        pointer("bob", DAY, b.DIRECT),
        table.FEED_STATE.build(STATE),
        table.FEED_STATE.build(LEASE),
    ]


def pointer(user_id: str, bucket: str, conversation: str) -> Item:
    record = e.InboxPointer(user_id=user_id, bucket=bucket, conversation=conversation)
    return table.INBOX_POINTER.build(record)


def fill(db: Database, items: list[Item]) -> None:
    db.do(tuple(Put("t", item) for item in items))


def spent(db: Database) -> Units:
    """What was charged since the last time this was asked."""
    stats = db.store.stats
    total = stats.units
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
    Cost(patterns.list_groups(50, prefix="cl", consistent=True), read=1),
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
    Cost(patterns.get_identity(ID.issuer, ID.subject), read=0.5),
    Cost(patterns.get_identity(ID.issuer, ID.subject, consistent=True), read=1),
    Cost(patterns.list_identities("ann", 50), read=1),
    Cost(patterns.link_identity(replace(ID, subject="other")), write=6),
    Cost(
        patterns.create_linked_user(b.user("cleo"), replace(ID, user_id="cleo", subject="c")),
        write=10,
    ),
    Cost(
        patterns.create_linked_user(
            b.user("cleo"),
            replace(ID, user_id="cleo", subject="c"),
            replace(ID, user_id="cleo", issuer="postgres"),
        ),
        write=14,
    ),
    Cost(patterns.create_user(b.user("cleo"), None), write=6),
    Cost(patterns.create_user(b.user("cleo"), replace(PASSWORD, user_id="cleo")), write=8),
    Cost(patterns.update_user(ANN, replace(ANN, location="Rome")), write=2),
    Cost(patterns.update_user(ANN, RENAMED), write=10),
    Cost(patterns.set_password(PASSWORD), write=4),
    Cost(patterns.create_group(b.group("chess")), write=4),
    Cost(
        patterns.create_group(CHESS, patterns.Joining(BOB, CHESS, b.member("bob", "chess"))),
        write=10,
    ),
    Cost(patterns.join_all((patterns.Joining(BOB, CLUB_TOP, b.member("bob")),)), write=8),
    Cost(patterns.leave_all((patterns.Place("club", "ann"),), b.at(9)), write=6),
    Cost(patterns.update_group(CLUB_TOP, replace(CLUB_TOP, visibility="private")), write=4),
    Cost(patterns.update_group(CLUB_TOP, replace(CLUB_TOP, name="CLUB", names_rev=2)), write=4),
    Cost(patterns.update_group(CLUB_TOP, replace(CLUB_TOP, name="Go", names_rev=2)), write=6),
    Cost(patterns.delete_group(CLUB_TOP, b.at(9), purge=True), write=4),
    Cost(patterns.follow_group_name(CLUB_TOP, "ann"), write=1),
    Cost(patterns.read_log(CLUB, 50), read=1),
    Cost(patterns.purge_entry(Key(CLUB.pk, "000000000001")), write=1),
    Cost(patterns.set_role("club", "ann", "admin"), write=1),
    Cost(patterns.join_group(patterns.Joining(BOB, CLUB_TOP, b.member("bob"))), write=8),
    Cost(patterns.leave_group("club", "ann", b.at(9)), write=6),
    Cost(patterns.append_message(entry(LOG + 1)), write=1),
    Cost(patterns.append_imported(tuple(entry(LOG + n) for n in (1, 2, 3))), write=6),
    Cost(patterns.amend_message(DM, AMENDMENT, {"body": "new", "edited_at": b.T0}), write=4),
    Cost(patterns.mark_read(DM, "bob", 3), write=1),
    Cost(patterns.mark_read(CLUB, "ann", 3), write=1),
    Cost(patterns.block_user(DM, "ann"), write=1),
    Cost(patterns.unblock_user(direct("ann", "dan"), "ann"), write=1),
    Cost(patterns.erase_user(ANN, b.T0, ()), write=8),
    Cost(patterns.erase_user(ANN, b.T0, (VOUCHED,)), write=12),
    Cost(patterns.identities_of_user("ann", 40), read=1),
    Cost(patterns.traces_of_user("ann", 100), read=1),
    Cost(patterns.erase_membership(EDGE, b.T0), write=6),
    Cost(patterns.erase_identity(VOUCHED), write=4),
    Cost(patterns.erase_direct_user(DM, "ann", 2), write=1),
    Cost(patterns.erase_messages(DM, (AMENDMENT, replace(AMENDMENT, n=3, target=4))), write=8),
    Cost(patterns.forget_left_group(LEFT), write=1),
    Cost(patterns.marks_of_user("ann", 50), read=1),
    Cost(patterns.get_mark("ann", "", "newcomers"), read=1),
    Cost(patterns.get_left("ann", "club"), read=1),
    Cost(patterns.apply_rule(patterns.Deed(BOB, None, MARK)), write=4),
    Cost(
        patterns.apply_rule(
            patterns.Deed(
                BOB,
                None,
                MARK,
                joinings=(patterns.Joining(BOB, CLUB_TOP, b.member("bob")),),
                entry=entry(LOG + 1),
            )
        ),
        write=14,
    ),
    Cost(
        patterns.apply_rule(
            patterns.Deed(
                ANN,
                HELD,
                replace(HELD, held=False),
                left=(e.LeftGroup(user_id="ann", group_id="club", left_at=b.T0, rule="newcomers"),),
            )
        ),
        write=10,
    ),
    Cost(patterns.erase_mark(HELD), write=1),
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
    Cost(patterns.list_checkpoints("main", 50), read=1),
    Cost(patterns.get_lease("main"), read=1),
    Cost(patterns.put_lease(replace(LEASE, beat=2), LEASE), write=1),
    Cost(patterns.drop_lease(LEASE), write=1),
    Cost(patterns.forget_feed_state("main", "CHECKPOINT#local"), write=1),
    Cost(patterns.copy_item({"pk": "P", "sk": "S"}), write=1),
    Cost(patterns.compare_item(Key("USER#ann", "A")), read=1),
    Cost(patterns.inspect_item(Key("USER#ann", "A")), read=1),
    Cost(patterns.mend_missing({"pk": "P", "sk": "S"}, Missing(), AS_READ), write=4),
    Cost(patterns.mend_stray(table.HANDLE.key(handle="ann"), Exists(), AS_READ), write=4),
    Cost(patterns.mend_names(b.member("ann"), RENAMED), write=1),
    Cost(patterns.mend_erased("gone", ("handle",)), write=1),
]


def test_every_access_pattern_is_among_these() -> None:
    assert {cost.operation.pattern for cost in COSTS} == patterns.PATTERNS.keys()


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: str(cost.operation.pattern))
def test_an_access_pattern_costs_what_is_promised(db: Database, cost: Cost) -> None:
    fill(db, world())
    spent(db)
    assert not isinstance(db.do(cost.operation), Lost)
    stats = db.store.stats
    assert {*stats.read_units, *stats.write_units} == {cost.operation.pattern}
    assert spent(db) == Units(cost.read, cost.write)


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: str(cost.operation.pattern))
def test_what_is_declared_is_what_is_measured(cost: Cost) -> None:
    """`0.5 RRU`, `6-8 WRU`, `2 WRU each`; a read that is asked to be consistent costs twice."""
    operation = cost.operation
    declared = patterns.PATTERNS[operation.pattern]
    found = re.match(r"([\d.]+)(?:-([\d.]+))? (RRU|WRU)( each)?", declared.units)
    assert found, declared.units
    low, high = float(found[1]), float(found[2] or found[1])
    if found[4] and isinstance(operation, Transact):
        low, high = low * len(operation.parts), high * len(operation.parts)
    optional = any(param.name == "consistent" for param in declared.params)
    if optional and isinstance(operation, Get | Query) and operation.consistent:
        low, high = 2 * low, 2 * high
    measured_units = cost.read if found[3] == "RRU" else cost.write
    assert low <= measured_units <= high
    assert not (cost.write if found[3] == "RRU" else cost.read)


def there(size: int) -> Item:
    """An item of so many bytes."""
    return {"pk": "P", "sk": "S", "x": "x" * (size - 7)}


KEY = Key("P", "S")
GONE = Key("P", "GONE")
ABSENT = Missing()


@pytest.mark.parametrize(
    ("operation", "units"),
    [
        (Get("t", KEY), Units(1, 0)),
        (Get("t", KEY, consistent=True), Units(2, 0)),
        (Get("t", GONE), Units(0.5, 0)),
        (Query("t", "P", "S", "S", 1), Units(1, 0)),
        (Query("t", "P", "T", "~", 1), Units(0.5, 0)),
        (Query("t", "P", "~", "!", 1), Units(0, 0)),
        (Query("t", "P", "!", "S", 1, start="S"), Units(0, 0)),
        (Query("t", "P", "S", "~", 1, reverse=True, start="S"), Units(0, 0)),
        (Scan("t", 9), Units(1, 0)),
        (Put("t", there(100)), Units(0, 5)),
        (Put("t", there(6_000)), Units(0, 6)),
        (Put("t", there(5_000)), Units(0, 5)),
        (Put("t", there(6_000), ABSENT), Units(0, 6)),
        (Put("t", there(100), ABSENT), Units(0, 5)),
        (Update("t", KEY, {"y": "y" * 2_000}), Units(0, 7)),
        (Update("t", KEY, {}, ("x",)), Units(0, 5)),
        (Update("t", KEY, {"y": 1}, condition=ABSENT), Units(0, 5)),
        (Update("t", KEY, {"y": "y" * 2_000}, condition=ABSENT), Units(0, 7)),
        (Update("t", GONE, {"y": 1}, condition=Exists()), Units(0, 1)),
        (Delete("t", KEY), Units(0, 5)),
        (Delete("t", KEY, ABSENT), Units(0, 5)),
        (Delete("t", GONE), Units(0, 1)),
        (Transact("t", (Check("t", KEY, Exists()), Delete("t", GONE))), Units(0, 12)),
        (Transact("t", (Check("t", KEY, ABSENT), Delete("t", GONE))), Units(0, 12)),
        (Transact("t", (Check("t", GONE, Exists()), Delete("t", KEY))), Units(0, 4)),
    ],
    ids=repr,
)
def test_a_large_item_costs_by_its_size(db: Database, operation: Operation, units: Units) -> None:
    db.do(Put("t", there(5_000)))
    spent(db)
    db.do(operation)
    assert spent(db) == units


@pytest.mark.parametrize(("peek", "units"), [(True, 1.5), (False, 1)])
def test_the_item_that_is_peeked_at_costs_too(db: Database, units: float, *, peek: bool) -> None:
    fill(db, [there(4_000) | {"sk": sk} for sk in "abc"])
    spent(db)
    page = db.page(Query("t", "P", "!", "~", 2, peek=peek))
    assert [item["sk"] for item in page.items] == ["a", "b"]
    assert spent(db) == Units(units)


def test_a_query_of_more_than_a_megabyte_starts_a_new_block_with_each(db: Database) -> None:
    fill(db, [there(301 * 1024) | {"sk": str(n)} for n in range(7)])
    spent(db)
    db.page(Query("t", "P", "!", "~", 10, consistent=True))
    assert spent(db) == Units(226 + 226 + 76)


def test_what_is_measured_is_what_is_asked_inside(db: Database) -> None:
    execute = db.store.execute

    async def measure() -> tuple[Spent, Spent]:
        await execute(Get("before", GONE))
        with measured() as outer:
            with measured() as inner:
                put = asyncio.create_task(execute(Put("put", there(10))))
                await execute((Get("read", GONE), Get("read", GONE)))
                await put
            await execute(Get("between", GONE, consistent=True))
        await execute(Get("after", GONE))
        return outer, inner

    outer, inner = db.wait(measure())
    assert inner.operations == {"read": 2, "put": 1}
    assert (inner.read_units, inner.write_units) == ({"read": 1}, {"put": 1})
    assert outer.operations == {"read": 2, "put": 1, "between": 1}
    assert outer.units == Units(2, 1)
    assert {"before", "after"} < db.store.stats.operations.keys()


def consumed_by_feed(db: Database, item: Item, *, gone: bool = False) -> Units:
    """What the feed spends on an item that came, or is gone."""
    change = Change(1, key_of(item), *((item, None) if gone else (None, item)))
    for plan in CONSUMERS:
        for task in plan([change], "day"):
            db.run(task.start())
    return spent(db)


def sent(db: Database, sending: Flow[Any]) -> tuple[Units, Item]:
    """What sending costs, and the item that it made."""
    reply = db.run(sending)
    return spent(db), table.MESSAGE.build(reply.entry)


def test_the_next_direct_message_is_one_write_and_half_a_read(db: Database) -> None:
    fill(db, world())
    spent(db)
    for after in (LOG, None):
        target = Target(conversation=b.DIRECT)
        n = db.run(send(b.draft(900 + (after or 0)), target, after, b.at(100), "day")).entry.seq
        assert n > LOG
        assert spent(db) == Units(0.5, 1)
    assert consumed_by_feed(db, table.MESSAGE.build(entry(LOG + 2))) == Units()


def test_the_next_group_message_is_two_writes_and_one_read(db: Database) -> None:
    fill(db, world())
    spent(db)
    sending = send(b.draft(900), Target(conversation=b.GROUP), 3, b.at(100), "day")
    units, item = sent(db, sending)
    assert units == Units(1, 1)
    assert consumed_by_feed(db, item) == Units(0, 1)


def test_a_lost_race_is_one_write_more(db: Database) -> None:
    fill(db, world())
    spent(db)
    assert isinstance(db.do(patterns.append_message(entry(LOG))), Lost)
    assert spent(db) == Units(0, 1)
    joined = patterns.join_group(patterns.Joining(ANN, CLUB_TOP, b.member("ann")))
    assert isinstance(db.do(joined), Lost)
    assert spent(db) == Units(0, 8)


def test_the_first_message_to_a_handle_is_five_writes(db: Database) -> None:
    cleo = b.user("cleo")
    handle = table.HANDLE.build(e.Handle(handle="cleo", user_id="cleo"))
    fill(db, [*world(), table.USER.build(cleo), handle])
    spent(db)
    units, item = sent(db, send(b.draft(900), Target(to="@cleo"), None, b.at(1), "day"))
    assert units == Units(1.5, 1)
    assert consumed_by_feed(db, item).write == 4


def test_a_new_bucket_is_two_writes_for_each_member(db: Database) -> None:
    fill(db, world())
    spent(db)
    target = Target(conversation=b.DIRECT)
    units, item = sent(db, send(b.draft(900), target, LOG, b.at(86_400), "day"))
    assert units == Units(0.5, 1)
    assert consumed_by_feed(db, item).write == 2 * 2


def test_the_other_use_cases_cost_what_is_promised(db: Database) -> None:
    fill(db, world())
    spent(db)
    flows: list[tuple[Flow[Any], Units]] = [
        (mark_read("bob", b.DIRECT, 50), Units(0.5, 1)),
        (edit_message("ann", b.DIRECT, 9, "new", b.at(100)), Units(1.5, 4)),
        (delete_message("ann", b.DIRECT, 9, b.at(100)), Units(1, 4)),
        (read_page("ann", b.DIRECT, Window(limit=50), people=False), Units(2, 0)),
        (read_inbox(Ask("ann", 20, "day"), None), Units(1, 0)),
    ]
    for flow, units in flows:
        db.run(flow)
        assert spent(db) == units
    db.run(join_group("club", "bob", "member", b.at(100)))
    assert spent(db).write == 8
    db.run(leave_group("club", "bob", b.at(200)))
    assert spent(db) == Units(0, 6)
    gone = table.GROUP_USER.build(b.member("bob"))
    assert consumed_by_feed(db, gone, gone=True) == Units(1, 4)


def test_an_inbox_of_twenty_direct_conversations_is_ten_and_a_half_reads(db: Database) -> None:
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
    fill(db, items)
    spent(db)
    page = db.run(read_inbox(Ask("ann", 20, "day"), None))
    assert len(page.rows) == 20
    assert spent(db) == Units(10.5)
