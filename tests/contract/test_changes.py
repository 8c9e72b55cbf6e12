"""Every store tells each committed change: what was there, what is there now, in order."""

import asyncio

from tavola.core import entities as e
from tavola.core import patterns
from tavola.core.apply import Change
from tavola.core.items import Item, Key
from tavola.core.operations import Delete, Put, Transact, Update
from tests import builders as b
from tests.contract.conftest import Database

KEY = Key("P", "S")
ALWAYS = "9999-12-31T23:59:59.999Z"


def item(**attributes: object) -> Item:
    return {"pk": KEY.pk, "sk": KEY.sk, **attributes}


def write_some(db: Database, count: int) -> None:
    for n in range(count):
        db.do(Put("t", item(n=n)))


def test_each_change_has_both_images(db: Database) -> None:
    db.do(Put("t", item(a=1)))
    db.do(Update("t", KEY, {"a": 2, "tags": frozenset({"x"})}))
    db.do(Delete("t", KEY))
    after = item(a=2, tags=frozenset({"x"}))
    assert db.changes() == [
        Change(1, KEY, None, item(a=1)),
        Change(2, KEY, item(a=1), after),
        Change(3, KEY, after, None),
    ]
    assert db.store.last_change == 3


def test_the_changes_of_a_transaction_are_all_there(db: Database) -> None:
    other = {"pk": "P", "sk": "T"}
    db.do(Put("t", other))
    db.do(Transact("t", (Put("t", item(a=1)), Delete("t", Key("P", "T")))))
    images = {(change.key, change.new is None) for change in db.changes(1)}
    assert images == {(KEY, False), (Key("P", "T"), True)}


def test_the_changes_of_an_item_follow_from_one_another(db: Database) -> None:
    answers = db.do(tuple(Update("t", KEY, {"n": n}) for n in range(200)))
    assert answers == [None] * 200
    changes = db.changes()
    assert [change.n for change in changes] == list(range(1, 201))
    before: Item | None = None
    for change in changes:
        assert change.old == before
        before = change.new
    assert before == db.get(*KEY)


def test_changes_are_read_slice_by_slice(db: Database) -> None:
    write_some(db, 10)
    found: list[Change] = []
    while part := db.store.read_changes(found[-1].n if found else 0, 3):
        assert len(part) <= 3
        found += part
    assert found == db.changes()
    assert [change.new for change in found] == [item(n=n) for n in range(10)]


def test_the_feeds_own_state_is_no_change(db: Database) -> None:
    state = e.FeedState(feed="main", part="CHECKPOINT#local", position=1, at=b.T0)
    db.do(patterns.put_checkpoint(state))
    assert db.do(patterns.get_checkpoint("main", "CHECKPOINT#local"))["position"] == 1
    assert db.changes() == []
    assert db.store.last_change == 0


def test_waiting_ends_with_the_next_change(db: Database) -> None:
    async def wait_and_write() -> int:
        waiting = asyncio.create_task(db.store.wait_for_change(0))
        await asyncio.sleep(0)
        assert not waiting.done()
        await db.store.execute(Put("t", item()))
        await asyncio.wait_for(waiting, 5)
        return db.store.last_change

    assert db.wait(wait_and_write()) == 1


def test_waiting_for_what_is_there_ends_at_once(db: Database) -> None:
    write_some(db, 2)
    db.wait(asyncio.wait_for(db.store.wait_for_change(1), 5))
    assert db.store.last_change == 2


def test_forgotten_changes_are_gone_and_numbers_go_on(db: Database) -> None:
    write_some(db, 5)
    db.wait(db.store.forget_changes(3, ALWAYS))
    assert [change.n for change in db.changes()] == [4, 5]
    db.wait(db.store.forget_changes(5, ALWAYS))
    assert db.changes() == []
    assert db.store.last_change == 5
    write_some(db, 1)
    assert [change.n for change in db.changes()] == [6]


def test_the_newest_change_is_known_from_what_is_stored(db: Database) -> None:
    assert db.store.newest_change() == 0
    write_some(db, 2)
    assert db.store.newest_change() == db.store.last_change == 2
