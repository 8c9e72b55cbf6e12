"""Items in the form that DynamoDB sends and receives: each value with its type.

Numbers travel as text, so none is rounded: whole ones become `int`, others `Decimal`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from tavola.core.items import BadItem, Item, Key

Wire = dict[str, Any]


def encode_item(item: Item) -> Wire:
    """An item, attribute by attribute."""
    return {name: encode_value(value) for name, value in item.items()}


def encode_wire_line(item: Item) -> bytes:
    """An item as a line of JSON, in the form that DynamoDB imports from S3: one for each item."""
    return msgspec.json.encode({"Item": encode_item(item)}, order="deterministic")


def encode_key(key: Key) -> Wire:
    """A key, as a request names it."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def encode_value(value: Any) -> Wire:
    """A value with its type; raises `BadItem` for what no table holds."""
    encode = _ENCODERS.get(type(value))
    if encode is None:
        raise BadItem(f"{type(value).__name__} cannot be stored")
    return encode(value)


def decode_item(wire: Wire) -> Item:
    """The reverse of `encode_item`; raises `BadItem` for types that Tavola does not write."""
    return {name: decode_value(value) for name, value in wire.items()}


def decode_value(wire: Wire) -> Any:
    """The reverse of `encode_value`."""
    for kind, value in wire.items():
        if kind == "S":
            return value
        decode = _DECODERS.get(kind)
        if decode is not None:
            return decode(value)
    raise BadItem(f"a value of type {', '.join(wire)} is not Tavola's")


def _decode_number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)


_ENCODERS: dict[type, Callable[[Any], Wire]] = {
    str: lambda value: {"S": value},
    int: lambda value: {"N": str(value)},
    Decimal: lambda value: {"N": str(value)},
    bool: lambda value: {"BOOL": value},
    type(None): lambda _: {"NULL": True},
    frozenset: lambda value: {"SS": sorted(value)},
    list: lambda value: {"L": [encode_value(part) for part in value]},
    dict: lambda value: {"M": encode_item(value)},
}
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "N": _decode_number,
    "BOOL": bool,
    "NULL": lambda _: None,
    "SS": frozenset,
    "L": lambda value: [decode_value(part) for part in value],
    "M": decode_item,
}
