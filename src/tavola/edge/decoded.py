"""Items as operators see them: decoded by what the table declares, and never a password's hash."""

from typing import Any

import msgspec

from tavola.core.items import Item
from tavola.core.table import UnknownItem, decode

HIDDEN = "(hidden)"
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
    """Attributes with sets in order. Only passwords have a `hash`; whatever is so called is hidden,
    because a projection need not say whose it is.
    """
    sets = {name: sorted(v) for name, v in attributes.items() if isinstance(v, frozenset)}
    return attributes | sets | ({"hash": HIDDEN} if "hash" in attributes else {})
