"""A user as a directory elsewhere has them, as far as it can be taken here.

What is there comes as text, or as nothing. `record_of` makes a record of it or says which field is
wrong and why; nothing is bent until it fits, because a handle that differs between two systems is
what nobody finds afterwards.
"""

import re

import msgspec

from tavola.core.errors import Invalid, TokenInvalid, invalid
from tavola.core.ids import check_handle, check_id, check_name
from tavola.core.persons import Person, person_of
from tavola.core.times import latest

# As Postgres writes times: of a day, without an offset, or with one of hours alone.
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)?(:\d\d|Z)?)?")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory says of somebody, unchecked. `copies`: how many rows have this uuid."""

    uuid: str | None
    handle: str | None
    display_name: str | None
    created_at: str | None
    cognito_user_id: str | None = None
    copies: int = 1


class Record(msgspec.Struct, frozen=True):
    """Somebody in a directory, checked: `source` names it, `subject` is who they are there.

    `person` is who they are at the issuer of tokens, where that is known.
    """

    source: str
    subject: str
    handle: str
    display_name: str
    created_at: str
    person: Person | None = None

    @property
    def user_id(self) -> str | None:
        """The id that they have here when they are made: theirs there, where it can be one."""
        try:
            return check_id(self.subject)
        except Invalid:
            return None


def record_of(row: Row, source: str, issuer: str | None) -> Record:
    """The record of a row. Raises `Invalid` that names the first column that cannot be taken."""
    subject = _vouched(source, _there(row.uuid, "uuid"), "uuid").subject
    if row.copies > 1:
        raise invalid("uuid", "doubled", f"stands in {row.copies:,} rows")
    person = None
    if issuer is not None and row.cognito_user_id:
        person = _vouched(issuer, row.cognito_user_id, "cognito_user_id")
    return Record(
        source,
        subject,
        check_handle(_there(row.handle, "handle")),
        check_name(_there(row.display_name, "display_name")),
        _time(_there(row.created_at, "created_at")),
        person,
    )


def _there(value: str | None, field: str) -> str:
    if value is None:
        raise invalid(field, "null", "is null")
    return value


def _vouched(issuer: str, subject: str, field: str) -> Person:
    try:
        return person_of(issuer, {"sub": subject})
    except TokenInvalid:
        raise invalid(field, "subject", "must be 1 to 255 characters of ASCII") from None


def _time(text: str) -> str:
    """A time; without an offset it is one of UTC, and a day is its beginning."""
    found = _TIME.fullmatch(text)
    if found:
        day, clock, hours, minutes = found.groups()
        offset = f"{hours}{minutes or ':00'}" if hours else "Z"
        text = f"{day}T{clock or '00:00:00'}{offset}"
    return latest(text, "created_at")
