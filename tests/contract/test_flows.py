"""Flows at the same time on one store: races end in one order, repeats in one message."""

import asyncio
from typing import Any

from tavola.core import table
from tavola.core.errors import Busy
from tavola.core.log import Draft
from tavola.core.operations import Query
from tavola.flows.amending import edit_message
from tavola.flows.groups import create_group, join_group
from tavola.flows.markers import mark_read
from tavola.flows.sending import Sent, Target, send
from tavola.flows.users import create_user
from tavola.stores.port import run
from tests import builders as b
from tests.contract.conftest import Database

TO = Target(conversation=b.DIRECT)
NOT_IN_THE_LOG = 1_000


def prepare(db: Database) -> None:
    for name in ("ann", "bob"):
        db.run(create_user(b.user(name)))


async def append(db: Database, draft: Draft, to: Target = TO) -> Sent:
    """Send as a client does: when the log is too busy, the same again."""
    while True:
        try:
            return await run(send(draft, to, None, b.T0, "day"), db.store)
        except Busy:
            continue


def together(db: Database, *coroutines: Any) -> list[Any]:
    async def gather() -> list[Any]:
        return list(await asyncio.gather(*coroutines))

    return db.wait(gather())


def log_of(db: Database, pk: str = "DM#ann#bob") -> list[Any]:
    page = db.page(Query("t", pk, "0", "9~", NOT_IN_THE_LOG))
    return [table.MESSAGE.parse(found) for found in page.items]


def test_a_hundred_appends_at_once_make_a_log_without_gaps(db: Database) -> None:
    prepare(db)
    drafts = [b.draft(n, ("ann", "bob")[n % 2]) for n in range(100)]
    sent = together(db, *(append(db, draft) for draft in drafts))
    log = log_of(db)
    assert [entry.seq for entry in log] == list(range(1, 101))
    assert {entry.id for entry in log} == {draft.id for draft in drafts}
    assert sorted(reply.entry.seq for reply in sent) == list(range(1, 101))
    for entry in log:
        others = [other.seq for other in log[: entry.seq] if other.sender_id != entry.sender_id]
        assert entry.peer_seq == max(others, default=0)


def test_two_clients_with_the_same_message_id_at_once_make_one_message(db: Database) -> None:
    prepare(db)
    sent = together(db, *(append(db, b.draft(1)) for _ in range(10)))
    assert len(log_of(db)) == 1
    assert [reply.created for reply in sent].count(True) == 1
    assert {reply.entry for reply in sent} == set(log_of(db))


def test_repeats_among_others_are_still_one_message_each(db: Database) -> None:
    prepare(db)
    drafts = [b.draft(n % 12) for n in range(48)]
    sent = together(db, *(append(db, draft) for draft in drafts))
    log = log_of(db)
    assert len(log) == 12
    by_id = {entry.id: entry for entry in log}
    assert [reply.entry for reply in sent] == [by_id[draft.id] for draft in drafts]


def test_the_same_pair_at_once_makes_one_conversation(db: Database) -> None:
    prepare(db)
    there, back = Target(to="@bob"), Target(to="@ann")
    together(db, append(db, b.draft(1, "ann"), there), append(db, b.draft(2, "bob"), back))
    logs = {found["pk"] for found in db.items() if found["type"] == "Message"}
    assert logs == {"DM#ann#bob"}
    assert [entry.seq for entry in log_of(db)] == [1, 2]


def test_joining_twice_at_once_is_one_membership(db: Database) -> None:
    prepare(db)
    db.run(create_group(b.group()))
    joins = [run(join_group("club", "ann", "member", b.at(n)), db.store) for n in range(5)]
    members = together(db, *joins)
    assert len(set(members)) == 1
    joiners = [found for found in db.items() if found["type"] in {"GroupUser", "UserGroup"}]
    assert {found["joined_at"] for found in joiners} == {members[0].joined_at}
    assert len(joiners) == 2


def test_edits_at_once_make_amendments_without_gaps(db: Database) -> None:
    prepare(db)
    together(db, *(append(db, b.draft(n)) for n in range(20)))
    edits = [edit_message("ann", b.DIRECT, seq, f"edit {seq}", b.T0) for seq in range(1, 21)]
    together(db, *(run(edit, db.store) for edit in edits))
    amendments = db.page(Query("t", "DM#ann#bob", "!", "!~", 100)).items
    assert [table.AMENDMENT.parse(found).n for found in amendments] == list(range(1, 21))
    assert {found["target"] for found in amendments} == set(range(1, 21))
    assert [entry.body for entry in log_of(db)] == [f"edit {seq}" for seq in range(1, 21)]


def test_a_marker_moved_from_two_devices_at_once_ends_at_the_furthest(db: Database) -> None:
    prepare(db)
    together(db, *(append(db, b.draft(n)) for n in range(9)))
    marks = [mark_read("bob", b.DIRECT, seq) for seq in (3, 9, 1, 5)]
    together(db, *(run(mark, db.store) for mark in marks))
    joiner = db.get("DM#ann#bob", "USER#bob")
    assert joiner is not None
    assert joiner["read_seq"] == 9
