"""Every store does a transaction whole or not at all."""

from typing import Any

import pytest

from tavola.core import errors, limits
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import (
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Lost,
    Missing,
    Part,
    Put,
    Transact,
    Update,
)
from tests.contract.conftest import Database


def item(sk: str, **attributes: Any) -> Item:
    return {"pk": "P", "sk": sk, **attributes}


def key(sk: str) -> Key:
    return Key("P", sk)


def transact(*parts: Part) -> Transact:
    return Transact("t", parts)


def test_all_parts_happen(db: Database) -> None:
    db.do((Put("t", item("old")), Put("t", item("there", a=1))))
    write = transact(
        Put("t", item("new"), Missing()),
        Update("t", key("there"), {"a": 2}, condition=Equals("a", 1)),
        Delete("t", key("old"), Exists()),
        Check("t", key("absent"), Missing()),
    )
    assert db.do(write) is None
    assert db.items() == [item("new"), item("there", a=2)]


@pytest.mark.parametrize("failing", range(4))
def test_one_failed_condition_undoes_all_and_is_named(db: Database, failing: int) -> None:
    db.do((Put("t", item("there", a=1)), Put("t", item("kept"))))
    before = db.items()
    conditions: list[Condition] = [Missing(), Equals("a", 1), Missing(), Exists()]
    conditions[failing] = Equals("a", "never")
    write = transact(
        Put("t", item("new"), conditions[0]),
        Update("t", key("there"), {"a": 2}, condition=conditions[1]),
        Delete("t", key("absent"), conditions[2]),
        Check("t", key("kept"), conditions[3]),
    )
    old = [None, item("there", a=1), None, item("kept")][failing]
    assert db.do(write) == Lost(old, failing)
    assert db.items() == before
    assert len(db.changes()) == 2


def test_a_failed_part_raises_the_error_that_it_names(db: Database) -> None:
    write = transact(
        Put("t", item("new")), Check("t", key("absent"), Exists(), errors.UserNotFound)
    )
    with pytest.raises(errors.UserNotFound):
        db.do(write)
    assert db.items() == []


def test_a_check_changes_nothing(db: Database) -> None:
    db.do(Put("t", item("there")))
    assert db.do(transact(Check("t", key("there"), Exists()))) is None
    assert db.items() == [item("there")]
    assert len(db.changes()) == 1


def test_a_hundred_parts_happen_and_more_are_refused(db: Database) -> None:
    parts = [Put("t", item(f"{n:03d}")) for n in range(limits.TRANSACTION_WRITES_MAX + 1)]
    with pytest.raises(BadItem):
        db.do(transact(*parts))
    assert db.items() == []
    assert db.do(transact(*parts[:-1])) is None
    assert len(db.items()) == limits.TRANSACTION_WRITES_MAX


@pytest.mark.parametrize(
    "write", [transact(), transact(Put("t", item("a")), Delete("t", key("a")))]
)
def test_no_parts_and_one_item_twice_are_refused(db: Database, write: Transact) -> None:
    with pytest.raises(BadItem):
        db.do(write)
    assert db.items() == []


def test_a_transaction_sees_those_before_it(db: Database) -> None:
    answers = db.do(tuple(transact(Put("t", item("one"), Missing())) for _ in range(5)))
    assert answers == [None] + [Lost(item("one"), 0)] * 4
