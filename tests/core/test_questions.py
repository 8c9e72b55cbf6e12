"""Access patterns are asked by name with texts; nonsense is refused field by field."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits, patterns
from tavola.core.errors import Invalid
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.items import Key, check_key
from tavola.core.operations import Get, Query
from tavola.core.patterns import PATTERNS
from tavola.core.patterns.params import Param, params_of, usage, values_of
from tavola.core.questions import build_read, continued, pages_on, question
from tests import builders as b
from tests.core import strategies as some

DM = parse_conversation(b.DIRECT)
READS = [one for one in PATTERNS.values() if one.reads]


def example(
    pk: str, count: int, last: bool = False, *, which: Conversation, start: str | None = None
) -> int:
    return count


def test_parameters_are_those_of_the_signature() -> None:
    assert params_of(example, (int,)) == (
        Param("pk", "text", required=True, meaning="a partition key, as USER#mira"),
        Param("count", "int", required=True, at_least=0, at_most=limits.SEQ_MAX),
        Param("last", "bool", required=False, default=False),
        Param("which", "conversation", required=True),
        Param("start", "text", required=False, meaning="the sort key behind which to go on"),
    )


def test_every_parameter_says_what_it_means() -> None:
    assert [
        (one.name, param.name) for one in READS for param in one.params if not param.meaning
    ] == []


def test_a_function_that_texts_cannot_ask_has_none() -> None:
    def takes_a_record(key: Key) -> int:
        return len(key)

    assert params_of(takes_a_record, (int,)) is None
    assert params_of(example, (str,)) is None


def test_their_usage_has_brackets_around_what_may_be_left_out() -> None:
    params = params_of(example, (int,)) or ()
    assert usage(params) == "pk=TEXT count=INT [last=BOOL] which=CONVERSATION [start=TEXT]"


def test_values_are_read_from_texts_and_the_rest_is_as_declared() -> None:
    texts = {"pk": "P", "count": "007", "which": b.DIRECT, "last": "yes"}
    assert values_of(params_of(example, (int,)) or (), texts) == {
        "pk": "P",
        "count": 7,
        "last": True,
        "which": DM,
        "start": None,
    }


def test_everything_that_is_wrong_is_told_at_once() -> None:
    texts = {"count": "many", "which": "dm:b:a", "last": "perhaps", "nonsense": ""}
    with pytest.raises(Invalid) as caught:
        values_of(params_of(example, (int,)) or (), texts)
    assert {(error.field, error.code) for error in caught.value.errors} == {
        ("nonsense", "unknown"),
        ("pk", "missing"),
        ("count", "int"),
        ("which", "conversation"),
        ("last", "bool"),
    }


def test_what_can_be_asked_are_the_reads_of_one_item_or_run() -> None:
    names = {one.name for one in READS}
    assert {"get_user", "list_users", "direct_head", "read_messages", "read_collection"} < names
    assert not names & {"create_user", "append_message", "mark_read", "set_aside"}
    assert all(one.reads or not one.params for one in PATTERNS.values())


@pytest.mark.parametrize(
    ("name", "texts", "operation"),
    [
        ("get_user", {"user_id": "ann"}, patterns.get_user("ann")),
        (
            "get_user",
            {"user_id": "ann", "consistent": "true"},
            patterns.get_user("ann", consistent=True),
        ),
        ("list_users", {}, patterns.list_users(limits.PAGE_DEFAULT)),
        ("list_users", {"limit": "3", "start": "x"}, patterns.list_users(3, "x")),
        ("direct_head", {"conversation": b.DIRECT}, patterns.direct_head(DM)),
        (
            "read_messages",
            {"conversation": b.DIRECT, "low": "1", "high": "9", "limit": "5"},
            patterns.read_messages(DM, 1, 9, 5),
        ),
        ("inbox_pointers", {"user_id": "ann"}, patterns.inbox_pointers("ann", 50)),
        ("read_collection", {"pk": "USER#ann"}, patterns.read_collection("USER#ann", "", "", 50)),
    ],
)
def test_a_question_becomes_its_operation(
    name: str, texts: dict[str, str], operation: Get | Query
) -> None:
    assert build_read(name, texts) == operation


@pytest.mark.parametrize(
    ("name", "texts", "field", "code"),
    [
        ("get_user", {}, "user_id", "missing"),
        ("get_user", {"user_id": "a#b"}, "user_id", "text"),
        ("get_user", {"user_id": ""}, "user_id", "text"),
        ("get_user", {"user_id": "ann", "consistent": "2"}, "consistent", "bool"),
        ("get_handle", {"handle": "@Ann"}, "handle", "text"),
        ("list_users", {"limit": "0"}, "limit", "int"),
        ("list_users", {"limit": "-1"}, "limit", "int"),
        ("list_users", {"limit": "1001"}, "limit", "int"),
        ("list_users", {"limit": "١"}, "limit", "int"),
        ("list_users", {"limit": "9" * 5_000}, "limit", "int"),
        ("list_users", {"page": "2"}, "page", "unknown"),
        ("get_message", {"conversation": b.DIRECT, "seq": "1e3"}, "seq", "int"),
        ("get_message", {"conversation": b.DIRECT, "seq": str(10**12)}, "seq", "int"),
        ("direct_head", {"conversation": "dm:ann"}, "conversation", "conversation"),
        ("create_user", {}, "pattern", "not_a_question"),
        ("nothing", {}, "pattern", "unknown"),
    ],
)
def test_nonsense_is_refused_by_its_field(
    name: str, texts: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        build_read(name, texts)
    assert [(error.field, error.code) for error in caught.value.errors] == [(field, code)]


def test_an_unknown_name_tells_of_those_near_it() -> None:
    with pytest.raises(Invalid, match=r"get_user\b"):
        question("get_users")


@pytest.mark.parametrize(
    "texts",
    [{"pk": ""}, {"pk": "\ud800"}, {"pk": "P\0"}, {"pk": "x" * 3_000}, {"pk": "P", "start": ""}],
    ids=ascii,
)
def test_what_makes_no_key_is_refused(texts: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        build_read("read_collection", texts)
    assert [(error.field, error.code) for error in caught.value.errors] == [("values", "key")]


def test_what_is_not_bounded_by_itself_pages_on() -> None:
    assert pages_on("read_collection")
    assert not pages_on("direct_head")
    assert not pages_on("get_user")


def test_a_question_is_continued_behind_a_sort_key() -> None:
    read = build_read("list_users", {"limit": "3"})
    assert continued(read, "x") == patterns.list_users(3, "x")
    with pytest.raises(Invalid):
        continued(build_read("get_user", {"user_id": "ann"}), "x")


ANY_TEXT = (
    st.text()
    | st.sampled_from(["\0", "\ud800", "", "true", "0", "-1"])
    | st.integers().map(str)
    | some.conversations
    | some.ids
    | some.handles
    | some.buckets
    | st.just("x" * 1_100)
)
ANY_NAME = st.sampled_from([one.name for one in READS])
PARAMETERS = sorted({param.name for one in READS for param in one.params})


@given(
    ANY_NAME | st.sampled_from(list(PATTERNS)) | st.text(),
    st.dictionaries(st.sampled_from(PARAMETERS) | st.text(), ANY_TEXT, max_size=4),
)
def test_whatever_is_asked_is_an_operation_or_invalid(name: str, texts: dict[str, str]) -> None:
    try:
        operation = build_read(name, texts)
    except Invalid:
        return
    assert operation.pattern == name
    assert PATTERNS[name].reads


@given(st.data())
def test_a_question_with_all_it_asks_for_names_keys_that_a_table_can_hold(
    data: st.DataObject,
) -> None:
    declared = data.draw(st.sampled_from(READS))
    texts = {}
    for param in declared.params:
        match param.kind:
            case "text":
                ids = st.from_regex(param.pattern, fullmatch=True) if param.pattern else some.ids
                texts[param.name] = data.draw(ids)
            case "int":
                texts[param.name] = str(data.draw(st.integers(param.at_least, param.at_most)))
            case "bool":
                texts[param.name] = data.draw(st.sampled_from(["true", "false"]))
            case "conversation":
                texts[param.name] = data.draw(some.conversations)
    operation = build_read(declared.name, texts)
    match operation:
        case Get():
            check_key(operation.key)
        case Query():
            assert 0 < operation.limit <= limits.QUERY_ITEMS_MAX + 2
            for sk in (operation.low, operation.high):
                check_key(Key(operation.pk, sk))


def test_a_pattern_is_data_that_a_form_can_be_made_of() -> None:
    told = msgspec.to_builtins(PATTERNS["get_message"])
    assert told["reads"] is True
    assert told["params"][1] == {
        "name": "seq",
        "kind": "int",
        "required": True,
        "default": None,
        "at_least": 0,
        "at_most": limits.SEQ_MAX,
        "pattern": None,
        "meaning": "number of a message",
    }
