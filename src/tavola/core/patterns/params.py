"""Access patterns as data: what is known of one, its parameters, and their values from text.

The parameters are those of the function that builds the operation, by what it says of itself, so
that a pattern can be offered as a form and run from a command line with nothing written twice.
"""

import re
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Literal, cast, get_type_hints

import msgspec

from tavola.core import limits
from tavola.core.errors import FieldError, Invalid, NotFound, invalid
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.keys import CODECS

Kind = Literal["text", "int", "bool", "conversation"]


class Param(msgspec.Struct, frozen=True):
    """A parameter with what it means; numbers have bounds, text that is an id has a pattern."""

    name: str
    kind: Kind
    required: bool
    default: str | int | bool | None = None
    at_least: int | None = None
    at_most: int | None = None
    pattern: str | None = None
    meaning: str = ""


class AccessPattern(msgspec.Struct, frozen=True):
    """What is known of an access pattern without running it."""

    name: str
    question: str
    key: str
    units: str
    index: str | None = None  # the index that it queries; none of them needs one
    reads: bool = False  # whether it is a question that can be asked with texts for ...
    params: tuple[Param, ...] = ()  # ... these


def params_of(function: Callable[..., Any], results: tuple[type, ...]) -> tuple[Param, ...] | None:
    """The parameters in order of a function with one of these results.

    None for another one, and where a parameter has a type that no text can say.
    """
    made = cast(FunctionType, function)
    code = made.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    hints = get_type_hints(made)
    last = made.__defaults__ or ()
    defaults = dict(zip(names[code.co_argcount - len(last) : code.co_argcount], last, strict=True))
    defaults |= made.__kwdefaults__ or {}
    if hints["return"] not in results or any(hints[name] not in _KINDS for name in names):
        return None
    return tuple(_param(name, _KINDS[hints[name]], defaults) for name in names)


def values_of(params: tuple[Param, ...], texts: Mapping[str, str]) -> dict[str, Any]:
    """The values that texts say, without those that are left to their defaults.

    Raises `Invalid` that names everything that is wrong, each by its field.
    """
    known = {param.name for param in params}
    wrong = [FieldError(name, "unknown", "is not asked for") for name in texts if name not in known]
    values: dict[str, Any] = {}
    for param in params:
        if param.name in texts:
            try:
                values[param.name] = _value(param, texts[param.name])
            except Invalid as error:
                wrong += error.errors
        elif param.required:
            wrong.append(FieldError(param.name, "missing", "is missing"))
        else:
            values[param.name] = param.default
    if wrong:
        told = "; ".join(f"{error.field} {error.message}" for error in wrong)
        raise Invalid(f"{told}. Asked for: {usage(params)}.", errors=tuple(wrong))
    return values


def usage(params: tuple[Param, ...]) -> str:
    """How the parameters are written, those that may be left out in brackets."""
    told = (f"{param.name}={param.kind.upper()}" for param in params)
    return " ".join(
        text if param.required else f"[{text}]" for param, text in zip(params, told, strict=True)
    )


_KINDS: dict[Any, Kind] = {
    str: "text",
    str | None: "text",
    int: "int",
    bool: "bool",
    Conversation: "conversation",
}
_MEANINGS = {
    "bucket": "the UTC day, as 2026-11-21, or hour, as 2026-11-21T08",
    "consistent": "see every acknowledged write, for twice the units",
    "conversation": "dm:A:B, the ids of two users, A before B; or group:ID",
    "entries": "how many of the newest",
    "feed": "name of the feed: main",
    "issuer": "who vouches: the issuer's URL",
    "subject": "who they are there",
    "group_id": "id of a group",
    "handle": "a handle in lower case",
    "high": "where to end, inclusive",
    "limit": "items in a page",
    "low": "where to begin, inclusive",
    "part": "LEASE, CHECKPOINT# and a shard, or ASIDE# and a number",
    "pk": "a partition key, as USER#mira",
    "prefix": "how a handle begins: two letters or more",
    "rule": "name of a rule",
    "scope": "id of the group that was joined, or @",
    "reverse": "the last one first",
    "seq": "number of a message",
    "start": "the sort key behind which to go on",
    "user_id": "id of a user",
}
_COUNTS = ("limit", "entries")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _param(name: str, kind: Kind, defaults: dict[str, Any]) -> Param:
    """Who names no `limit` gets a page."""
    if name == "limit":
        defaults = {"limit": limits.PAGE_DEFAULT} | defaults
    counts = name in _COUNTS
    return Param(
        name,
        kind,
        required=name not in defaults,
        default=defaults.get(name),
        at_least=int(counts) if kind == "int" else None,
        at_most=(limits.QUERY_ITEMS_MAX if counts else limits.SEQ_MAX) if kind == "int" else None,
        pattern=CODECS[name].pattern if kind == "text" and name in CODECS else None,
        meaning=_MEANINGS.get(name, ""),
    )


def _value(param: Param, text: str) -> Any:
    match param.kind:
        case "text":
            if param.pattern and not re.fullmatch(param.pattern, text):
                raise invalid(param.name, "text", f"must match {param.pattern}")
            return text
        case "int":
            return _number(param, text)
        case "bool":
            if text not in _WORDS:
                raise invalid(param.name, "bool", "must be true or false")
            return _WORDS[text]
        case "conversation":
            try:
                return parse_conversation(text)
            except NotFound:
                message = "must be dm:A:B, A before B, or group:ID"
                raise invalid(param.name, "conversation", message) from None


def _number(param: Param, text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else None
    low, high = param.at_least, param.at_most
    if number is None or low is None or high is None or not low <= number <= high:
        raise invalid(param.name, "int", f"must be a whole number from {low} to {high:,}")
    return number
