"""The names of a person at an issuer become a handle and a name that are allowed here."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import table
from tavola.core.entities import Identity, UserIdentity
from tavola.core.errors import TokenInvalid
from tavola.core.ids import check_handle, check_name
from tavola.core.items import check_item
from tavola.core.persons import Person, display_name_for, fitting_handle, handles_for, person_of

ISSUER = "https://id.example.com"
names = st.text(max_size=300) | st.none() | st.integers() | st.lists(st.text(max_size=3))


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("mira", "mira"),
        ("Mira Castellanos", "Mira.Castellanos"),
        ("mira@example.com", "mira"),
        ("Zoë Müller", "Zoe.Muller"),
        ("  _mira_ ", "mira"),
        ("Google_1234567890", "Google_1234567890"),
        ("x" * 50, "x" * 32),
        ("Ａｎｎ", "Ann"),
        ("李小龙", None),
        ("a", None),
        ("", None),
        ("@@@", None),
        ("\0\ud800", None),
    ],
)
def test_a_handle_is_made_of_what_fits(text: str, handle: str | None) -> None:
    assert fitting_handle(text) == handle


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["preferred_username", "name"], names)))
def test_every_person_gets_good_names(claims: dict[str, Any]) -> None:
    person = person_of(ISSUER, {"sub": "auth0|7"} | claims)
    handles = list(handles_for(person))
    assert 2 <= len(handles) <= 6
    assert len({handle.lower() for handle in handles}) == len(handles)
    for handle in handles:
        assert check_handle(handle) == handle
        assert check_name(display_name_for(person, handle))
    assert list(handles_for(person)) == handles


def test_the_best_wish_comes_first() -> None:
    claims = {"sub": "7", "name": "Mira C.", "username": "mc", "preferred_username": "mira"}
    person = person_of(ISSUER, claims)
    assert list(islice(handles_for(person), 3)) == ["mira", "mira-2", "mira-3"]
    assert display_name_for(person, "mira") == "Mira C."
    del claims["preferred_username"]
    assert next(handles_for(person_of(ISSUER, claims))) == "mc"


def test_a_user_name_that_is_only_the_subject_is_no_wish() -> None:
    person = person_of(ISSUER, {"sub": "0192f0c1", "username": "0192f0c1"})
    assert person == Person(ISSUER, "0192f0c1")
    assert all(handle.startswith("user-") for handle in handles_for(person))


def test_two_people_of_one_name_end_up_with_different_handles() -> None:
    one, other = (person_of(ISSUER, {"sub": sub, "name": "Ann"}) for sub in "12")
    assert set(handles_for(one)) & set(handles_for(other)) == {"Ann", "Ann-2", "Ann-3", "Ann-4"}


def test_nobody_s_address_is_made_public() -> None:
    person = person_of(ISSUER, {"sub": "7", "preferred_username": "mira@example.com"})
    shown = [*handles_for(person), display_name_for(person, "mira")]
    assert not any("example" in text for text in shown)


def test_a_name_is_made_of_its_parts() -> None:
    person = person_of(ISSUER, {"sub": "7", "given_name": "Mira", "family_name": "Castellanos"})
    assert person.name == "Mira Castellanos"


@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=255)
)
def test_every_subject_that_is_allowed_fits_into_a_key(subject: str) -> None:
    issuer = "https://" + "~" * 192
    person = person_of(issuer, {"sub": subject})
    ids = {"issuer": issuer, "subject": person.subject, "user_id": "u" * 64}
    for record in (Identity(**ids), UserIdentity(**ids)):
        item = table.ENTITIES[type(record).__name__].build(record)
        check_item(item)
        assert table.decode(item) == record


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 256, "é", "a\nb", "a\0", ["a"], "\ud800"])
def test_a_subject_that_is_not_allowed_is_refused(subject: Any) -> None:
    with pytest.raises(TokenInvalid):
        person_of(ISSUER, {"sub": subject})
