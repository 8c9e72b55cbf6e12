"""Operations become exactly these requests."""

from typing import Any

import pytest

from tavola.core import errors
from tavola.core.items import BadItem, Key
from tavola.core.operations import (
    And,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Get,
    LessThan,
    Missing,
    Or,
    Put,
    Query,
    Scan,
    Transact,
    Update,
    Write,
)
from tavola.stores.dynamodb import requests
from tavola.stores.dynamodb.expressions import Placeholders, condition_text

KEY = Key("P", "S")
AT = {"pk": {"S": "P"}, "sk": {"S": "S"}}
ITEM = {"pk": "P", "sk": "S", "a": 1}
WHOLE = {**AT, "a": {"N": "1"}}
TABLE = {"TableName": "table", "ReturnConsumedCapacity": "INDEXES"}
OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


@pytest.mark.parametrize(
    ("get", "payload"),
    [
        (Get("p", KEY), {**TABLE, "Key": AT}),
        (Get("p", KEY, consistent=True), {**TABLE, "Key": AT, "ConsistentRead": True}),
    ],
)
def test_a_get(get: Get, payload: dict[str, Any]) -> None:
    assert requests.get_request("table", get) == ("GetItem", payload)


RANGE = {
    **TABLE,
    "KeyConditionExpression": "#0 = :0 AND #1 BETWEEN :1 AND :2",
    "ExpressionAttributeNames": {"#0": "pk", "#1": "sk"},
    "ExpressionAttributeValues": {":0": {"S": "P"}, ":1": {"S": "b"}, ":2": {"S": "d"}},
    "Limit": 7,
}


@pytest.mark.parametrize(
    ("more", "payload"),
    [
        ({}, RANGE),
        ({"reverse": True}, {**RANGE, "ScanIndexForward": False}),
        ({"consistent": True}, {**RANGE, "ConsistentRead": True}),
        (
            {"start": "c"},
            {**RANGE, "ExclusiveStartKey": {"pk": {"S": "P"}, "sk": {"S": "c"}}},
        ),
    ],
)
def test_a_query(more: dict[str, Any], payload: dict[str, Any]) -> None:
    query = Query("p", "P", "b", "d", 50, **more)
    assert requests.query_request("table", query, 7) == ("Query", payload)


@pytest.mark.parametrize(
    ("low", "high", "start", "reverse", "expected"),
    [
        ("b", "d", None, False, (None,)),
        ("b", "b", None, False, (None,)),
        ("d", "b", None, False, ()),
        ("b", "d", "c", False, ("c",)),
        ("b", "d", "b", False, ("b",)),
        ("b", "d", "a", False, (None,)),
        ("b", "d", "d", False, ()),
        ("b", "d", "e", False, ()),
        ("b", "d", "c", True, ("c",)),
        ("b", "d", "d", True, ("d",)),
        ("b", "d", "e", True, (None,)),
        ("b", "d", "b", True, ()),
        ("b", "d", "a", True, ()),
    ],
)
def test_a_range_and_its_start_are_ones_that_dynamodb_accepts(
    low: str, high: str, start: str | None, *, reverse: bool, expected: tuple[str | None, ...]
) -> None:
    found = requests.bounded(Query("p", "P", low, high, 9, reverse=reverse, start=start))
    assert ((found.start,) if found else ()) == expected


@pytest.mark.parametrize(
    ("write", "action", "payload"),
    [
        (Put("p", ITEM), "PutItem", {**TABLE, "Item": WHOLE}),
        (
            Put("p", ITEM, Missing(), errors.IdTaken),
            "PutItem",
            {
                **TABLE,
                **OLD,
                "Item": WHOLE,
                "ConditionExpression": "attribute_not_exists(#0)",
                "ExpressionAttributeNames": {"#0": "pk"},
            },
        ),
        (
            Update("p", KEY, {"a": 2, "b": None, "c": 3}, ("c", "d"), LessThan("a", 2)),
            "UpdateItem",
            {
                **TABLE,
                **OLD,
                "Key": AT,
                "UpdateExpression": "SET #0 = :0, #1 = :1 REMOVE #2, #3",
                "ConditionExpression": "#0 < :2",
                "ExpressionAttributeNames": {"#0": "a", "#1": "b", "#2": "c", "#3": "d"},
                "ExpressionAttributeValues": {
                    ":0": {"N": "2"},
                    ":1": {"NULL": True},
                    ":2": {"N": "2"},
                },
            },
        ),
        (Update("p", KEY, {}), "UpdateItem", {**TABLE, "Key": AT}),
        (
            Update("p", KEY, {}, ("size",)),
            "UpdateItem",
            {
                **TABLE,
                "Key": AT,
                "UpdateExpression": "REMOVE #0",
                "ExpressionAttributeNames": {"#0": "size"},
            },
        ),
        (Delete("p", KEY), "DeleteItem", {**TABLE, "Key": AT}),
        (
            Delete("p", KEY, Equals("a", 1)),
            "DeleteItem",
            {
                **TABLE,
                **OLD,
                "Key": AT,
                "ConditionExpression": "#0 = :0",
                "ExpressionAttributeNames": {"#0": "a"},
                "ExpressionAttributeValues": {":0": {"N": "1"}},
            },
        ),
    ],
)
def test_a_write(write: Write, action: str, payload: dict[str, Any]) -> None:
    assert requests.write_request("table", write) == (action, payload)


@pytest.mark.parametrize(
    ("condition", "text", "names", "values"),
    [
        (Exists(), "attribute_exists(#0)", ["pk"], []),
        (Exists("a"), "attribute_exists(#0)", ["a"], []),
        (Missing("a"), "attribute_not_exists(#0)", ["a"], []),
        (Equals("a", frozenset({"x"})), "#0 = :0", ["a"], [{"SS": ["x"]}]),
        (
            Or((Missing("a"), LessThan("a", 5))),
            "(attribute_not_exists(#0)) OR (#0 < :0)",
            ["a"],
            [{"N": "5"}],
        ),
        (
            And((Exists(), Or((Equals("a", 1), Equals("b", 1))))),
            "(attribute_exists(#0)) AND ((#1 = :0) OR (#2 = :1))",
            ["pk", "a", "b"],
            [{"N": "1"}, {"N": "1"}],
        ),
    ],
)
def test_a_condition(
    condition: Condition, text: str, names: list[str], values: list[dict[str, Any]]
) -> None:
    stand_in = Placeholders()
    assert condition_text(condition, stand_in) == text
    fields = stand_in.fields()
    assert list(fields["ExpressionAttributeNames"].values()) == names
    assert list(fields.get("ExpressionAttributeValues", {}).values()) == values


def test_a_transaction_has_its_token_and_each_part_its_own_expressions() -> None:
    transact = Transact(
        "p",
        (
            Put("p", ITEM, Missing(), errors.IdTaken),
            Update("p", Key("P", "T"), {"a": 1}),
            Delete("p", Key("P", "U")),
            Check("p", Key("P", "V"), Exists("a")),
        ),
    )
    action, payload = requests.transact_request("table", transact, "token")
    of_table = {"TableName": "table"}
    assert action == "TransactWriteItems"
    assert payload == {
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "INDEXES",
        "TransactItems": [
            {
                "Put": {
                    **of_table,
                    **OLD,
                    "Item": WHOLE,
                    "ConditionExpression": "attribute_not_exists(#0)",
                    "ExpressionAttributeNames": {"#0": "pk"},
                }
            },
            {
                "Update": {
                    **of_table,
                    "Key": {"pk": {"S": "P"}, "sk": {"S": "T"}},
                    "UpdateExpression": "SET #0 = :0",
                    "ExpressionAttributeNames": {"#0": "a"},
                    "ExpressionAttributeValues": {":0": {"N": "1"}},
                }
            },
            {"Delete": {**of_table, "Key": {"pk": {"S": "P"}, "sk": {"S": "U"}}}},
            {
                "ConditionCheck": {
                    **of_table,
                    **OLD,
                    "Key": {"pk": {"S": "P"}, "sk": {"S": "V"}},
                    "ConditionExpression": "attribute_exists(#0)",
                    "ExpressionAttributeNames": {"#0": "a"},
                }
            },
        ],
    }


@pytest.mark.parametrize("consistent", [True, False])
def test_a_batch_of_gets(*, consistent: bool) -> None:
    gets = [Get("p", KEY, consistent), Get("p", Key("P", "T"), consistent)]
    asked: dict[str, Any] = {"Keys": [AT, {"pk": {"S": "P"}, "sk": {"S": "T"}}]}
    if consistent:
        asked |= {"ConsistentRead": True}
    assert requests.batch_get_request("table", gets) == (
        "BatchGetItem",
        {"RequestItems": {"table": asked}, "ReturnConsumedCapacity": "INDEXES"},
    )


def test_a_batch_of_writes() -> None:
    writes: list[Put | Delete] = [Put("p", ITEM), Delete("p", Key("P", "T"))]
    parts = [
        {"PutRequest": {"Item": WHOLE}},
        {"DeleteRequest": {"Key": {"pk": {"S": "P"}, "sk": {"S": "T"}}}},
    ]
    assert requests.batch_write_request("table", writes) == (
        "BatchWriteItem",
        {"RequestItems": {"table": parts}, "ReturnConsumedCapacity": "INDEXES"},
    )


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({}, None),
        ({"UnprocessedItems": {}}, None),
        ({"UnprocessedKeys": {}}, None),
        ({"UnprocessedItems": {"table": ["rest"]}}, {"table": ["rest"]}),
        ({"UnprocessedKeys": {"table": {"Keys": ["rest"]}}}, {"table": {"Keys": ["rest"]}}),
    ],
)
def test_what_is_left_of_a_batch_is_asked_for_as_it_was(
    answer: dict[str, Any], left: dict[str, Any] | None
) -> None:
    batch = requests.Request("Batch…", {"RequestItems": {"table": ["all"]}, "More": 1})
    expected = requests.Request("Batch…", {"RequestItems": left, "More": 1}) if left else None
    assert requests.left_of(batch, answer) == expected


@pytest.mark.parametrize(
    ("scan", "payload"),
    [
        (Scan("p", 7), {**TABLE, "Limit": 7}),
        (Scan("p", 7, consistent=True), {**TABLE, "Limit": 7, "ConsistentRead": True}),
        (Scan("p", 7, KEY), {**TABLE, "Limit": 7, "ExclusiveStartKey": AT}),
        (
            Scan("p", 7, KEY, 2, 3),
            {**TABLE, "Limit": 7, "ExclusiveStartKey": AT, "Segment": 2, "TotalSegments": 3},
        ),
    ],
)
def test_a_scan(scan: Scan, payload: dict[str, Any]) -> None:
    assert requests.scan_request("table", scan) == ("Scan", payload)


@pytest.mark.parametrize(
    "write",
    [
        Put("p", {"pk": "P", "sk": ""}),
        Put("p", {**ITEM, "a": 1.5}),
        Update("p", KEY, {"a": frozenset()}),
        Delete("p", Key("", "S")),
    ],
    ids=repr,
)
def test_what_no_table_holds_is_refused_before_it_is_sent(write: Write) -> None:
    with pytest.raises(BadItem):
        requests.write_request("table", write)
    with pytest.raises(BadItem):
        requests.transact_request("table", Transact("p", (write,)), "token")
    if isinstance(write, Put | Delete):
        with pytest.raises(BadItem):
            requests.batch_write_request("table", [Put("p", ITEM), write])


def test_a_key_that_no_item_can_have_is_refused() -> None:
    with pytest.raises(BadItem):
        requests.get_request("table", Get("p", Key("P", "")))
    with pytest.raises(BadItem):
        requests.batch_get_request("table", [Get("p", KEY), Get("p", Key("P", ""))])
