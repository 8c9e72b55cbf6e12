"""Every value of an item keeps its type and its last digit on the way to DynamoDB and back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tavola.core.items import BadItem, Item
from tavola.core.wire import decode_item, decode_value, encode_item, encode_value
from tests import builders as b
from tests.core.test_items import attributes

PRECISE = "1234567890.1234567890123456789012345678"


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ("", {"S": ""}),
        ("שלום 🧑‍🚀 \0", {"S": "שלום 🧑‍🚀 \0"}),
        (0, {"N": "0"}),
        (-(10**37), {"N": "-1" + "0" * 37}),
        (Decimal(PRECISE), {"N": PRECISE}),
        (True, {"BOOL": True}),
        (False, {"BOOL": False}),
        (None, {"NULL": True}),
        (frozenset({"b", "a", ""}), {"SS": ["", "a", "b"]}),
        ([1, "a", [None]], {"L": [{"N": "1"}, {"S": "a"}, {"L": [{"NULL": True}]}]}),
        ([], {"L": []}),
        ({"": {"S": True}}, {"M": {"": {"M": {"S": {"BOOL": True}}}}}),
    ],
    ids=b.shown,
)
def test_a_value_has_its_type_beside_it(value: Any, wire: dict[str, Any]) -> None:
    assert encode_value(value) == wire
    back = decode_value(wire)
    assert (type(back), back) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("1E+3", 1000), ("0.5", Decimal("0.5")), ("1E-130", Decimal("1E-130"))],
)
def test_a_number_is_read_whole(text: str, number: int | Decimal) -> None:
    assert decode_value({"N": text}) == number


@given(attributes)
def test_an_item_comes_back_as_it_was(item: Item) -> None:
    assert decode_item(encode_item(item)) == item


@pytest.mark.parametrize("value", [1.5, {"set"}, b"bytes", object()])
def test_what_no_table_holds_is_refused(value: Any) -> None:
    with pytest.raises(BadItem):
        encode_value(value)


@pytest.mark.parametrize("wire", [{"B": "AA=="}, {"NS": ["1"]}, {"BS": []}])
def test_a_type_that_tavola_does_not_write_is_refused(wire: dict[str, Any]) -> None:
    with pytest.raises(BadItem):
        decode_value(wire)
