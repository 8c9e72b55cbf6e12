"""What DynamoDB's answers mean: units, lost conditions, and writes that had already happened."""

from typing import Any

from tavola.core.errors import StoreUnusable, TavolaError
from tavola.core.items import BadItem, Item
from tavola.core.operations import Delete, Lost, Part, Put, Transact, Update, Write
from tavola.core.table import KEYS
from tavola.core.units import Units, units_of_write
from tavola.core.wire import decode_item

CONDITION_FAILED = "ConditionalCheckFailed"


def found_item(wire: dict[str, Any]) -> Item:
    """An item as it was found. Raises `StoreUnusable` for one that cannot be Tavola's."""
    try:
        return decode_item(wire)
    except BadItem as error:
        place = " ".join(wire[name]["S"] for name in KEYS)
        raise StoreUnusable(f"{place}: {error}.") from None


def units_of(answer: dict[str, Any], *, writes: bool) -> Units:
    """What a call consumed. Of one that writes, plain units are units of writing."""
    consumed = answer.get("ConsumedCapacity", [])
    parts = [consumed] if isinstance(consumed, dict) else consumed
    read = write = 0.0
    for part in parts:
        split = part.get("ReadCapacityUnits"), part.get("WriteCapacityUnits")
        if split == (None, None):
            plain = part.get("CapacityUnits", 0.0)
            split = (0.0, plain) if writes else (plain, 0.0)
        read += split[0] or 0.0
        write += split[1] or 0.0
    return Units(read, write)


def units_of_loss(write: Write | Transact, found: list[dict[str, Any] | None]) -> Units:
    """What a write costs whose condition did not hold; DynamoDB charges it without a word.

    `found` are the items in the way, as far as they were told.
    """
    return Units(write=units_of_write(write, [_item(wire) for wire in found]))


def lost_part(part: Part, wire: dict[str, Any] | None, index: int) -> Lost | TavolaError:
    """What a condition that did not hold comes to, with the item that was in the way."""
    if part.fails_as is not None:
        return part.fails_as()
    return Lost(_item(wire), index)


def lost_transaction(transact: Transact, reasons: list[dict[str, Any]]) -> Lost | TavolaError:
    """What a cancelled transaction comes to: its first condition that did not hold decides."""
    for index, (part, reason) in enumerate(zip(transact.parts, reasons, strict=True)):
        if reason.get("Code") == CONDITION_FAILED:
            return lost_part(part, reason.get("Item"), index)
    raise ValueError("no condition of the transaction failed")


def has_happened(write: Write, found: Item | None) -> bool:
    """Whether the item that is there is what a write would leave.

    Asked when a repeated write fails on its condition: then an earlier attempt, whose answer got
    lost, may be what is in the way.
    """
    match write:
        case Put():
            return found == write.item
        case Update():
            return found is not None and _is_updated(write, found)
        case Delete():
            return found is None


def _item(wire: dict[str, Any] | None) -> Item | None:
    return found_item(wire) if wire else None


def _is_updated(update: Update, found: Item) -> bool:
    kept = {name: value for name, value in update.set.items() if name not in update.remove}
    return not found.keys() & set(update.remove) and all(
        name in found and found[name] == value for name, value in kept.items()
    )
