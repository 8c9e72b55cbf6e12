"""Names from anywhere become handles, ids and names that Tavola takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core.ids import check_handle, check_id, check_name
from tavola.edge.importers.naming import another_handle, handle_from, id_from, name_from

ANY = st.text(st.characters(), max_size=100)


@given(ANY, ANY)
def test_any_text_becomes_a_handle(text: str, otherwise: str) -> None:
    handle = handle_from(text, otherwise)
    assert check_handle(handle) == handle
    assert handle_from(text, otherwise) == handle


@given(ANY, ANY)
def test_another_handle_is_one_too(text: str, user_id: str) -> None:
    handle = handle_from(text, "")
    assert check_handle(another_handle(handle, user_id)) != handle


@given(ANY)
def test_any_text_becomes_an_id(text: str) -> None:
    assert check_id(id_from(text))
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        assert id_from(text) == text


@given(st.lists(ANY | st.none() | st.integers(), max_size=3))
def test_any_candidates_become_a_name(candidates: list[object]) -> None:
    name = name_from(*candidates)
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("Person 1", "person-1"),
        ("john.smith", "john.smith"),
        ("Ben Böhm", "ben-bohm"),
        ("--x--y--", "x--y"),
        ("a" * 50, "a" * 32),
        ("花子", "u1"),
        ("", "u1"),
    ],
)
def test_handles_look_like_what_they_come_from(text: str, handle: str) -> None:
    assert handle_from(text, "U1") == handle
