"""A cursor continues only the list that it was given for, for whom it was given."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core.cursors import CursorKey
from tavola.core.errors import Invalid

KEY = CursorKey(b"secret", "inbox", "ann")
POSITION = ("2026-11-21", "2026-11-21T08:00:00.000Z", "dm:ann:bob")

positions = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4).map(tuple)


@given(positions)
def test_a_cursor_opens_to_its_position(position: tuple[str, ...]) -> None:
    assert KEY.open(KEY.seal(position), len(position)) == position


@given(positions)
def test_a_cursor_can_stand_in_a_url(position: tuple[str, ...]) -> None:
    cursor = KEY.seal(position)
    assert cursor.isascii()
    assert cursor.replace("-", "a").replace("_", "a").isalnum()


@pytest.mark.parametrize(
    "other",
    [
        CursorKey(b"secret", "inbox", "bob"),
        CursorKey(b"secret", "users", "ann"),
        CursorKey(b"other", "inbox", "ann"),
        CursorKey(b"secret", "inb", "oxann"),
    ],
)
def test_the_cursor_of_somebody_else_or_of_another_list_is_refused(other: CursorKey) -> None:
    with pytest.raises(Invalid):
        KEY.open(other.seal(POSITION), len(POSITION))


@pytest.mark.parametrize("length", [0, 2, 4])
def test_a_cursor_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        KEY.open(KEY.seal(POSITION), length)


@given(st.data())
def test_a_cursor_with_a_changed_byte_is_refused(data: st.DataObject) -> None:
    cursor = KEY.seal(POSITION)
    raw = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Invalid):
        KEY.open(urlsafe_b64encode(raw).decode().rstrip("="), len(POSITION))


def test_a_cursor_made_up_without_the_secret_is_refused() -> None:
    payload = msgspec.json.encode(POSITION)
    forged = urlsafe_b64encode(b"\0" * 16 + payload).decode().rstrip("=")
    with pytest.raises(Invalid):
        KEY.open(forged, len(POSITION))


@given(st.text() | st.text("abcdefXYZ019-_=", max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as error:
        KEY.open(text, 3)
    assert error.value.errors[0].field == "cursor"


@given(st.text("abcdefgh", min_size=4))
def test_a_cursor_does_not_show_its_position(name: str) -> None:
    raw = urlsafe_b64decode(KEY.seal((name,)) + "===")
    assert name.encode() not in raw
    assert KEY.seal((name,)) == KEY.seal((name,)) != KEY.seal((f"{name}.",))
