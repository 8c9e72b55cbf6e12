"""Ids, handles, names and bodies: what they may be, checked in one place.

Every `check_*` returns the value in the form in which it is kept, or raises `Invalid` naming the
field.
"""

import re
import unicodedata
import uuid
from functools import lru_cache

import msgspec

from tavola.core import limits
from tavola.core.errors import NotFound, invalid

ID_PATTERN = r"[A-Za-z0-9_-]{1,64}"
HANDLE_PATTERN = r"[a-z0-9_.-]{2,32}"

_ID = re.compile(ID_PATTERN)
_HANDLE = re.compile(HANDLE_PATTERN)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# White space, and what shows nothing: zero-width characters, joiners, fillers, NUL.
_INVISIBLE = "\0\u00ad\u115f\u1160\u200b\u200c\u200d\u2060\u2800\u3164\ufeff\uffa0"
_BLANK = _INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))


class Conversation(msgspec.Struct, frozen=True):
    """A conversation as its id says it: `dm:{a}:{b}` in byte order, or `group:{group_id}`."""

    id: str
    pk: str
    users: tuple[str, ...]  # the two of a direct conversation, nothing for a group
    group_id: str | None = None

    @property
    def kind(self) -> str:
        """`direct` or `group`."""
        return "direct" if self.users else "group"

    def peer_of(self, user_id: str) -> str:
        """The other one of the two."""
        first, second = self.users
        return second if user_id == first else first


def direct(user_id: str, other_id: str) -> Conversation:
    """The one conversation that two different users can have."""
    a, b = sorted((user_id, other_id))
    return Conversation(f"dm:{a}:{b}", f"DM#{a}#{b}", (a, b))


def group(group_id: str) -> Conversation:
    """A group's conversation."""
    return Conversation(f"group:{group_id}", f"GROUP#{group_id}", (), group_id)


@lru_cache(maxsize=16_384)
def parse_conversation(text: str) -> Conversation:
    """A conversation by its id; `NotFound` for what cannot be one (`dm:b:a`, `dm:a:a`)."""
    kind, _, rest = text.partition(":")
    if kind == "group" and _ID.fullmatch(rest):
        return group(rest)
    first, _, second = rest.partition(":")
    if kind == "dm" and first < second and _ID.fullmatch(first) and _ID.fullmatch(second):
        return Conversation(text, f"DM#{first}#{second}", (first, second))
    raise NotFound


def check_id(value: str, field: str = "id") -> str:
    """A user's or group's id, as the host app chose it."""
    if not _ID.fullmatch(value):
        raise invalid(field, "id", "must be 1 to 64 letters, digits, `_` or `-`")
    return value


def check_handle(value: str, field: str = "handle") -> str:
    """A handle as it is written; keys hold `fold_handle` of it."""
    written = value.removeprefix("@")
    if not _HANDLE.fullmatch(fold_handle(written)):
        raise invalid(field, "handle", "must be 2 to 32 letters, digits, `_`, `.` or `-`")
    return written


def fold_handle(value: str) -> str:
    """The form in which handles are compared."""
    return value.lower() if value.isascii() else value


def check_prefix(value: str) -> str:
    """The beginning of a handle, to search by."""
    folded = fold_handle(value.removeprefix("@"))
    if len(folded) < limits.PREFIX_CHARS_MIN or not _HANDLE.fullmatch(folded):
        raise invalid("prefix", "prefix", "must be the first 2 to 32 characters of a handle")
    return folded


def check_name(value: str, field: str = "display_name") -> str:
    """A name for people to read: a line of text."""
    name = unicodedata.normalize("NFC", _encodable(value, field)).strip()
    if not name.strip(_BLANK):
        raise invalid(field, "blank", "must not be blank")
    if _CONTROL.search(name):
        raise invalid(field, "control", "must not hold control characters")
    if max(len(name.encode()), len(fold_name(name).encode())) > limits.NAME_BYTES_MAX:
        raise invalid(field, "too_long", f"must be at most {limits.NAME_BYTES_MAX} bytes")
    return name


def fold_name(value: str) -> str:
    """The form by which names are listed: NFKC and casefold."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())


def check_text(value: str, field: str, code_points_max: int) -> str:
    """A short text that is neither blank nor too long, kept as it is."""
    if not _encodable(value, field).strip(_BLANK):
        raise invalid(field, "blank", "must not be blank")
    if len(value) > code_points_max:
        raise invalid(field, "too_long", f"must be at most {code_points_max:,} characters")
    if "\0" in value:
        raise invalid(field, "nul", "must not hold NUL characters")
    return value


def check_body(value: str) -> str:
    """What a message says, kept to the letter."""
    return check_text(value, "body", limits.BODY_CODE_POINTS_MAX)


def check_message_id(value: str) -> str:
    """A message's id: a UUID in its usual form, kept in lower case."""
    folded = value.lower()
    if not _UUID.fullmatch(folded):
        raise invalid("id", "uuid", "must be a UUID, as 0192f0c1-6f3a-7cc2-9d3e-2b1c4d5e6f70")
    return folded


def check_interests(values: frozenset[str]) -> frozenset[str]:
    """A user's interests; an empty set is allowed and not stored."""
    if len(values) > limits.INTERESTS_MAX:
        raise invalid("interests", "too_many", f"must be at most {limits.INTERESTS_MAX}")
    for value in values:
        check_text(value, "interests", limits.INTEREST_CODE_POINTS_MAX)
    return values


def derived_message_id(*parts: str) -> str:
    """The same UUID for the same source, so that importing twice finds what is there."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "tavola:" + ":".join(parts)))


def _encodable(value: str, field: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(field, "unicode", "must be valid Unicode") from None
    return value
