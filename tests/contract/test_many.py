"""Several operations of one request: every store keeps their places, their order and their errors.

There are more of them than go into one request to DynamoDB.
"""

import pytest

from tavola.core import errors
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import Delete, Exists, Get, Lost, Missing, Operation, Put, Query, Update
from tests.contract.conftest import Database

MANY = 230


def item(n: int, **attributes: object) -> Item:
    return {"pk": f"P{n % 7}", "sk": f"{n:03d}", **attributes}


def key(n: int) -> Key:
    return Key(f"P{n % 7}", f"{n:03d}")


def items(db: Database) -> list[Item | None]:
    """What there is of the items, read one by one."""
    return [db.get(*key(n)) for n in range(MANY)]


def test_many_puts_and_deletes_are_all_done(db: Database) -> None:
    assert db.do(tuple(Put("t", item(n, a=n)) for n in range(MANY))) == [None] * MANY
    assert items(db) == [item(n, a=n) for n in range(MANY)]
    writes: list[Operation] = [
        Delete("t", key(n)) if n % 2 else Put("t", item(n, b=n)) for n in range(MANY)
    ]
    assert db.do(tuple(writes)) == [None] * MANY
    assert items(db) == [None if n % 2 else item(n, b=n) for n in range(MANY)]


@pytest.mark.parametrize("consistent", [True, False])
def test_many_gets_answer_each_in_its_place(db: Database, *, consistent: bool) -> None:
    db.do(tuple(Put("t", item(n, a=n)) for n in range(0, MANY, 2)))
    gets = tuple(Get("t", key(n), consistent) for n in reversed(range(MANY)))
    wanted = [None if n % 2 else item(n, a=n) for n in reversed(range(MANY))]
    assert db.do(gets) == wanted
    assert db.do(gets + gets) == wanted * 2


def test_operations_of_all_kinds_answer_each_in_its_place(db: Database) -> None:
    db.do(tuple(Put("t", item(n, a=n)) for n in range(MANY)))
    operations: list[Operation] = []
    wanted: list[object] = []
    for n in range(0, MANY, 5):
        operations += [
            Get("t", key(n), consistent=True),
            Put("t", item(n + 1, b=n)),
            Put("t", item(n + 2), Missing()),
            Delete("t", key(n + 3)),
            Update("t", key(n + 4), {"b": n}, condition=Exists()),
        ]
        wanted += [item(n, a=n), None, Lost(item(n + 2, a=n + 2), 0), None, None]
    assert db.do(tuple(operations)) == wanted
    for n in range(0, MANY, 5):
        left = [db.get(*key(n + more)) for more in (1, 3, 4)]
        assert left == [item(n + 1, b=n), None, item(n + 4, a=n + 4, b=n)]


def test_writes_of_one_item_keep_their_order_among_many_others(db: Database) -> None:
    writes: list[Operation] = []
    for n in range(MANY):
        writes += [Put("t", item(n, a=n)), Put("t", item(0, a=n)), Delete("t", key(1))]
    writes += [Put("t", item(1, last=True)), Put("t", item(0, last=True))]
    db.do(tuple(writes))
    assert items(db)[:3] == [item(0, last=True), item(1, last=True), item(2, a=2)]


@pytest.mark.parametrize(
    "bad", [{"a": 1.5}, {"a": frozenset()}, {"a": "\ud800"}, {"a": "x" * 409_600}], ids=ascii
)
def test_one_that_no_store_takes_fails_alone(db: Database, bad: dict[str, object]) -> None:
    puts = [Put("t", item(n)) for n in range(MANY)]
    puts[100] = Put("t", item(100, **bad))
    with pytest.raises(BadItem):
        db.do(tuple(puts))
    assert items(db) == [None if n == 100 else item(n) for n in range(MANY)]


def test_a_condition_that_fails_is_told_and_the_others_are_done(db: Database) -> None:
    db.do(Put("t", item(7)))
    puts = [Put("t", item(n, a=n)) for n in range(MANY)]
    puts[7] = Put("t", item(7, a=7), Missing(), errors.IdTaken)
    with pytest.raises(errors.IdTaken):
        db.do(tuple(puts))
    assert items(db) == [item(n) if n == 7 else item(n, a=n) for n in range(MANY)]


def test_a_query_among_many_is_answered_in_its_place(db: Database) -> None:
    db.do(tuple(Put("t", item(n)) for n in range(0, MANY, 7)))
    gets = tuple(Get("t", key(n)) for n in range(20))
    found = db.do((*gets, Query("t", "P0", " ", "~", MANY)))
    assert [one["sk"] for one in found[20].items] == [f"{n:03d}" for n in range(0, MANY, 7)]
    assert found[:20] == [None if n % 7 else item(n) for n in range(20)]
