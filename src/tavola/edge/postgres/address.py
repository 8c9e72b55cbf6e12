"""Where the users are in Postgres: the server's URL, the table and its columns.

A URL may hold a password, which is never told: libpq quotes parts of a URL that it does not
understand, so one that it could misread is refused here, and what it says goes through `untold`.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from tavola.core.errors import Invalid, invalid

_SCHEMES = ("postgresql://", "postgres://")
_PLACE = re.compile(r"[^/?#@]*(?:@[^/?#@]*)?(?:/[^@#]*|\?[^@#]*)?")
_HOSTS = re.compile(r"(?:[^@]*@)?(?:(?:\[[0-9a-fA-F:.]+\]|[^:,\[\]]*)(?::\d*)?(?:,|\Z))*")
_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


class Columns(NamedTuple):
    """What the columns are called in the table."""

    uuid: str
    handle: str
    display_name: str
    created_at: str
    cognito_user_id: str


class Source(NamedTuple):
    """A table of users, at a checked URL. `name` is the issuer of the links to its rows here."""

    url: str
    name: str
    table: tuple[str, ...]
    columns: Columns

    @property
    def shown_table(self) -> str:
        """The table as its setting says it."""
        return ".".join(self.table)


def check_url(url: str) -> str:
    """A URL that libpq understands as it is meant. Raises `Invalid`, which tells nothing of it."""
    scheme = next((scheme for scheme in _SCHEMES if url.startswith(scheme)), None)
    if scheme is None:
        raise _bad_url("must be like postgresql://USER@HOST:5432/DATABASE")
    place = url.removeprefix(scheme)
    authority = re.split("[/?]", place, maxsplit=1)[0]
    if not _PLACE.fullmatch(place) or not _HOSTS.fullmatch(authority) or _PERCENT.search(place):
        raise _bad_url(
            "cannot be read; in a name or password write @ as %40, / as %2F, ? as %3F, # as %23, "
            "% as %25"
        )
    if not place.isprintable() or " " in place or "\0" in unquote(place):
        raise _bad_url("must not hold spaces or control characters")
    return url


def untold(text: str, url: str) -> str:
    """A text on one line, without the password of a URL."""
    told = " ".join(text.split())
    for secret in sorted(_secrets(url), key=len, reverse=True):
        told = told.replace(secret, "***")
    return told


def _secrets(url: str) -> set[str]:
    """What may be a password in a URL that `check_url` has let through."""
    place, _, query = url.partition("://")[2].partition("?")
    _, _, written = place.rpartition("@")[0].partition(":")
    asked = [value for name, value in parse_qsl(query) if name.endswith("password")]
    return set(filter(None, (written, unquote(written), *asked)))


def _bad_url(message: str) -> Invalid:
    return invalid("postgres_url", "url", message)
