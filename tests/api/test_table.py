"""The table explorer's endpoints: what is declared, all items page by page, and questions."""

import json
from typing import Any

import pytest

from tavola.core.patterns import PATTERNS
from tavola.core.table import ENTITIES
from tavola.core.wire import decode_value
from tests.api.people import Api, People, Person, problem, succeeded, wrong_field
from tests.api.serving import Serving

PASSWORD = "correct horse battery"


def ask(api: Api, pattern: str, cursor: str | None = None, **values: str) -> Any:
    """The answer to a question that must be answered."""
    body = {"pattern": pattern, "values": values, "cursor": cursor}
    return succeeded(api.request("POST", "/table/query", body))


def refused(api: Api, pattern: Any, values: Any, **more: Any) -> Any:
    """The response to a question that should not be."""
    return api.request("POST", "/table/query", {"pattern": pattern, "values": values} | more)


def browse(api: Api, limit: int) -> list[Any]:
    """All items, page by page."""
    items: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get("/table/items", limit=limit, **cursor)
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def keys_of(items: list[Any]) -> list[tuple[str, str]]:
    """The keys of items, in their order."""
    return [(item["pk"], item["sk"]) for item in items]


def attribute(item: Any, name: str) -> Any:
    """An attribute's value."""
    return next(decode_value(one["value"]) for one in item["attributes"] if one["name"] == name)


@pytest.fixture(scope="module")
def talk(people: People) -> tuple[Person, Person]:
    """Two people with a conversation, each with a password."""
    ann, bob = people.user("ann", password=PASSWORD), people.user("bob", password=PASSWORD)
    for n in range(1, 13):
        ann.send(bob, f"message {n}")
    assert bob.row(ann.dm(bob))["unread"] == 12
    return ann, bob


def log_of(talk: tuple[Person, Person]) -> str:
    """The partition key of their conversation."""
    ann, bob = talk
    return f"DM#{ann.id}#{bob.id}"


def test_the_table_tells_what_it_declares(people: People, server: Serving) -> None:
    table = people.get("/table")
    assert table["store"] == ("dynamodb" if "store" in server.settings else "sqlite")
    assert [one["name"] for one in table["entities"]] == list(ENTITIES)
    assert {one["name"]: one["reads"] for one in table["patterns"]} == {
        name: pattern.reads for name, pattern in PATTERNS.items()
    }
    assert table["prices"]["read_usd"] > 0
    assert table["prices"]["told"]


@pytest.mark.parametrize("limit", [7, 200])
def test_browsing_reaches_every_item_once(
    people: People, talk: tuple[Person, Person], limit: int
) -> None:
    items = browse(people, limit)
    found = keys_of(items)
    assert len(found) == len(set(found))
    ann, _ = talk
    log = log_of(talk)
    assert {
        (f"USER#{ann.id}", "A"),
        (f"PASSWORD#{ann.id}", "A"),
        (f"HANDLE#{ann.handle[:2]}", ann.handle),
        *((log, f"{n:012d}") for n in range(1, 13)),
    } <= set(found)
    runs = [pk for n, (pk, _) in enumerate(found) if n == 0 or found[n - 1][0] != pk]
    assert len(runs) == len(set(runs)), "items of a collection come one after another"
    assert not [item for item in items if "unreadable" in item]


def test_a_page_costs_what_reading_its_items_costs(people: People) -> None:
    page = people.get("/table/items", limit=1)
    assert page["read_units"] == 0.5
    assert page["usd_per_million"] == 0.5 * people.get("/table")["prices"]["read_usd"]
    assert len(people.get("/table/items", limit=10_000)["items"]) <= 200


def test_a_question_is_answered_with_items_units_and_price(
    people: People, talk: tuple[Person, Person]
) -> None:
    ann, bob = talk
    answer = ask(people, "get_user", user_id=ann.id)
    (item,) = answer["items"]
    assert (item["entity"], attribute(item, "handle")) == ("User", ann.handle)
    assert (answer["read_units"], answer["next"]) == (0.5, None)
    assert answer["usd_per_million"] == 0.5 * people.get("/table")["prices"]["read_usd"]
    sure = ask(people, "get_user", user_id=ann.id, consistent="true")
    assert (sure["items"], sure["read_units"]) == ([item], 1.0)
    assert ask(people, "get_user", user_id="nobody-at-all")["items"] == []
    head, *users = ask(people, "direct_head", conversation=ann.dm(bob))["items"][::-1]
    assert (head["entity"], attribute(head, "body")) == ("Message", "message 12")
    assert [user["entity"] for user in users] == ["DirectUser", "DirectUser"]


def test_keys_are_told_with_their_fields_and_where_those_lead(
    people: People, talk: tuple[Person, Person]
) -> None:
    ann, bob = talk
    (pointer,) = ask(people, "inbox_pointers", user_id=bob.id)["items"]
    *_, conversation = pointer["sk_parts"]
    assert conversation == {
        "text": ann.dm(bob),
        "field": "conversation",
        "value": ann.dm(bob),
        "leads": {"pk": log_of(talk)},
    }
    there = ask(people, "read_collection", pk=conversation["leads"]["pk"])["items"]
    assert {item["entity"] for item in there} == {"Message", "DirectUser"}
    sender = next(one for one in there[0]["attributes"] if one["name"] == "sender_id")
    assert sender["leads"] == {"pk": f"USER#{ann.id}"}


@pytest.mark.parametrize("limit", ["1", "5", "12", "14", "50"])
def test_a_question_is_read_on_to_its_end(
    people: People, talk: tuple[Person, Person], limit: str
) -> None:
    values = {"pk": log_of(talk), "limit": limit}
    whole = keys_of(ask(people, "read_collection", pk=log_of(talk), limit="100")["items"])
    assert len(whole) == 14
    answer = ask(people, "read_collection", **values)
    found = keys_of(answer["items"])
    while answer["next"] is not None:
        assert len(answer["items"]) == int(limit)
        answer = ask(people, "read_collection", answer["next"], **values)
        found += keys_of(answer["items"])
    assert found == whole


def test_a_question_that_is_bounded_by_itself_has_no_next_page(
    people: People, talk: tuple[Person, Person]
) -> None:
    ann, bob = talk
    answer = ask(people, "read_tail", conversation=ann.dm(bob), entries="3")
    assert (len(answer["items"]), answer["next"]) == (5, None)


def test_no_hash_of_a_password_is_ever_told(people: People, talk: tuple[Person, Person]) -> None:
    ann, _ = talk
    (kept,) = ask(people, "get_password", user_id=ann.id)["items"]
    assert attribute(kept, "hash") == "(hidden)"
    (kept,) = ask(people, "read_collection", pk=f"PASSWORD#{ann.id}")["items"]
    assert attribute(kept, "hash") == "(hidden)"
    items = browse(people, 200)
    assert sum(item["entity"] == "Password" for item in items) >= 2
    assert "argon2" not in json.dumps(items)


@pytest.mark.parametrize("name", [one.name for one in PATTERNS.values() if not one.reads])
def test_what_writes_is_not_run(people: People, talk: tuple[Person, Person], name: str) -> None:
    wrong_field(refused(people, name, {}), "pattern", "not_a_question")
    ann, _ = talk
    record = {"user_id": ann.id, "group_id": "x", "conversation": "dm:a:b", "seq": "1"}
    wrong_field(refused(people, name, record), "pattern", "not_a_question")


def test_whatever_is_asked_nothing_is_written(people: People, talk: tuple[Person, Person]) -> None:
    ann, bob = talk

    def theirs() -> list[Any]:  # the feed may still be at work on what other tests wrote
        items = browse(people, 200)
        return [item for item in items if ann.id in item["pk"] or bob.id in item["pk"]]

    before = theirs()
    assert len(before) > 12
    for name in PATTERNS:
        for values in ({}, {"user_id": ann.id, "pk": "X"}, {"conversation": ann.dm(bob)}):
            refused(people, name, values)
    assert theirs() == before


@pytest.mark.parametrize(
    ("pattern", "values", "field", "code"),
    [
        ("nothing", {}, "pattern", "unknown"),
        ("", {}, "pattern", "unknown"),
        ("__init__", {}, "pattern", "unknown"),
        ("x" * 100_000, {}, "pattern", "unknown"),
        ("scan_table", {"limit": "1"}, "pattern", "not_a_question"),
        ("get_user", {}, "user_id", "missing"),
        ("get_user", {"user_id": "a#b"}, "user_id", "text"),
        ("get_user", {"user_id": "a", "x": "y"}, "x", "unknown"),
        ("get_user", {"user_id": "a", "consistent": "maybe"}, "consistent", "bool"),
        ("get_message", {"conversation": "dm:b:a", "seq": "1"}, "conversation", "conversation"),
        ("get_message", {"conversation": "dm:a:b", "seq": "-1"}, "seq", "int"),
        ("list_users", {"limit": "0"}, "limit", "int"),
        ("list_users", {"limit": "1001"}, "limit", "int"),
        ("read_collection", {"pk": ""}, "values", "key"),
        ("read_collection", {"pk": "x" * 2_049}, "values", "key"),
        ("read_collection", {"pk": "a\0b"}, "values", "key"),
        ("read_collection", {"pk": "a", "low": "x" * 1_025}, "values", "key"),
        ("get_user", {"user_id": 7}, "values[...]", "type"),
        ("get_user", [], "values", "type"),
        (7, {}, "pattern", "type"),
    ],
)
def test_nonsense_is_refused_by_its_field(
    people: People, pattern: Any, values: Any, field: str, code: str
) -> None:
    wrong_field(refused(people, pattern, values), field, code)


def test_all_that_is_wrong_is_told_at_once(people: People) -> None:
    response = refused(people, "get_message", {"seq": "x", "y": "z"})
    errors = problem(response, 422, "invalid")["errors"]
    assert {error["field"] for error in errors} == {"conversation", "seq", "y"}


def test_what_no_text_can_hold_is_refused(people: People) -> None:
    body = b'{"pattern": "read_collection", "values": {"pk": "\\ud800"}}'
    response = people.http.post(
        "/api/v1/table/query", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code in (400, 422), response.text


def test_a_cursor_continues_only_what_it_was_given_for(
    people: People, talk: tuple[Person, Person]
) -> None:
    root, other = people.user("root", admin=True), people.user("root", admin=True)
    values = {"pk": log_of(talk), "limit": "2"}
    asked = ask(root, "read_collection", **values)["next"]
    browsed = root.get("/table/items", limit=2)["next"]
    assert ask(root, "read_collection", asked, **values)["items"]
    for api, pattern, texts, cursor in (
        (other, "read_collection", values, asked),
        (root, "read_collection", values | {"limit": "3"}, asked),
        (root, "read_collection", values | {"pk": "USERS"}, asked),
        (root, "list_users", {"limit": "2"}, asked),
        (root, "get_user", {"user_id": "ann"}, asked),
        (root, "read_collection", values, browsed),
        (root, "read_collection", values, "rubbish"),
        (root, "read_collection", values, ""),
    ):
        wrong_field(refused(api, pattern, texts, cursor=cursor), "cursor", "cursor")
    for api, cursor in ((other, browsed), (root, asked), (root, "rubbish"), (root, "")):
        response = api.request("GET", "/table/items", params={"cursor": cursor})
        wrong_field(response, "cursor", "cursor")


def test_who_is_no_admin_learns_nothing(people: People, talk: tuple[Person, Person]) -> None:
    stranger = people.user("stranger")
    answers = [
        stranger.request("GET", "/table"),
        stranger.request("GET", "/table/items", params={"cursor": "rubbish"}),
        refused(stranger, "get_user", {"user_id": talk[0].id}),
        refused(stranger, "nothing", {"x": "y"}),
    ]
    bodies = [problem(answer, 403, "forbidden") for answer in answers]
    assert len({body["detail"] for body in bodies}) == 1


def test_an_admin_who_signed_in_may_look_and_another_site_may_not_ask(people: People) -> None:
    root = people.user("root", admin=True, password=PASSWORD)
    browser = Api(people.url)
    signed_in = {"handle": root.handle, "password": PASSWORD}
    succeeded(browser.request("POST", "/session", signed_in))
    assert ask(browser, "get_user", user_id=root.id)["items"]
    foreign = browser.request(
        "POST",
        "/table/query",
        {"pattern": "get_user", "values": {"user_id": root.id}},
        headers={"origin": "https://elsewhere.example"},
    )
    problem(foreign, 403, "origin_refused")
    browser.close()


def test_an_installation_can_switch_the_explorer_off(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("off")
    with Serving(folder, settings={"table_explorer": "false"}) as serving:
        people = People(serving.url)
        problem(people.request("GET", "/table"), 404, "not_found")
        problem(people.request("GET", "/table/items"), 404, "not_found")
        problem(refused(people, "get_user", {"user_id": "ann"}), 404, "not_found")
        problem(people.user("ann").request("GET", "/table"), 403, "forbidden")
        people.close()
        assert serving.stop() == 0
