"""What a write does: tables of (write, item before) and what must come of it."""

from typing import Any

import pytest

from tavola.core import errors, limits
from tavola.core.apply import Effect, apply, holds, keys_written
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import (
    And,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    LessThan,
    Lost,
    Missing,
    Or,
    Part,
    Put,
    Transact,
    Update,
    Write,
)

KEY = Key("P", "S")
OTHER = Key("P", "T")


def item(key: Key = KEY, **attributes: Any) -> Item:
    return {"pk": key.pk, "sk": key.sk, **attributes}


def nothing(_: Key) -> None:
    """A store without items."""


def changed(old: Item | None, new: Item | None) -> Effect:
    return Effect(((KEY, old, new),))


@pytest.mark.parametrize(
    ("condition", "before", "expected"),
    [
        (Exists(), None, False),
        (Exists(), item(), True),
        (Exists("a"), None, False),
        (Exists("a"), item(), False),
        (Exists("a"), item(a=None), True),
        (Missing(), None, True),
        (Missing(), item(), False),
        (Missing("a"), None, True),
        (Missing("a"), item(), True),
        (Missing("a"), item(a=None), False),
        (Equals("a", 1), None, False),
        (Equals("a", 1), item(), False),
        (Equals("a", 1), item(a=1), True),
        (Equals("a", 1), item(a=2), False),
        (Equals("a", "1"), item(a=1), False),
        (Equals("a", None), item(), False),
        (LessThan("a", 5), None, False),
        (LessThan("a", 5), item(), False),
        (LessThan("a", 5), item(a=4), True),
        (LessThan("a", 5), item(a=5), False),
        (LessThan("a", "b"), item(a="a"), True),
        (And((Exists(), Missing("a"))), item(), True),
        (And((Exists(), Missing("a"))), item(a=1), False),
        (And((Exists(), Missing("a"))), None, False),
        (Or((Missing("a"), LessThan("a", 5))), None, True),
        (Or((Missing("a"), LessThan("a", 5))), item(a=4), True),
        (Or((Missing("a"), LessThan("a", 5))), item(a=6), False),
        (And((Exists(), Or((Missing("a"), LessThan("a", 5))))), None, False),
    ],
)
def test_a_condition(condition: Condition, before: Item | None, *, expected: bool) -> None:
    assert holds(condition, before) is expected


@pytest.mark.parametrize(
    ("write", "before", "expected"),
    [
        (Put("p", item(a=1)), None, changed(None, item(a=1))),
        (Put("p", item(a=1)), item(b=2), changed(item(b=2), item(a=1))),
        (Put("p", item(a=1)), item(a=1), Effect()),
        (Put("p", item(), Missing()), item(a=1), Effect(failure=Lost(item(a=1)))),
        (Put("p", item(), Exists()), None, Effect(failure=Lost(None))),
        (Update("u", KEY, {"a": 1}), None, changed(None, item(a=1))),
        (Update("u", KEY, {"a": 1}), item(b=2), changed(item(b=2), item(a=1, b=2))),
        (Update("u", KEY, {"a": 1}), item(a=1), Effect()),
        (Update("u", KEY, {}, ("a",)), item(a=1, b=2), changed(item(a=1, b=2), item(b=2))),
        (Update("u", KEY, {}, ("a",)), item(b=2), Effect()),
        (Update("u", KEY, {"a": 1}, condition=Exists()), None, Effect(failure=Lost(None))),
        (Delete("d", KEY), item(a=1), changed(item(a=1), None)),
        (Delete("d", KEY), None, Effect()),
        (Delete("d", KEY, Equals("a", 2)), item(a=1), Effect(failure=Lost(item(a=1)))),
    ],
)
def test_a_write(write: Write, before: Item | None, expected: Effect) -> None:
    assert apply(write, {KEY: before}.get) == expected._replace(found=(before,))


@pytest.mark.parametrize(
    "write",
    [
        Put("p", item(), Missing(), errors.IdTaken),
        Update("u", KEY, {"a": 1}, condition=Missing(), fails_as=errors.IdTaken),
        Delete("d", KEY, Missing(), errors.IdTaken),
    ],
)
def test_a_failed_condition_becomes_the_error_that_the_write_names(write: Write) -> None:
    effect = apply(write, {KEY: item()}.get)
    assert isinstance(effect.failure, errors.IdTaken)
    assert effect.changes == ()


def test_a_write_leaves_the_item_that_it_was_given_alone() -> None:
    before = item(a=1)
    apply(Update("u", KEY, {"a": 2}, ("b",)), {KEY: before}.get)
    assert before == item(a=1)


def test_a_transaction_happens_whole() -> None:
    write = Transact("t", (Put("t", item(a=1)), Delete("t", OTHER), Check("t", KEY3, Missing())))
    before = {OTHER: item(OTHER)}
    assert apply(write, before.get) == Effect(
        ((KEY, None, item(a=1)), (OTHER, item(OTHER), None)),
        found=(None, item(OTHER), None),
    )


KEY3 = Key("Q", "S")


@pytest.mark.parametrize(
    ("last", "failure"),
    [
        (Check("t", KEY3, Exists()), Lost(None, 2)),
        (Put("t", item(KEY3), Exists()), Lost(None, 2)),
        (Delete("t", KEY3, Exists()), Lost(None, 2)),
    ],
)
def test_a_transaction_with_a_failed_condition_does_nothing(last: Part, failure: Lost) -> None:
    write = Transact("t", (Put("t", item(a=1)), Put("t", item(OTHER)), last))
    assert apply(write, nothing) == Effect(failure=failure, found=(None, None, None))


def test_a_failed_transaction_tells_of_the_items_that_were_in_its_way_alone() -> None:
    parts = (
        Put("t", item(a=1)),
        Update("t", OTHER, {"a": 1}, condition=Missing()),
        Check("t", KEY3, Equals("a", 2)),
    )
    before = {key: item(key, b=1) for key in (KEY, OTHER, KEY3)}
    effect = apply(Transact("t", parts), before.get)
    assert effect == Effect(
        failure=Lost(before[OTHER], 1), found=(None, before[OTHER], before[KEY3])
    )


def test_the_first_failed_condition_of_a_transaction_is_told() -> None:
    parts = (Check("t", KEY, Exists(), errors.NotFound), Check("t", OTHER, Exists(), errors.Busy))
    assert isinstance(apply(Transact("t", parts), nothing).failure, errors.NotFound)


def test_a_transaction_names_its_keys() -> None:
    parts = (Put("t", item()), Update("t", OTHER, {}), Check("t", KEY3, Exists()))
    assert keys_written(Transact("t", parts)) == (KEY, OTHER, KEY3)
    assert keys_written(parts[0]) == (KEY,)


def deletes(count: int) -> tuple[Part, ...]:
    return tuple(Delete("t", Key("P", str(n))) for n in range(count))


@pytest.mark.parametrize(
    "parts",
    [(), deletes(limits.TRANSACTION_WRITES_MAX + 1), (Put("t", item()), Delete("t", KEY))],
    ids=["none", "too many", "one item twice"],
)
def test_a_transaction_that_no_store_may_accept_is_refused(parts: tuple[Part, ...]) -> None:
    with pytest.raises(BadItem):
        apply(Transact("t", parts), nothing)


def test_a_transaction_of_100_is_accepted() -> None:
    effect = apply(Transact("t", deletes(limits.TRANSACTION_WRITES_MAX)), nothing)
    assert effect == Effect(found=(None,) * limits.TRANSACTION_WRITES_MAX)


@pytest.mark.parametrize(
    "write",
    [
        Put("p", item(a=1.5)),
        Put("p", item(Key("", "S"))),
        Update("u", KEY, {"a": frozenset()}),
        Update("u", Key("P", ""), {"a": 1}),
        Delete("d", Key("", "S")),
        Delete("d", Key("P", "\ud800")),
        Transact("t", (Put("t", item()), Put("t", item(OTHER, a=1.5)))),
        Transact("t", (Put("t", item()), Check("t", Key("", "S"), Missing()))),
    ],
)
def test_a_bad_item_or_key_is_refused(write: Write) -> None:
    with pytest.raises(BadItem):
        apply(write, nothing)


def test_an_update_that_makes_an_item_too_large_is_refused() -> None:
    before = item(a="x" * 300_000)
    with pytest.raises(BadItem):
        apply(Update("u", KEY, {"b": "x" * 120_000}), {KEY: before}.get)
