"""Operations and conditions: what a flow asks of a store, as frozen values.

A write says what its failing condition means: with `fails_as`, the store raises that error of the
catalogue; without, the result is `Lost`, which holds the item that was in the way (DynamoDB's
`ALL_OLD`). The result of a write that happened is `None`. A `Transact` happens whole or not at
all; its `Lost` also says which write it was.
"""

from typing import Any

import msgspec

from tavola.core import limits
from tavola.core.errors import TavolaError
from tavola.core.items import BadItem, Item, Key, check_key


class Exists(msgspec.Struct, frozen=True):
    """The item, or its attribute, is there."""

    attribute: str | None = None


class Missing(msgspec.Struct, frozen=True):
    """The item, or its attribute, is not there."""

    attribute: str | None = None


class Equals(msgspec.Struct, frozen=True):
    """The attribute has this value."""

    attribute: str
    value: Any


class LessThan(msgspec.Struct, frozen=True):
    """The attribute is there and below this value."""

    attribute: str
    value: Any


class And(msgspec.Struct, frozen=True):
    """All of these hold."""

    parts: tuple["Condition", ...]


class Or(msgspec.Struct, frozen=True):
    """At least one of these holds."""

    parts: tuple["Condition", ...]


Condition = Exists | Missing | Equals | LessThan | And | Or


class Get(msgspec.Struct, frozen=True):
    """Read one item: an `Item` or None. Consistent reads see every acknowledged write."""

    pattern: str
    key: Key
    consistent: bool = False


class Query(msgspec.Struct, frozen=True):
    """Read a run of one item collection: a `Page`.

    `low` and `high` bound the sort key and are inclusive; `start` continues behind a sort key in
    the direction of reading. A page holds `limit` items unless there are no more. Whether there
    are more is known exactly when the store peeks at the item behind the last one, which it may
    have to pay for; without, `next` may lead to nothing.
    """

    pattern: str
    pk: str
    low: str
    high: str
    limit: int
    reverse: bool = False
    consistent: bool = False
    start: str | None = None
    peek: bool = True


def holds_nothing(query: Query) -> bool:
    """Whether a Query's bounds and start leave no sort key between them."""
    if query.low > query.high:
        return True
    if query.start is None:
        return False
    return query.start <= query.low if query.reverse else query.start >= query.high


class Page(msgspec.Struct, frozen=True):
    """Items of a Query in order, and the `start` of the next page when there may be one."""

    items: list[Item]
    next: str | None = None


class Scan(msgspec.Struct, frozen=True):
    """Read the whole table, or one of so many segments of it, page by page: a `ScanPage`.

    For operators; no flow scans. The segments are read side by side and have no item in common;
    each item collection is in one of them, and the embedded stores have all in segment 0. `start`
    continues behind a key that the same segment answered. Raises `BadItem` for bounds and keys
    that no table knows.
    """

    pattern: str
    limit: int
    start: Key | None = None
    segment: int = 0
    segments: int = 1
    consistent: bool = False

    def __post_init__(self) -> None:
        """Refuse what makes no sense, so that no store has to."""
        if not 0 < self.limit <= limits.SCAN_ITEMS_MAX:
            raise BadItem(f"a page of a scan has 1 to {limits.SCAN_ITEMS_MAX} items")
        if not 0 <= self.segment < self.segments <= limits.SCAN_SEGMENTS_MAX:
            raise BadItem(f"there is no segment {self.segment} of {self.segments}")
        if self.start is not None:
            check_key(self.start)


class ScanPage(msgspec.Struct, frozen=True):
    """At most `limit` items of a Scan, and the `start` of the next page when there may be one.

    Without items there is no next page. Item collections come in no order on DynamoDB, in that
    of their keys on the embedded stores; the items of each in the order of their sort keys.
    """

    items: list[Item]
    next: Key | None = None


class Put(msgspec.Struct, frozen=True):
    """Write a whole item, in place of what is there."""

    pattern: str
    item: Item
    condition: Condition | None = None
    fails_as: type[TavolaError] | None = None


class Update(msgspec.Struct, frozen=True):
    """Set and remove attributes of an item; makes the item when it is not there."""

    pattern: str
    key: Key
    set: dict[str, Any]
    remove: tuple[str, ...] = ()
    condition: Condition | None = None
    fails_as: type[TavolaError] | None = None


class Delete(msgspec.Struct, frozen=True):
    """Remove an item; removing what is not there is no failure."""

    pattern: str
    key: Key
    condition: Condition | None = None
    fails_as: type[TavolaError] | None = None


class Check(msgspec.Struct, frozen=True):
    """In a transaction: a condition on an item that is not written."""

    pattern: str
    key: Key
    condition: Condition
    fails_as: type[TavolaError] | None = None


class Lost(msgspec.Struct, frozen=True):
    """A condition did not hold: the item that was there, and which write of a transaction."""

    old: Item | None = None
    index: int = 0


Write = Put | Update | Delete
Part = Put | Update | Delete | Check


class Transact(msgspec.Struct, frozen=True):
    """Up to 100 writes and checks of different items, all or none."""

    pattern: str
    parts: tuple[Part, ...]


Read = Get | Query | Scan
Operation = Get | Query | Scan | Put | Update | Delete | Transact
Request = Operation | tuple[Operation, ...]
"""What a flow yields: one operation, or several to be executed concurrently."""
