"""Items keep every value through JSON, and refuse what DynamoDB would refuse."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits
from tavola.core.items import (
    BadItem,
    Item,
    Key,
    check_item,
    check_key,
    decode_attributes,
    decode_line,
    decode_run,
    encode_attributes,
    encode_line,
    key_of,
)
from tests import builders as b

KEY = Key("USER#ann", "A")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(10**37), 10**37) | st.decimals(
    allow_nan=False, allow_infinity=False, places=10, min_value=-(10**20), max_value=10**20
)
scalars = st.none() | st.booleans() | numbers | texts
sets = st.frozensets(texts, min_size=1, max_size=4)
names = texts.filter(lambda name: not name.startswith("$"))
values = st.recursive(
    scalars | sets,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)
attributes = st.dictionaries(
    names.filter(lambda name: bool(name) and name not in {"pk", "sk"}), values, max_size=5
)


def item(**more: Any) -> Item:
    return {"pk": KEY.pk, "sk": KEY.sk, **more}


@given(attributes)
def test_an_item_comes_back_from_its_stored_form(some: dict[str, Any]) -> None:
    whole = item() | some
    back = decode_attributes(KEY, encode_attributes(whole))
    assert back == whole
    assert _types(back) == _types(whole)


@given(st.lists(attributes, max_size=4))
def test_a_run_of_items_comes_back_as_one_by_one(some: list[dict[str, Any]]) -> None:
    rows = [(str(n), encode_attributes(one)) for n, one in enumerate(some)]
    run = decode_run(KEY.pk, rows)
    assert run == [decode_attributes((KEY.pk, sk), text) for sk, text in rows]
    assert list(map(_types, run)) == [_types(one | KEY._asdict()) for one in some]


@given(attributes)
def test_an_item_comes_back_from_a_line_of_an_export(some: dict[str, Any]) -> None:
    whole = item() | some
    line = encode_line(whole)
    assert b"\n" not in line
    assert decode_line(line) == whole


def _types(value: Any) -> Any:
    """The kinds of value in a value; an int and a whole Decimal are the same number."""
    if isinstance(value, dict):
        return {name: _types(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_types(part) for part in value]
    return "number" if type(value) in {int, Decimal} else type(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "🧑‍🚀 \u202eשלום",
        "\0",
        0,
        -1,
        2**63,
        -(2**63) - 1,
        2**64,
        10**37,
        Decimal("0.1"),
        Decimal("1234567890.1234567890123456789012345678"),
        Decimal("99999999999999999999999999999999999999"),
        Decimal("1E+125"),
        True,
        None,
        frozenset({"a", "b", ""}),
        [frozenset({"a"}), [frozenset({"b"})]],
        [{"tags": frozenset({"a"})}],
        {"tags": frozenset({"a"}), "list": [{"deep": frozenset({"b"})}]},
        {},
        [],
    ],
    ids=b.shown,
)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    check_item(item(value=value))
    back = decode_attributes(KEY, encode_attributes(item(value=value)))
    assert back["value"] == value
    assert _types(back["value"]) == _types(value)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        b"bytes",
        (1, 2),
        {"a"},
        frozenset(),
        frozenset({1}),
        [1.5],
        {"a": frozenset()},
        {"$set": ["a"]},
        {"a": [{"$b": 1}]},
        {1: "a"},
        "\ud800",
        ["\udfff"],
        {"\ud800": 1},
        frozenset({"\ud800"}),
        Decimal("1" * 39),
        int("1" * 39),
        Decimal("1E+126"),
        object(),
    ],
    ids=b.shown,
)
def test_a_value_that_no_table_holds_is_refused(value: Any) -> None:
    with pytest.raises(BadItem):
        check_item(item(value=value))


def test_an_item_of_400_kb_is_the_largest() -> None:
    room = limits.ITEM_BYTES_MAX - len(encode_line(item(body="")))
    check_item(item(body="x" * room))
    with pytest.raises(BadItem):
        check_item(item(body="x" * (room + 1)))


@pytest.mark.parametrize(
    "key",
    [
        Key("", "A"),
        Key("USER#ann", ""),
        Key("x" * (limits.PK_BYTES_MAX + 1), "A"),
        Key("USER#ann", "x" * (limits.SK_BYTES_MAX + 1)),
        Key("USER#ann", "é" * (limits.SK_BYTES_MAX // 2 + 1)),
        Key("USER#\ud800", "A"),
        Key("USER#ann", "a\0b"),
        Key(1, "A"),  # type: ignore[arg-type]  # a defect of ours that must be seen
    ],
    ids=lambda key: repr(key)[:40],
)
def test_a_key_that_no_table_holds_is_refused(key: Key) -> None:
    with pytest.raises(BadItem):
        check_key(key)
    with pytest.raises(BadItem):
        check_item({"pk": key.pk, "sk": key.sk})


def test_the_largest_key_is_accepted() -> None:
    largest = Key("p" * limits.PK_BYTES_MAX, "s" * limits.SK_BYTES_MAX)
    check_key(largest)
    assert key_of({"pk": largest.pk, "sk": largest.sk}) == largest


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"1",
        b'"a"',
        b"{}",
        b'{"pk":"a"}',
        b'{"pk":1,"sk":"a"}',
        b'{"$set":["a"]}',
        b'{"pk":"a","sk":"a","s":{"$set":[]}}',
        b'{"pk":"a","sk":"a","s":{"$set":[["b"]]}}',
        b'{"pk":"a","sk":"a","s":{"$set":"abc"}}',
        b'{"pk":"\xff","sk":"a"}',
        b'{"pk":"a","sk":"a","s":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda line: repr(line)[:40],
)
def test_a_line_that_holds_no_item_is_refused(line: bytes) -> None:
    with pytest.raises(BadItem):
        decode_line(line)


@pytest.mark.parametrize("line", [b"", b"{", b'{"pk":"a",}', b"\xff"])
def test_a_line_that_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_line(line)
