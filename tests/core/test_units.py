"""Sizes and units follow DynamoDB's published rules."""

import string
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits
from tavola.core.items import Item, Key, encode_attributes
from tavola.core.operations import (
    Check,
    Delete,
    Exists,
    Get,
    Part,
    Put,
    Query,
    Scan,
    Transact,
    Update,
)
from tavola.core.units import (
    Prices,
    Units,
    blocks_read,
    is_one_block,
    size_bytes,
    units_of_read,
    units_of_write,
    usd_per_million,
    write_units,
)
from tests import builders as b
from tests.core.test_items import numbers

KEY = Key("P", "S")
PRECISE = Decimal("1234567890.1234567890123456789012345678")


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [
        ("", 0),
        ("é😀", 6),
        (0, 1),
        (1, 2),
        (-1, 3),
        (12, 2),
        (123, 3),
        (-100, 3),
        (110, 2),
        (101, 3),
        (Decimal("1E+3"), 2),
        (10**37, 2),
        (Decimal("0.1"), 2),
        (Decimal("1.05"), 3),
        (PRECISE, 20),
        (True, 1),
        (None, 1),
        (frozenset({"a", "bc"}), 3),
        ([], 3),
        ([1, "a"], 8),
        ({}, 3),
        ({"ab": {"c": [True]}}, 16),
    ],
    ids=b.shown,
)
def test_a_value_has_its_size(value: Any, bytes_: int) -> None:
    assert size_bytes({"é": value}) == 2 + bytes_


def test_what_is_not_there_has_none() -> None:
    assert size_bytes(None) == size_bytes({}) == 0


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [(None, None, 1), (0, 1023, 1), (None, 1024, 2), (5000, 1, 5), (1, 5000, 5)],
)
def test_the_larger_image_counts(old: int | None, new: int | None, units: int) -> None:
    items = [None if size is None else {"a": "x" * size} for size in (old, new)]
    assert write_units(items[0], items[1]) == units


@pytest.mark.parametrize(
    ("sizes", "blocks"),
    [
        ([], 1),
        ([1], 1),
        ([4096], 1),
        ([4097], 2),
        ([2048, 2048], 1),
        ([2048, 2049], 2),
        ([limits.QUERY_BYTES_MAX], 256),
        ([limits.QUERY_BYTES_MAX - 1, 1], 256),
        ([limits.QUERY_BYTES_MAX - 1, 2], 257),
        ([400_000] * 3, 196 + 98),
    ],
)
def test_what_one_call_reads_is_rounded_together(sizes: list[int], blocks: int) -> None:
    assert blocks_read([{"a": "x" * (size - 1)} for size in sizes]) == blocks


def test_reads_that_may_be_behind_cost_half() -> None:
    assert units_of_read(Get("g", KEY, consistent=True), 3) == 3
    assert units_of_read(Get("g", KEY), 3) == 1.5
    assert units_of_read(Query("q", "P", "!", "~", 1, consistent=True), 3) == 3
    assert units_of_read(Scan("s", 1), 3) == 1.5


def sized(kilobytes: int) -> dict[str, str]:
    return {"pk": "P", "sk": "S", "x": "x" * (1024 * kilobytes - 7)}


@pytest.mark.parametrize(
    ("part", "kilobytes", "units"),
    [
        (Put("p", sized(3)), None, 3),
        (Put("p", sized(3)), 5, 5),
        (Put("p", sized(3)), 2, 3),
        (Update("p", KEY, {"y": "y" * 1023}), 5, 6),
        (Update("p", KEY, {}, ("x",)), 5, 5),
        (Update("p", KEY, {}), None, 1),
        (Delete("p", KEY), 5, 5),
        (Delete("p", KEY), None, 1),
        (Check("p", KEY, Exists()), 5, 5),
        (Check("p", KEY, Exists()), None, 1),
    ],
)
def test_a_write_costs_by_the_item_before_or_after_it(
    part: Part, kilobytes: int | None, units: int
) -> None:
    found = None if kilobytes is None else sized(kilobytes)
    assert units_of_write(Transact("t", (part, part)), (found, found)) == 4 * units
    if not isinstance(part, Check):
        assert units_of_write(part, (found,)) == units


def test_a_price_is_for_a_million_times() -> None:
    prices = Prices(0.125, 0.625, "on demand")
    assert usd_per_million(Units(0.5, 1), prices) == 0.6875
    assert usd_per_million(Units(), prices) == 0


def test_what_no_table_holds_has_no_size() -> None:
    with pytest.raises(TypeError):
        size_bytes({"a": 1.5})


PLAIN_TEXTS = st.text(st.characters(max_codepoint=127), max_size=20)
PLAIN_NAMES = st.text(string.ascii_letters, min_size=3, max_size=9)
PLAIN = st.recursive(
    st.none() | st.booleans() | numbers | PLAIN_TEXTS,
    lambda inner: st.dictionaries(PLAIN_NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(PLAIN_NAMES, PLAIN, max_size=6))
def test_an_item_takes_no_more_room_than_the_text_that_is_kept_of_it(item: Item) -> None:
    text = encode_attributes({**item, "pk": "P", "sk": "S"})
    assert text.isascii()
    assert size_bytes({**item, "pk": "P", "sk": "S"}) <= len(text) + len("pkskPS")


def test_what_is_taken_for_one_block_is_one() -> None:
    assert is_one_block("x" * 4_000, "k" * 96)
    for encoded, keys in (("x" * 4_000, "k" * 97), ("é", ""), ("", "é"), ('{"a":[1]}', "pkskPS")):
        assert not is_one_block(encoded, keys)
