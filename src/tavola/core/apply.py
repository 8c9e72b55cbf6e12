"""What a write does to the items it names: the meaning of operations, as a pure function.

The memory and the SQLite store both decide with this, so they cannot differ; the DynamoDB store
is held to it by the contract suite.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tavola.core import limits
from tavola.core.errors import TavolaError
from tavola.core.items import BadItem, Item, Key, check_item, check_key, key_of
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

Look = Callable[[Key], Item | None]


class Change(NamedTuple):
    """A committed change of an item: its place in the feed, the images before and after."""

    n: int
    key: Key
    old: Item | None
    new: Item | None


class Unreadable(NamedTuple):
    """A change whose images are no items of ours: they are kept as they came."""

    n: int
    key: Key
    images: list[Any]
    error: Exception


class Effect(NamedTuple):
    """What a write came to: the changes to make, or how it failed (then there are none).

    `found` are the items that were there, one for each part; those of a transaction that failed
    only where they were in its way, as DynamoDB tells them.
    """

    changes: tuple[tuple[Key, Item | None, Item | None], ...] = ()
    failure: Lost | TavolaError | None = None
    found: tuple[Item | None, ...] = ()


def apply(write: Write | Transact, look: Look) -> Effect:
    """Decide a write, given the items as they are. Writes that change nothing make no change.

    Raises `BadItem` for a key or item that no store may accept.
    """
    if isinstance(write, Transact):
        return _apply_all(write, look)
    return _apply_part(write, look, 0)


def key_written(part: Part) -> Key:
    """The key that a write or check is about."""
    return key_of(part.item) if isinstance(part, Put) else part.key


def keys_written(write: Write | Transact) -> tuple[Key, ...]:
    """All keys that a write is about."""
    parts = write.parts if isinstance(write, Transact) else (write,)
    return tuple(key_written(part) for part in parts)


def holds(condition: Condition, item: Item | None) -> bool:
    """Whether a condition is true of an item, or of its absence."""
    match condition:
        case Exists(attribute):
            return item is not None and (attribute is None or attribute in item)
        case Missing(attribute):
            return item is None or (attribute is not None and attribute not in item)
        case Equals(attribute, value):
            return item is not None and attribute in item and item[attribute] == value
        case LessThan(attribute, value):
            return item is not None and attribute in item and bool(item[attribute] < value)
        case And(parts):
            return all(holds(part, item) for part in parts)
        case Or(parts):
            return any(holds(part, item) for part in parts)


def _apply_all(write: Transact, look: Look) -> Effect:
    keys = keys_written(write)
    if len(set(keys)) != len(keys) or not 0 < len(keys) <= limits.TRANSACTION_WRITES_MAX:
        raise BadItem("a transaction names 1 to 100 different items")
    effects = [_apply_part(part, look, index) for index, part in enumerate(write.parts)]
    failed = [effect.failure for effect in effects if effect.failure is not None]
    if failed:
        in_the_way = tuple(None if one.failure is None else one.found[0] for one in effects)
        return Effect((), failed[0], in_the_way)
    changes = tuple(change for effect in effects for change in effect.changes)
    return Effect(changes, None, tuple(effect.found[0] for effect in effects))


def _apply_part(part: Part, look: Look, index: int) -> Effect:
    key = key_written(part)
    check_key(key)
    old = look(key)
    if part.condition is not None and not holds(part.condition, old):
        failure = part.fails_as() if part.fails_as else Lost(old, index)
        return Effect((), failure, (old,))
    new = after(part, old)
    if new is not None and new is not old:
        check_item(new)
    return Effect(() if new == old else ((key, old, new),), None, (old,))


def after(part: Part, old: Item | None) -> Item | None:
    """What a write or check leaves of the item that it finds, when its condition holds."""
    match part:
        case Check():
            return old
        case Put():
            return part.item
        case Delete():
            return None
        case Update():
            item = {**(old or {"pk": part.key.pk, "sk": part.key.sk}), **part.set}
            for name in part.remove:
                item.pop(name, None)
            return item
