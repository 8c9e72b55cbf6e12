"""What DynamoDB charges, from the sizes of items, by its published rules.

- A read costs a unit for each started 4 KB of the items that it reads, together; half of it when
  eventually consistent, and no less when there is nothing.
- A write costs a unit for each started KB of the item before or after it, whichever is larger, also
  when its condition does not hold. In a transaction it costs twice that, and a check as much.
- An item's size counts its names and values: text in UTF-8, a number about half a byte for each
  digit, a list or map three bytes and one more for each part.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from tavola.core import limits
from tavola.core.apply import after
from tavola.core.items import Item
from tavola.core.operations import Part, Read, Transact, Write

READ_BYTES: Final = 4096
WRITE_BYTES: Final = 1024


class Units(NamedTuple):
    """Request units: reads of 4 KB, writes of 1 KB."""

    read: float = 0.0
    write: float = 0.0


class Prices(NamedTuple):
    """What a million units cost, in US dollars; and of what, where and since when that is."""

    read_usd: float
    write_usd: float
    told: str


def usd_per_million(units: Units, prices: Prices) -> float:
    """What it costs in US dollars to do a million times what costs these units."""
    return units.read * prices.read_usd + units.write * prices.write_usd


def size_bytes(item: Item | None) -> int:
    """The size of an item; none has 0."""
    return _total_bytes((item,)) if item else 0


def blocks_read(items: Sequence[Item]) -> int:
    """The started 4 KB that one Get or Query reads, at least one.

    A Query answers a MB at a time, and each time starts a new block.
    """
    total = _total_bytes(items)
    if total <= limits.QUERY_BYTES_MAX:
        return max(1, _started(total, READ_BYTES))
    blocks = page = 0
    for size in map(size_bytes, items):
        if page + size > limits.QUERY_BYTES_MAX:
            blocks += _started(page, READ_BYTES)
            page = 0
        page += size
    return blocks + _started(page, READ_BYTES)


def is_one_block(encoded: str, keys: str) -> bool:
    """Whether items are one block at most, seen from the text that a store keeps of them.

    JSON takes no less room than what it says, but for lists of small things: most reads are of a
    few small items, whose sizes need not be looked at one by one.
    """
    text = encoded + keys
    return len(text) <= READ_BYTES and text.isascii() and "[" not in encoded


def units_of_read(read: Read, blocks: int) -> float:
    """What it costs to read so many started 4 KB."""
    return blocks if read.consistent else blocks / 2


def write_units(old: Item | None, new: Item | None) -> int:
    """What a write costs that finds one item and leaves the other; the larger one counts."""
    return max(1, _started(max(size_bytes(old), size_bytes(new)), WRITE_BYTES))


def units_of_write(write: Write | Transact, found: Sequence[Item | None]) -> int:
    """What a write or transaction costs, whether it happened or not.

    `found` are the items that were there, one for each part.
    """
    if not isinstance(write, Transact):
        return _units_of_part(write, found[0])
    return 2 * sum(map(_units_of_part, write.parts, found))


def _units_of_part(part: Part, old: Item | None) -> int:
    return write_units(old, after(part, old))


def _started(size: int, block: int) -> int:
    return -(-size // block)


def _total_bytes(items: Sequence[Item]) -> int:
    """The size of items together. Every page that SQLite reads is measured, on the event loop: so
    all texts are joined first, which takes less than asking each whether it is ASCII.
    """
    size = 0
    texts: list[str] = []
    append = texts.append
    for item in items:
        texts += item
        for value in item.values():
            kind = type(value)
            if kind is str:
                append(value)
            elif kind is int:
                size += _number_bytes(value)
            else:
                size += _size_of(value)
    return size + _text_bytes("".join(texts))


def _size_of(value: Any) -> int:
    match value:
        case str():
            return _text_bytes(value)
        case bool() | None:
            return 1
        case int() | Decimal():
            return _number_bytes(value)
        case frozenset():
            return sum(map(_text_bytes, value))
        case list():
            return 3 + sum(1 + _size_of(part) for part in value)
        case dict():
            return 3 + sum(1 + _text_bytes(name) + _size_of(part) for name, part in value.items())
        case _:
            raise TypeError(f"{type(value).__name__} has no size")


def _text_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


@lru_cache(maxsize=16_384)
def _number_bytes(number: int | Decimal) -> int:
    """A byte for each two digits and one more, and one for a minus; fractions may take another."""
    digits = "".join(map(str, Decimal(number).as_tuple().digits)).strip("0")
    return 1 + (len(digits) + 1) // 2 + (number < 0)
