"""Items as operators see them: decoded by what the table declares, and never a password's hash."""

from typing import Any

import msgspec

from tavola.core.hidden import without_hashes
from tavola.core.items import Item
from tavola.core.table import UnknownItem, decode

_KEY = ("pk", "sk", "type", "v")


def decoded_item(item: Item) -> dict[str, Any]:
    """An item's key and type with its record's fields; with its attributes where that fails."""
    place = {name: item.get(name) for name in _KEY}
    try:
        fields = msgspec.structs.asdict(decode(item))
    except (UnknownItem, ValueError) as error:
        raw = {name: value for name, value in item.items() if name not in place}
        return {**place, "unreadable": str(error), **shown_attributes(raw)}
    told = {name: value for name, value in fields.items() if value is not None}
    return place | shown_attributes(told)


def decoded_part(item: Item) -> dict[str, Any]:
    """The same of what a projection left of an item: its attributes unless it is whole."""
    return decoded_item(item) if item.keys() >= set(_KEY) else shown_attributes(item)


def shown_attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes without hashes, and with sets in order."""
    shown = without_hashes(attributes)
    return shown | {name: sorted(v) for name, v in shown.items() if isinstance(v, frozenset)}
