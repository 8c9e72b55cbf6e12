"""Key templates: how an entity's ids become `pk` and `sk`, and are read back from them.

A template is text with fields: `INBOX#{bucket}#{conversation}`. Each field has a codec of the same
name, or of the name after the colon (`{conversation:log}`): the pattern that it matches, and how
its text is built and read. A derived field (`{handle:first2}`) is built, but not read: another
part of the key says the same and more.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from tavola.core.ids import HANDLE_PATTERN, ID_PATTERN, parse_conversation


class Codec(NamedTuple):
    """How a field's value stands in a key."""

    pattern: str
    build: Callable[[Any], str] = str
    read: Callable[[str], Any] = str
    derived: bool = False
    shown: str = ""  # how the field's text is told to people; by its name when empty


class WrongKey(ValueError):
    """A key that does not match the template of its entity."""


class KeyPart(NamedTuple):
    """A piece of a key's text, in order: a field with its value, or what is the same in all."""

    text: str
    field: str | None = None
    value: Any = None


@lru_cache(maxsize=16_384)
def _log_of(conversation: str) -> str:
    return parse_conversation(conversation).pk


@lru_cache(maxsize=16_384)
def _conversation_of(log: str) -> str:
    kind, _, rest = log.partition("#")
    return f"{'dm' if kind == 'DM' else 'group'}:{rest.replace('#', ':')}"


def _twelve_digits(number: int) -> str:
    return f"{number:012d}"


_DIRECT = f"{ID_PATTERN}#{ID_PATTERN}"
_QUOTED = r"[^#]{1,900}"

CODECS: dict[str, Codec] = {
    "user_id": Codec(ID_PATTERN),
    "group_id": Codec(ID_PATTERN),
    "scope": Codec(rf"(?:@|{ID_PATTERN})"),
    "rule": Codec(ID_PATTERN),
    "handle": Codec(HANDLE_PATTERN),
    "first2": Codec(
        r"[a-z0-9_.-]{2}",
        lambda handle: handle[:2],
        derived=True,
        shown="{first 2 characters}",
    ),
    "bucket": Codec(r"\d{4}-\d\d-\d\d(?:T\d\d)?"),
    "conversation": Codec(rf"(?:dm:{_DIRECT.replace('#', ':')}|group:{ID_PATTERN})"),
    "log": Codec(
        rf"(?:DM#{_DIRECT}|GROUP#{ID_PATTERN})",
        _log_of,
        _conversation_of,
        shown="DM#{a}#{b} or GROUP#{group_id}",
    ),
    "direct": Codec(rf"DM#{_DIRECT}", _log_of, _conversation_of, shown="DM#{a}#{b}"),
    "seq": Codec(r"\d{12}", _twelve_digits, int, shown="{seq:012d}"),
    "n": Codec(r"\d{12}", _twelve_digits, int, shown="{n:012d}"),
    "folded": Codec(r"(?s:.{1,600})"),
    "issuer": Codec(_QUOTED, lambda text: quote(text, safe=":/."), unquote),
    "subject": Codec(_QUOTED, lambda text: quote(text, safe=":/."), unquote),
    "feed": Codec(ID_PATTERN),
    "part": Codec(
        r"(?:CHECKPOINT#[A-Za-z0-9_.-]{1,200}|LEASE|ASIDE#\d{12,40})",
        shown="CHECKPOINT#{shard} or LEASE or ASIDE#{n:012d}",
    ),
}

_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Template:
    """A compiled key template."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _FIELD.split(text)  # literal, field, codec, literal, field, codec, …, literal
        self._literals = parts[::3]
        self._fields = [
            (name, CODECS[codec or name])
            for name, codec in zip(parts[1::3], parts[2::3], strict=True)
        ]
        self._pattern = re.compile(self._regex())
        named = zip(self._fields, self._literals[1:], strict=True)
        self._builders = [(name, codec.build, literal) for (name, codec), literal in named]
        self._readers = [(name, codec.read) for name, codec in self._fields if not codec.derived]
        self.names = tuple(name for name, _ in self._readers)
        shown = [codec.shown or f"{{{name}}}" for name, codec in self._fields]
        self.shown = self._literals[0] + "".join(
            field + literal for field, literal in zip(shown, self._literals[1:], strict=True)
        )

    def build(self, values: dict[str, Any]) -> str:
        """The key part for these field values."""
        text = self._literals[0]
        for name, build, literal in self._builders:
            text += build(values[name]) + literal
        return text

    def read(self, text: str) -> dict[str, Any]:
        """The field values in a key part; raises `WrongKey`."""
        groups = zip(self._readers, self._match(text).groups(), strict=True)
        return {name: read(part) for (name, read), part in groups}

    def parts(self, text: str) -> list[KeyPart]:
        """A key part taken to pieces, which together are its text; raises `WrongKey`."""
        match = self._match(text)
        parts: list[KeyPart] = []
        end_before = 0
        for number, (name, read) in enumerate(self._readers, 1):
            start, end = match.span(number)
            parts += [
                KeyPart(text[end_before:start]),
                KeyPart(match[number], name, read(match[number])),
            ]
            end_before = end
        parts.append(KeyPart(text[end_before:]))
        return [part for part in parts if part.text]

    def _match(self, text: str) -> re.Match[str]:
        match = self._pattern.fullmatch(text)
        if match is None:
            raise WrongKey(f"{text!r} is not of the form {self.text!r}")
        return match

    def _regex(self) -> str:
        pieces = [re.escape(self._literals[0])]
        for (_, codec), literal in zip(self._fields, self._literals[1:], strict=True):
            pieces.append(codec.pattern if codec.derived else f"({codec.pattern})")
            pieces.append(re.escape(literal))
        return "".join(pieces)
