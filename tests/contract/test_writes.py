"""Every store decides writes in the same way, and keeps items as they are."""

from decimal import Decimal
from typing import Any

import pytest

from tavola.core import errors, limits
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import (
    Delete,
    Equals,
    Exists,
    Get,
    LessThan,
    Lost,
    Missing,
    Or,
    Put,
    Query,
    Transact,
    Update,
    Write,
)
from tests import builders as b
from tests.contract.conftest import Database

KEY = Key("P", "S")


def item(**attributes: Any) -> Item:
    return {"pk": KEY.pk, "sk": KEY.sk, **attributes}


def stored(db: Database) -> Item | None:
    return db.get(*KEY)


def test_a_put_replaces_the_whole_item(db: Database) -> None:
    assert db.do(Put("t", item(a=1))) is None
    assert db.do(Put("t", item(b=2))) is None
    assert stored(db) == item(b=2)


def test_an_update_sets_and_removes_and_leaves_the_rest(db: Database) -> None:
    db.do(Put("t", item(a=1, b=2, c=3)))
    assert db.do(Update("t", KEY, {"a": 9, "d": 4}, ("b", "missing"))) is None
    assert stored(db) == item(a=9, c=3, d=4)


def test_an_update_makes_the_item_when_it_is_not_there(db: Database) -> None:
    assert db.do(Update("t", KEY, {"a": 1})) is None
    assert stored(db) == item(a=1)


def test_a_delete_removes_and_deleting_again_is_no_failure(db: Database) -> None:
    db.do(Put("t", item()))
    assert db.do(Delete("t", KEY)) is None
    assert stored(db) is None
    assert db.do(Delete("t", KEY)) is None


MARKER = Or((Missing("read_seq"), LessThan("read_seq", 5)))


@pytest.mark.parametrize(
    ("before", "write"),
    [
        (item(a=1), Put("t", item(a=2), Missing())),
        (None, Put("t", item(a=2), Exists())),
        (item(read_seq=5), Update("t", KEY, {"read_seq": 5, "x": 1}, condition=MARKER)),
        (item(read_seq=9), Update("t", KEY, {"read_seq": 5}, condition=MARKER)),
        (None, Update("t", KEY, {"a": 1}, condition=Exists())),
        (item(a=1), Delete("t", KEY, Equals("a", 2))),
        (None, Delete("t", KEY, Exists())),
    ],
)
def test_a_lost_condition_answers_the_item_in_the_way_and_writes_nothing(
    db: Database, before: Item | None, write: Write
) -> None:
    if before:
        db.do(Put("t", before))
    changes = len(db.changes())
    assert db.do(write) == Lost(before, 0)
    assert stored(db) == before
    assert len(db.changes()) == changes


@pytest.mark.parametrize(
    ("before", "write", "after"),
    [
        (None, Put("t", item(a=2), Missing()), item(a=2)),
        (item(a=1), Put("t", item(a=2), Equals("a", 1)), item(a=2)),
        (
            item(read_seq=4),
            Update("t", KEY, {"read_seq": 5}, condition=MARKER),
            item(read_seq=5),
        ),
        (None, Update("t", KEY, {"read_seq": 5}, condition=MARKER), item(read_seq=5)),
        (item(a=1), Delete("t", KEY, Exists("a")), None),
    ],
)
def test_a_write_whose_condition_holds_happens(
    db: Database, before: Item | None, write: Write, after: Item | None
) -> None:
    if before:
        db.do(Put("t", before))
    assert db.do(write) is None
    assert stored(db) == after


def test_a_failed_condition_raises_the_error_that_the_write_names(db: Database) -> None:
    db.do(Put("t", item(a=1)))
    with pytest.raises(errors.HandleTaken):
        db.do(Put("t", item(a=2), Missing(), errors.HandleTaken))
    with pytest.raises(errors.Changed):
        db.do(Update("t", KEY, {"a": 2}, condition=Missing(), fails_as=errors.Changed))
    with pytest.raises(errors.NotFound):
        db.do(Delete("t", KEY, Missing(), errors.NotFound))
    assert stored(db) == item(a=1)


@pytest.mark.parametrize(
    "write",
    [
        Put("t", item(a=1)),
        Update("t", KEY, {"a": 1}),
        Update("t", KEY, {}, ("b",)),
        Delete("t", Key("P", "other")),
        Transact("t", (Put("t", item(a=1)), Delete("t", Key("P", "other")))),
    ],
)
def test_a_write_that_changes_nothing_makes_no_change(
    db: Database, write: Write | Transact
) -> None:
    db.do(Put("t", item(a=1)))
    last = db.store.last_change
    assert db.do(write) is None
    assert stored(db) == item(a=1)
    assert db.store.last_change == last
    assert db.changes(last) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "\0",
        "🧑‍🚀 \u202eשלום\u202c",
        'quote " and \\ and \u2028',
        0,
        -1,
        2**63,
        10**37,
        Decimal("0.1"),
        Decimal("1234567890.1234567890123456789012345678"),
        True,
        False,
        None,
        frozenset({"a", "b"}),
        frozenset({""}),
        [1, "a", None, [frozenset({"x"})]],
        {"a": {"b": [True]}, "": 1},
        "x" * 300_000,
    ],
    ids=b.shown,
)
def test_a_value_comes_back_as_it_was(db: Database, value: Any) -> None:
    db.do(Put("t", item(value=value)))
    db.do(Update("t", Key("P", "T"), {"value": value}))
    for sk in ("S", "T"):
        found = db.get("P", sk)
        assert found is not None
        assert found["value"] == value
        assert isinstance(found["value"], bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    "bad",
    [
        item(a=1.5),
        item(a=frozenset()),
        item(a={"b"}),
        item(a={"$set": ["b"]}),
        item(a="x" * limits.ITEM_BYTES_MAX),
        item(a="\ud800"),
        {"pk": "P", "sk": ""},
        {"pk": "", "sk": "S"},
        {"pk": "P", "sk": "x" * (limits.SK_BYTES_MAX + 1)},
        {"pk": "P" * (limits.PK_BYTES_MAX + 1), "sk": "S"},
    ],
    ids=lambda bad: repr(bad)[:40],
)
def test_a_bad_item_is_refused_and_nothing_is_written(db: Database, bad: Item) -> None:
    attributes = {name: value for name, value in bad.items() if name not in {"pk", "sk"}}
    good = {"pk": "Q", "sk": "S"}
    for write in (
        Put("t", bad),
        Update("t", Key(bad["pk"], bad["sk"]), attributes),
        Transact("t", (Put("t", good), Put("t", bad))),
    ):
        with pytest.raises(BadItem):
            db.do(write)
    assert db.items() == []
    assert db.changes() == []


def test_an_update_that_makes_an_item_too_large_is_refused(db: Database) -> None:
    db.do(Put("t", item(a="x" * 300_000)))
    with pytest.raises(BadItem):
        db.do(Update("t", KEY, {"b": "x" * 120_000}))
    assert stored(db) == item(a="x" * 300_000)


def test_a_result_is_the_callers_own(db: Database) -> None:
    whole = item(tags=["a"], deep={"list": [1]})
    db.do(Put("t", item(tags=["a"], deep={"list": [1]})))
    for read in (
        lambda: db.do(Get("t", KEY)),
        lambda: db.page(Query("t", "P", "A", "Z", 1)).items[0],
        lambda: db.do(Put("t", item(), Missing())).old,
    ):
        found = read()
        found["tags"].append("b")
        found["deep"]["list"].clear()
        found["new"] = 1
        assert stored(db) == whole
    assert [change.new for change in db.changes()] == [whole]


def test_what_was_written_stays_when_the_writer_goes_on_with_it(db: Database) -> None:
    mine = item(tags=["a"])
    db.do(Put("t", mine))
    mine["tags"].append("b")
    assert stored(db) == item(tags=["a"])
    tags = ["x"]
    db.do(Update("t", KEY, {"tags": tags}))
    tags.append("y")
    assert stored(db) == item(tags=["x"])


def test_several_writes_at_once_answer_in_their_order(db: Database) -> None:
    answers = db.do(
        (
            Put("t", item(a=1), Missing()),
            Put("t", item(a=2), Missing()),
            Put("t", {"pk": "P", "sk": "T"}),
        )
    )
    assert answers == [None, Lost(item(a=1)), None]


def test_a_write_that_fails_does_not_stop_those_beside_it(db: Database) -> None:
    db.do(Put("t", item(a=1)))
    with pytest.raises(errors.Changed):
        db.do(
            (
                Put("t", {"pk": "P", "sk": "before"}),
                Put("t", item(a=2), Missing(), errors.Changed),
                Put("t", {"pk": "P", "sk": "after"}),
            )
        )
    assert [found["sk"] for found in db.items()] == ["S", "after", "before"]


@pytest.mark.parametrize(
    "bad",
    [
        Put("t", item(a=1.5)),
        Put("t", {"pk": "P", "sk": ""}),
        Delete("t", Key("", "S")),
        Put("t", {"pk": "P", "sk": "a\0b"}),
        Delete("t", Key("P", "\ud800")),
    ],
    ids=ascii,
)
def test_a_bad_write_does_not_stop_those_beside_it(db: Database, bad: Write) -> None:
    good = [Put("t", {"pk": "P", "sk": sk}) for sk in ("before", "after")]
    with pytest.raises(BadItem):
        db.do((good[0], bad, good[1]))
    assert [found["sk"] for found in db.items()] == ["after", "before"]
