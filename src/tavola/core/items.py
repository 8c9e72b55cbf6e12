"""Items: what a table holds, and their form as text.

An item is a dict of attributes with `pk` and `sk` among them. Values are those of DynamoDB: text,
whole numbers and `Decimal`, booleans, null, lists, maps and non-empty sets of text. The embedded
store keeps an item as JSON without its key; a set is written `{"$set": [...]}`, so nothing is lost.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from tavola.core import limits

Item = dict[str, Any]


class Key(NamedTuple):
    """Where an item is: partition key and sort key."""

    pk: str
    sk: str


class BadItem(ValueError):
    """An item or key that no store may accept: a defect of ours, never of a caller."""


def key_of(item: Item) -> Key:
    """The key of an item."""
    return Key(item["pk"], item["sk"])


def is_same(one: Any, other: Any) -> bool:
    """Whether two items, or values of them, are the same: `1` and `True` are not, 1 and 1.0 are."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(is_same(one[n], other[n]) for n in one)
        case list(), list():
            return len(one) == len(other) and all(map(is_same, one, other))
        case _:
            same_kind = isinstance(one, bool) == isinstance(other, bool)
            return same_kind and bool(one == other)


def encode_attributes(item: Item) -> str:
    """An item's attributes but its key, as JSON."""
    return _ENCODER.encode(
        {name: _plain(value) for name, value in item.items() if name not in _KEY_NAMES}
    ).decode()


def decode_attributes(key: tuple[str, str], text: str) -> Item:
    """The reverse of `encode_attributes`."""
    item: Item = _DECODER.decode(text)
    if _has_sets(text):
        item = _rich(item)
    item["pk"], item["sk"] = key
    return item


def decode_run(pk: str, rows: Sequence[tuple[str, str]]) -> list[Item]:
    """Items of one partition key, from their sort keys and the texts of their attributes.

    What `decode_attributes` gives for each, in three quarters of the time.
    """
    text = f"[{','.join([attributes for _, attributes in rows])}]"
    items: list[Item] = _DECODER.decode(text)
    if _has_sets(text):
        items = [_rich(item) for item in items]
    for item, (sk, _) in zip(items, rows, strict=True):
        item["pk"] = pk
        item["sk"] = sk
    return items


def encode_line(item: Item) -> bytes:
    """An item with its key as a line of JSON, as exports hold it: the same for the same item."""
    return _LINE_ENCODER.encode({name: _plain(value) for name, value in item.items()})


def decode_line(line: bytes) -> Item:
    """The reverse of `encode_line`; raises `msgspec.DecodeError` or `BadItem`."""
    try:
        attributes = _DECODER.decode(line)
        item = _rich(attributes)
    except (UnicodeDecodeError, TypeError, RecursionError):
        raise BadItem("a line must hold values of a table, in UTF-8") from None
    if type(attributes) is not dict or type(item) is not dict:
        raise BadItem("a line must hold one item")
    check_item(item)
    return item


def check_item(item: Item) -> None:
    """Refuse what DynamoDB would refuse, so that every store holds the same items."""
    check_key(Key(item.get("pk", ""), item.get("sk", "")))
    for name, value in item.items():
        if type(value) is not str:
            _check_value(name, value)
    try:
        size_bytes = len(_ENCODER.encode({name: _plain(value) for name, value in item.items()}))
    except UnicodeEncodeError:
        raise BadItem("text must be valid Unicode") from None
    if size_bytes > limits.ITEM_BYTES_MAX:
        raise BadItem(f"an item is at most {limits.ITEM_BYTES_MAX} bytes")


def check_key(key: Key) -> None:
    """Keys are non-empty text within DynamoDB's sizes, without NUL, where SQLite's text ends."""
    for part, bytes_max in zip(key, (limits.PK_BYTES_MAX, limits.SK_BYTES_MAX), strict=True):
        if type(part) is not str or not 0 < _size_bytes(part) <= bytes_max or "\0" in part:
            raise BadItem(f"a key part must be 1 to {bytes_max} bytes of text without NUL")


_KEY_NAMES = frozenset(("pk", "sk"))
_DIGITS_MAX = 38
_EXPONENT_MIN, _EXPONENT_MAX = -130, 125
_SET = '"$set"'
_SHORT_MAX = 10**_DIGITS_MAX
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_LINE_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def _has_sets(text: str) -> bool:
    """Few items have; looking for one letter first takes a tenth of the time."""
    return "$" in text and _SET in text


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is frozenset:
        return {"$set": sorted(value)}
    if kind is dict:
        return {name: _plain(part) for name, part in value.items()}
    if kind is list:
        return [_plain(part) for part in value]
    return value


def _rich(value: Any) -> Any:
    if type(value) is list:
        return [_rich(part) for part in value]
    if type(value) is not dict:
        return value
    if value.keys() == {"$set"} and type(value["$set"]) is list:
        return frozenset(value["$set"])
    return {name: _rich(part) for name, part in value.items()}


def _check_value(name: str, value: Any) -> None:
    match value:
        case str() | bool() | None:
            pass
        case int() | Decimal():
            _check_number(name, value)
        case frozenset():
            if not value or not all(type(part) is str for part in value):
                raise BadItem(f"{name}: a set holds at least one text and nothing else")
        case list():
            for part in value:
                _check_value(name, part)
        case dict():
            if any(type(part) is not str or part.startswith("$") for part in value):
                raise BadItem(f"{name}: a map's names are text and do not begin with `$`")
            for part in value.values():
                _check_value(name, part)
        case _:
            raise BadItem(f"{name}: {type(value).__name__} cannot be stored")


def _check_number(name: str, value: int | Decimal) -> None:
    if type(value) is int and -_SHORT_MAX < value < _SHORT_MAX:
        return
    number = Decimal(value)
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    if not number.is_finite() or len(digits) > _DIGITS_MAX:
        raise BadItem(f"{name}: a number has at most {_DIGITS_MAX} digits")
    if digits and not _EXPONENT_MIN <= number.adjusted() <= _EXPONENT_MAX:
        raise BadItem(f"{name}: a number is between 1E{_EXPONENT_MIN} and 1E+{_EXPONENT_MAX + 1}")


def _size_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return 0
