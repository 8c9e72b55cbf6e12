"""What people write: ids, handles, names and bodies; each accepted unchanged or refused by name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import ids, limits
from tavola.core.errors import Invalid, NotFound
from tests.core import strategies as some

BLANKS = [
    "",
    " ",
    "\t\n\r",
    "\u200b",
    "\u200d\u2060",
    "\ufeff \u00a0",
    "\u3164",
    "\u2800",
    "\u00ad",
]
SURROGATES = ["\ud800", "a\udc00", "\ud83d"]


def refused(error: pytest.ExceptionInfo[Invalid]) -> tuple[str, str]:
    """The field and the code of an error with one wrong field."""
    (only,) = error.value.errors
    return only.field, only.code


@given(some.ids)
def test_a_valid_id_is_kept(value: str) -> None:
    assert ids.check_id(value) == value


@pytest.mark.parametrize(
    "value", ["", "a" * 65, "a#b", "a/b", "a|b", "a:b", "a@b", "a b", "é", "a\n", "\0", "\ud800"]
)
def test_an_id_that_would_break_a_key_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_id(value, "user_id")
    assert refused(error) == ("user_id", "id")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("ann", "ann"), ("@Ann", "Ann"), ("a.b-c_9", "a.b-c_9"), ("AA", "AA"), ("x" * 32, "x" * 32)],
)
def test_a_handle_is_kept_as_written(written: str, kept: str) -> None:
    assert ids.check_handle(written) == kept


@pytest.mark.parametrize(
    "value", ["", "a", "x" * 33, "a b", "ann#", "élan", "\u212aim", "@@ann", "an\n"]
)
def test_a_handle_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_handle(value)
    assert refused(error) == ("handle", "handle")


@pytest.mark.parametrize("value", ["", "a", "@a", "a b", "é", "#", "x" * 33])
def test_a_prefix_too_short_or_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_prefix(value)
    assert refused(error) == ("prefix", "prefix")


def test_a_prefix_is_compared_as_handles_are() -> None:
    assert ids.check_prefix("@AN") == "an"


@pytest.mark.parametrize("body", BLANKS)
def test_a_blank_body_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_body(body)
    assert refused(error) == ("body", "blank")


@pytest.mark.parametrize(
    "body",
    [
        "a",
        " a ",
        "line\nline\r\n\ttab",
        "🧑‍🚀👩🏽‍💻🇮🇹",
        "\u202eשלום עולם\u202c مرحبا",
        "e\u0301 not é",
        "\u200b.",
        "a" * 4_000,
        "😀" * 4_000,
    ],
    ids=lambda body: body[:8],
)
def test_a_body_is_kept_to_the_letter(body: str) -> None:
    assert ids.check_body(body) == body


@pytest.mark.parametrize("letter", ["a", "😀"])
def test_a_body_of_4001_code_points_is_refused(letter: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_body(letter * 4_001)
    assert refused(error) == ("body", "too_long")


@pytest.mark.parametrize("body", SURROGATES)
def test_a_body_with_a_lone_surrogate_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_body(body)
    assert refused(error) == ("body", "unicode")


@pytest.mark.parametrize("body", ["a\0b", "\0a", "a\0"])
def test_a_body_with_nul_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_body(body)
    assert refused(error) == ("body", "nul")


@given(st.text(max_size=100))
def test_any_body_is_kept_or_refused(body: str) -> None:
    try:
        kept = ids.check_body(body)
    except Invalid:
        return
    assert kept == body
    assert any(not character.isspace() for character in body)


@pytest.mark.parametrize("name", [*BLANKS, "\0"])
def test_a_blank_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_name(name, "name")
    assert refused(error) == ("name", "blank")


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "a\x7fb", "a\tb"])
def test_a_name_with_control_characters_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_name(name)
    assert refused(error) == ("display_name", "control")


@pytest.mark.parametrize("name", SURROGATES)
def test_a_name_with_a_lone_surrogate_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_name(name)
    assert refused(error) == ("display_name", "unicode")


@pytest.mark.parametrize(
    "name", ["x" * 201, "é" * 101, "\ufdfa" * 12, "ﬃ" * 67, "ŉ" * 70], ids=lambda name: name[:1]
)
def test_a_name_that_is_too_long_or_grows_by_folding_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_name(name)
    assert refused(error) == ("display_name", "too_long")


@pytest.mark.parametrize("name", ["x" * 200, "é" * 100, "\ufdfa" * 6, "ﬃ" * 66, "Ann #1", "李小龍"])
def test_a_name_within_200_bytes_however_folded_is_kept(name: str) -> None:
    assert ids.check_name(name) == name


def test_a_name_is_kept_in_composed_form_without_outer_space() -> None:
    assert ids.check_name("  Zoe\u0308 ") == "Zoë"


@given(some.names)
def test_folding_twice_is_folding_once(name: str) -> None:
    folded = ids.fold_name(name)
    assert ids.fold_name(folded) == folded
    assert len(folded.encode()) <= limits.NAME_BYTES_MAX
    assert unicodedata.is_normalized("NFKC", folded)


@pytest.mark.parametrize(("one", "other"), [("STRASSE", "straße"), ("Ａnn", "ann"), ("Ⅸ", "ix")])
def test_names_that_look_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert ids.fold_name(one) == ids.fold_name(other)


@given(st.uuids())
def test_a_message_id_is_a_uuid_in_lower_case(value: object) -> None:
    assert ids.check_message_id(str(value).upper()) == str(value)


@pytest.mark.parametrize(
    "value",
    [
        *("", "1", "{00000000-0000-4000-8000-000000000001}", "0" * 32, "0" * 36, "\ud800"),
        *("00000000-0000-4000-8000-00000000000g", "00000000-0000-4000-8000-000000000001\n"),
    ],
)
def test_a_message_id_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as error:
        ids.check_message_id(value)
    assert refused(error) == ("id", "uuid")


def test_interests_may_be_none_but_not_blank_too_many_or_too_long() -> None:
    assert ids.check_interests(frozenset()) == frozenset()
    most = frozenset(map(str, range(limits.INTERESTS_MAX)))
    assert ids.check_interests(most) == most
    too_long = "x" * (limits.INTEREST_CODE_POINTS_MAX + 1)
    for wrong in (most | {"one more"}, frozenset({" "}), frozenset({too_long})):
        with pytest.raises(Invalid):
            ids.check_interests(wrong)


@given(some.directs)
def test_two_people_have_one_conversation_whoever_begins(pair: tuple[str, str]) -> None:
    first, second = pair
    conversation = ids.direct(first, second)
    assert conversation == ids.direct(second, first)
    assert conversation == ids.parse_conversation(conversation.id)
    assert (conversation.peer_of(first), conversation.peer_of(second)) == (second, first)
    assert conversation.kind == "direct"


@given(some.ids)
def test_a_group_has_one_conversation(group_id: str) -> None:
    conversation = ids.group(group_id)
    assert conversation == ids.parse_conversation(conversation.id)
    assert conversation.kind == "group"


@pytest.mark.parametrize(
    "text",
    [
        *("", "dm", "dm:", "dm:a", "dm:a:a", "dm:b:a", "dm:a:b:c", "dm:a:", "dm::b", "group:"),
        *("group", "group:a:b", "DM:a:b", "dm#a#b", "dm:a/b:c", "dm:a#:b", "group:\n"),
        *("dm:a:b\n", "\ud800"),
    ],
)
def test_what_names_no_conversation_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        ids.parse_conversation(text)


def test_the_same_source_makes_the_same_message_id() -> None:
    one = ids.derived_message_id("slack", "C1", "1.5")
    assert one == ids.derived_message_id("slack", "C1", "1.5")
    assert one != ids.derived_message_id("slack", "C1", "1.6")
    assert ids.check_message_id(one) == one
