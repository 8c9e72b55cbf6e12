"""Whatever a directory says of somebody, it is taken whole or refused with the column at fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tavola.core import ids
from tavola.core.errors import Invalid
from tavola.core.persons import Person
from tavola.core.records import Row, record_of

ISSUER = "https://id.example.com"
ROW = Row(
    uuid="u1",
    handle="Mira",
    display_name="Mira C.",
    created_at="2026-11-21 08:15:00.123456+00",
    cognito_user_id="sub-1",
)
# Also what cannot be encoded: it comes from bytes that are no text.
ANYTHING = st.none() | st.text() | st.text(st.characters(categories=["Cs", "Cc", "Ll"]))
FIELDS = [name for name in Row.__struct_fields__ if name != "copies"]


def test_a_row_becomes_a_record() -> None:
    record = record_of(ROW, "postgres", ISSUER)
    assert (record.source, record.subject, record.user_id) == ("postgres", "u1", "u1")
    assert (record.handle, record.display_name) == ("Mira", "Mira C.")
    assert record.created_at == "2026-11-21T08:15:00.123Z"
    assert record.person == Person(ISSUER, "sub-1")


@pytest.mark.parametrize("subject", [None, ""])
def test_who_is_nobody_at_the_issuer_has_no_person(subject: str | None) -> None:
    assert record_of(replace(ROW, cognito_user_id=subject), "postgres", ISSUER).person is None
    assert record_of(ROW, "postgres", None).person is None


def test_a_key_that_cannot_be_an_id_is_none() -> None:
    assert record_of(replace(ROW, uuid="auth0|7"), "postgres", None).user_id is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-21 08:15:00", "2026-11-21T08:15:00.000Z"),
        ("2026-11-21 08:15:00.5", "2026-11-21T08:15:00.500Z"),
        ("2026-11-21", "2026-11-21T00:00:00.000Z"),
        ("2026-11-21 08:15:00+02", "2026-11-21T06:15:00.000Z"),
        ("2026-11-21 08:15:00-03:30", "2026-11-21T11:45:00.000Z"),
        ("2026-11-21T08:15:00Z", "2026-11-21T08:15:00.000Z"),
    ],
)
def test_times_are_read_as_postgres_writes_them(text: str, time: str) -> None:
    assert record_of(replace(ROW, created_at=text), "postgres", None).created_at == time


@pytest.mark.parametrize(
    "text", ["infinity", "-infinity", "", "yesterday", "2026-02-30", "2026-11-21 25:00:00"]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="created_at"):
        record_of(replace(ROW, created_at=text), "postgres", None)


@given(st.sampled_from(FIELDS), ANYTHING)
def test_anything_is_taken_or_refused_by_its_column(field: str, value: str | None) -> None:
    row = replace(ROW, **{field: value})
    try:
        record = record_of(row, "postgres", ISSUER)
    except Invalid as error:
        blamed = [one.field for one in error.errors]
    else:
        blamed = []
        assert ids.check_handle(record.handle) == record.handle
        assert ids.check_name(record.display_name) == record.display_name
    assert blamed in ([], [field])


@pytest.mark.parametrize("field", ["uuid", "handle", "display_name"])
@pytest.mark.parametrize("value", ["\0", "a\0b", "\udce9", "x" * 300])
def test_what_no_column_may_hold_is_refused(field: str, value: str) -> None:
    with pytest.raises(Invalid, match=field):
        record_of(replace(ROW, **{field: value}), "postgres", ISSUER)


def test_one_of_several_with_the_same_uuid_is_refused() -> None:
    with pytest.raises(Invalid, match="uuid: stands in 2 rows"):
        record_of(replace(ROW, copies=2), "postgres", ISSUER)
