"""The clock and ids: what flows are given, because they have neither."""

import time

from uuid_utils import uuid7

from tavola.core.times import from_epoch_ms


def now() -> str:
    """The time now, as text."""
    return from_epoch_ms(epoch_ms())


def epoch_ms() -> int:
    """The time now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def ago(seconds: float) -> str:
    """The time some seconds ago."""
    return from_epoch_ms(epoch_ms() - round(seconds * 1000))


def new_id() -> str:
    """A new id: a UUIDv7."""
    return str(uuid7())


def signing_date() -> str:
    """The time now, as signatures of AWS have it."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
