"""Times are text: UTC, RFC 3339, milliseconds, fixed width, so that they sort as text.

`2026-11-21T08:15:00.123Z`. What people send may have any offset and any fraction; a time without
an offset is refused, because nobody knows what it means.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

from tavola.core.errors import invalid

Bucketing = Literal["day", "hour"]
"""The unit in which the inbox is ordered in the key."""

# A `+` in a query string arrives as a space when the client forgot to escape it.
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?"
    r"(?:[Zz]|([+ -])(\d\d:[0-5]\d))",
    re.ASCII,
)
_MILLISECOND = timedelta(milliseconds=1)


def from_epoch_ms(milliseconds: int) -> str:
    """Milliseconds since 1970 as a time."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_to_the_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=64)
def _to_the_second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def to_epoch_ms(time: str) -> int:
    """The reverse of `from_epoch_ms`, of a time in the fixed form."""
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def bucket_of(time: str, bucketing: Bucketing) -> str:
    """The day (`2026-11-21`) or hour (`2026-11-21T08`) in which a time falls."""
    return time[:10] if bucketing == "day" else time[:13]


def earliest(text: str, field: str) -> str:
    """Parse a time that bounds from below: finer than a millisecond rounds up."""
    moment, finer = _parse(text, field)
    try:
        return _format(moment + _MILLISECOND if finer else moment)
    except OverflowError:
        raise _wrong(field) from None


def latest(text: str, field: str) -> str:
    """Parse a time that bounds from above: finer than a millisecond rounds down."""
    return _format(_parse(text, field)[0])


def year_bounds(year: int) -> tuple[str, str]:
    """The first and the last millisecond of a UTC year."""
    return f"{year:04d}-01-01T00:00:00.000Z", f"{year:04d}-12-31T23:59:59.999Z"


def _parse(text: str, field: str) -> tuple[datetime, bool]:
    """The millisecond in which a time lies, and whether it lies behind its beginning."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise _wrong(field)
    day, clock, fraction, sign, offset = match.groups()
    zone = f"{'-' if sign == '-' else '+'}{offset}" if offset else "+00:00"
    digits = (fraction or "").ljust(3, "0")
    finer = digits[3:].strip("0") != ""
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{digits[:3]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(field) from None
    return moment, finer


def _format(moment: datetime) -> str:
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"


def _wrong(field: str) -> Exception:
    return invalid(field, "time", "must be RFC 3339 with an offset, as 2026-11-21T08:15:00Z")
