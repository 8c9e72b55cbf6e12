"""Who somebody is at an issuer, and the names that they would like to have here.

What an issuer says of names is a wish: a handle must be one that we allow and that is free. The
wishes are made of the claims, in this order: `preferred_username`, `cognito:username`, `username`,
`name`. Of an address only what stands before the `@` is taken, so that nobody's is made public.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tavola.core import limits
from tavola.core.errors import Invalid, TokenInvalid
from tavola.core.ids import check_handle, check_name

_USERNAMES = ("preferred_username", "cognito:username", "username")
_NO_HANDLE = re.compile(r"[^A-Za-z0-9_.-]")
_SPACES = re.compile(r"\s+")
_SUBJECT = re.compile(rf"[\x20-\x7e]{{1,{limits.SUBJECT_CHARS_MAX}}}")
_HANDLE_CHARS = 32
_NUMBERED = (2, 3, 4)
_DIGITS = (8, 16)  # of a digest of the subject: enough that two hardly ever meet


class Person(msgspec.Struct, frozen=True):
    """A subject of an issuer, with the user names and the name that it says, if it does."""

    issuer: str
    subject: str
    usernames: tuple[str, ...] = ()
    name: str | None = None


def person_of(issuer: str, claims: Mapping[str, Any]) -> Person:
    """The person of verified claims, or of the attributes that an issuer tells of them.

    Raises `TokenInvalid` for a subject that OpenID Connect does not allow.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise TokenInvalid("The token's `sub` is not 1 to 255 characters of ASCII.")
    usernames = (_text(claims, name) for name in _USERNAMES)
    name = _text(claims, "name")
    full = " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    return Person(
        issuer,
        subject,
        tuple(text for text in usernames if text and text != subject),
        name or full or None,
    )


def handles_for(person: Person) -> Iterator[str]:
    """Handles to try, the best one first: the same ones for the same person, whenever asked."""
    wishes = (fitting_handle(text) for text in (*person.usernames, person.name or ""))
    wish = next(filter(None, wishes), None)
    if wish:
        yield wish
        yield from (_with(wish, str(n)) for n in _NUMBERED)
    digest = hashlib.sha256(f"{person.issuer}#{person.subject}".encode()).hexdigest()
    yield from (_with(wish or "user", digest[:digits]) for digits in _DIGITS)


def fitting_handle(text: str) -> str | None:
    """A handle made of a text; None where nothing of it can be one."""
    plain = unicodedata.normalize("NFKD", text.partition("@")[0].strip())
    dotted = _NO_HANDLE.sub("", _SPACES.sub(".", plain))
    handle = dotted.strip("._-")[:_HANDLE_CHARS].rstrip("._-")
    try:
        return check_handle(handle)
    except Invalid:
        return None


def display_name_for(person: Person, handle: str) -> str:
    """The name to show: what the issuer says, else a user name, else the handle."""
    usernames = (text.partition("@")[0] for text in person.usernames)
    for text in (person.name or "", *usernames):
        try:
            return check_name(text)
        except Invalid:
            continue
    return handle


def _with(handle: str, ending: str) -> str:
    return f"{handle[: _HANDLE_CHARS - 1 - len(ending)]}-{ending}"


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that is a text of sensible length."""
    value = claims.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= limits.CLAIM_CHARS_MAX else None
