"""Sizes and units follow DynamoDB's published rules."""

from decimal import Decimal
from typing import Any

import pytest

from tavola.core.units import size_bytes, write_units

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
    ids=lambda value: repr(value)[:30],
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


def test_what_no_table_holds_has_no_size() -> None:
    with pytest.raises(TypeError):
        size_bytes({"a": 1.5})
