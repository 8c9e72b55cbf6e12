"""Times: any offset and fraction comes in, one fixed form that sorts goes out."""

import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core.errors import Invalid
from tavola.core.times import (
    bucket_of,
    earliest,
    from_epoch_ms,
    latest,
    to_epoch_ms,
    year_bounds,
)

FIXED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

moments = st.datetimes(datetime(1970, 1, 1), datetime(9998, 12, 31)).map(  # noqa: DTZ001 - hypothesis wants naive ones
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
offsets = st.integers(-(23 * 60 + 59), 23 * 60 + 59)
fractions = st.text("0123456789", min_size=1, max_size=30)


def written(moment: datetime, offset_minutes: int, fraction: str) -> str:
    """A moment as somebody at that offset writes it."""
    there = moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
    sign = "-" if offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"{there:%Y-%m-%dT%H:%M:%S}.{fraction}{sign}{hours:02d}:{minutes:02d}"


@given(moments, offsets, fractions)
def test_bounds_enclose_a_time_to_the_millisecond(
    moment: datetime, offset: int, fraction: str
) -> None:
    text = written(moment, offset, fraction)
    seconds = (moment - EPOCH) // timedelta(seconds=1)
    exact_ms = seconds * 1000 + Fraction(int(fraction), 10 ** len(fraction)) * 1000
    below, above = to_epoch_ms(latest(text, "to")), to_epoch_ms(earliest(text, "from"))
    assert below == exact_ms.__floor__()
    assert above == exact_ms.__ceil__()


@given(moments, offsets, fractions)
def test_every_time_has_the_fixed_form(moment: datetime, offset: int, fraction: str) -> None:
    text = written(moment, offset, fraction)
    assert FIXED.fullmatch(latest(text, "to"))
    assert FIXED.fullmatch(earliest(text, "from"))


@given(st.integers(0, 253_402_300_799_999), st.integers(0, 253_402_300_799_999))
def test_times_sort_as_text(one: int, other: int) -> None:
    assert (from_epoch_ms(one) < from_epoch_ms(other)) == (one < other)
    assert to_epoch_ms(from_epoch_ms(one)) == one


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-21T08:15:00Z", "2026-11-21T08:15:00.000Z"),
        ("2026-11-21t08:15:00z", "2026-11-21T08:15:00.000Z"),
        ("2026-11-21 08:15:00Z", "2026-11-21T08:15:00.000Z"),
        ("2026-11-21T08:15:00-00:00", "2026-11-21T08:15:00.000Z"),
        ("2026-11-21T08:15:00 02:00", "2026-11-21T06:15:00.000Z"),
        ("2026-11-21T23:30:00-05:30", "2026-11-22T05:00:00.000Z"),
        ("2024-02-29T00:00:00+14:00", "2024-02-28T10:00:00.000Z"),
    ],
)
def test_a_time_is_read(text: str, time: str) -> None:
    assert earliest(text, "at") == latest(text, "at") == time


def test_a_time_without_microseconds_is_read() -> None:
    whole, with_zeros = "2026-11-21T08:15:00Z", "2026-11-21T08:15:00.000000Z"
    assert earliest(whole, "at") == earliest(with_zeros, "at")


def test_local_times_around_the_end_of_summer_time_sort_rightly() -> None:
    """02:30 comes twice that night; as local text the later one would sort first or be lost."""
    first, second = "2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00+01:00"
    assert first > second
    assert earliest(first, "at") < earliest(second, "at")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-21",
        "2026-11-21T08:15:00",
        "2026-11-21T08:15:00.123",
        "2026-11-21T08:15Z",
        "2026-11-21T08:15:60Z",
        "2016-12-31T23:59:60Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T25:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-11-21T08:15:00+24:00",
        "2026-11-21T08:15:00+05:60",
        "2026-11-21T08:15:00+05:99",
        "2026-11-21T08:15:00+0530",
        "2026-11-21T08:15:00.Z",
        "2026-11-21T08:15:00." + "1" * 31 + "Z",
        "2026-11-21T08:15:00Z\n",
        "٢٠٢٦-11-21T08:15:00Z",
        "10000-01-01T00:00:00Z",
        "\ud800",
    ],
)
def test_what_is_no_time_with_an_offset_is_refused(text: str) -> None:
    for parse in (earliest, latest):
        with pytest.raises(Invalid) as raised:
            parse(text, "at")
        assert raised.value.errors[0].field == "at"


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59.999-23:59",
    ],
)
def test_a_time_outside_the_calendar_is_refused(text: str) -> None:
    for parse in (earliest, latest):
        with pytest.raises(Invalid):
            parse(text, "at")


def test_the_first_and_the_last_moment_are_read() -> None:
    assert earliest("0001-01-01T00:00:00Z", "at") == "0001-01-01T00:00:00.000Z"
    assert latest("9999-12-31T23:59:59.9999Z", "at") == "9999-12-31T23:59:59.999Z"
    with pytest.raises(Invalid):
        earliest("9999-12-31T23:59:59.9999Z", "at")


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        time = latest(text, "at")
    except Invalid:
        return
    assert FIXED.fullmatch(time)


@given(moments.map(lambda moment: from_epoch_ms(int(moment.timestamp()) * 1000)))
def test_a_bucket_is_the_beginning_of_its_times(time: str) -> None:
    assert time.startswith(bucket_of(time, "day") + "T")
    assert time.startswith(bucket_of(time, "hour") + ":")


def test_a_year_holds_its_own_times_and_no_others() -> None:
    first, last = year_bounds(2026)
    assert first <= earliest("2026-01-01T00:00:00Z", "from")
    assert latest("2025-12-31T23:59:59.9999Z", "to") < first
    assert latest("2026-12-31T23:59:59.9999Z", "to") <= last
    assert last < earliest("2027-01-01T00:00:00Z", "from")
