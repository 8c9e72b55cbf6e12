"""What DynamoDB charges, from the sizes of items, by its published rules.

A write costs a unit for each started KB, twice that in a transaction. An item's size counts its
names and values: text in UTF-8, a number about half a byte for each digit, a list or map three
bytes and one more for each part.
"""

from decimal import Decimal
from typing import Any, Final

from tavola.core.items import Item

WRITE_BYTES: Final = 1024


def size_bytes(item: Item | None) -> int:
    """The size of an item; none has 0."""
    return sum(len(name.encode()) + _size_of(value) for name, value in (item or {}).items())


def write_units(old: Item | None, new: Item | None) -> int:
    """What a write costs that finds one item and leaves the other; the larger one counts."""
    return max(1, -(-max(size_bytes(old), size_bytes(new)) // WRITE_BYTES))


def _size_of(value: Any) -> int:
    match value:
        case str():
            return len(value.encode())
        case bool() | None:
            return 1
        case int() | Decimal():
            return _number_bytes(Decimal(value))
        case frozenset():
            return sum(map(_size_of, value))
        case list():
            return 3 + sum(1 + _size_of(part) for part in value)
        case dict():
            return 3 + sum(1 + len(name.encode()) + _size_of(part) for name, part in value.items())
        case _:
            raise TypeError(f"{type(value).__name__} has no size")


def _number_bytes(number: Decimal) -> int:
    """A byte for each two digits and one more, and one for a minus; fractions may take another."""
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return 1 + (len(digits) + 1) // 2 + (number < 0)
