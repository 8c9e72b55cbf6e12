"""Requests about whole tables are exactly these, and answers are read as they are meant."""

from typing import Any

import pytest

from tavola.stores.dynamodb import described as d
from tavola.stores.dynamodb.requests import Request
from tavola.stores.dynamodb.schema import (
    Capacity,
    create_table_payload,
    foreign_items,
    foreign_keys,
)

KEYS = {
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
    ],
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
}
STREAM = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}}
NAMED = {"TableName": "chat"}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (create_table_payload("chat"), {"BillingMode": "PAY_PER_REQUEST"}),
        (
            create_table_payload("chat", Capacity(5, 7), protect=True),
            {
                "BillingMode": "PROVISIONED",
                "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 7},
                "DeletionProtectionEnabled": True,
            },
        ),
    ],
)
def test_a_table_is_asked_for(payload: dict[str, Any], expected: dict[str, Any]) -> None:
    assert payload == {**NAMED, **KEYS, **STREAM, **expected}


@pytest.mark.parametrize(
    ("request_", "action", "payload"),
    [
        (d.list_request(None), "ListTables", {}),
        (d.list_request("m"), "ListTables", {"ExclusiveStartTableName": "m"}),
        (d.look_request("chat"), "Scan", {**NAMED, "Limit": 25}),
        (d.stream_request("chat"), "UpdateTable", {**NAMED, **STREAM}),
        (
            d.protection_request("chat"),
            "UpdateTable",
            {**NAMED, "DeletionProtectionEnabled": True},
        ),
        (
            d.expiry_request("chat"),
            "UpdateTimeToLive",
            {
                **NAMED,
                "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires_at"},
            },
        ),
        (
            d.recovery_request("chat"),
            "UpdateContinuousBackups",
            {
                **NAMED,
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            },
        ),
        (
            d.select_request("SELECT 1", None, None),
            "ExecuteStatement",
            {"Statement": "SELECT 1", "ReturnConsumedCapacity": "INDEXES"},
        ),
        (
            d.select_request("SELECT 1", 7, "next"),
            "ExecuteStatement",
            {
                "Statement": "SELECT 1",
                "ReturnConsumedCapacity": "INDEXES",
                "Limit": 7,
                "NextToken": "next",
            },
        ),
    ],
)
def test_a_request(request_: Request, action: str, payload: dict[str, Any]) -> None:
    assert request_ == (action, payload)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"TableStatus": "UPDATING"}, {"status": "UPDATING"}),
        ({"ItemCount": 7, "TableSizeBytes": 999}, {"items": 7, "bytes": 999}),
        ({"DeletionProtectionEnabled": True}, {"protected": True}),
        (
            {**STREAM, "LatestStreamArn": "arn:x"},
            {"stream": d.Stream("arn:x", "NEW_AND_OLD_IMAGES")},
        ),
        ({"StreamSpecification": {"StreamEnabled": False}}, {"stream": None}),
        (
            {
                "BillingModeSummary": {"BillingMode": "PROVISIONED"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
            },
            {"capacity": Capacity(5, 6)},
        ),
        ({"BillingModeSummary": {}, "ProvisionedThroughput": {}}, {"capacity": Capacity(0, 0)}),
    ],
)
def test_a_description(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    on_demand = {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    found = d.described({**NAMED, **KEYS, **on_demand, "TableStatus": "ACTIVE", **changes})
    plain: dict[str, Any] = {
        "name": "chat",
        "status": "ACTIVE",
        "keys": {"pk": "HASH S", "sk": "RANGE S"},
        "capacity": None,
        "items": 0,
        "bytes": 0,
        "stream": None,
        "protected": False,
        "foreign": None,
    }
    assert found == d.Described(**{**plain, **expected})


def test_expiry_and_recovery() -> None:
    off = {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    on = {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "x"}}
    assert d.expiry_of(off) == d.Expiry("DISABLED")
    assert d.expiry_of(on) == d.Expiry("ENABLED", "x")
    none = {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "DISABLED"}}
    point = {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35}
    some = {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": point}}
    assert d.recovery_of(none) == d.Recovery("DISABLED")
    assert d.recovery_of(some) == d.Recovery("ENABLED", 35)


OURS = {"pk": {"S": "USERS"}, "sk": {"S": "a#b"}, "type": {"S": "UserName"}, "v": {"N": "1"}}


@pytest.mark.parametrize(
    ("items", "ours"),
    [
        ([], True),
        ([OURS], True),
        ([{**OURS, "v": {"N": "99"}}], True),
        ([{"pk": {"S": "x"}}, OURS], True),
        ([{"pk": {"S": "x"}, "sk": {"S": "y"}}], False),
        ([{**OURS, "type": {"S": "Order"}}], False),
        ([{**OURS, "v": {"S": "1"}}], False),
        ([{**OURS, "type": {"B": "AA=="}}], False),
        ([{"pk": {"S": "USER#a"}, "sk": {"S": "A"}, "type": {"S": "User"}}], False),
    ],
)
def test_a_table_is_known_by_what_it_holds(items: list[dict[str, Any]], *, ours: bool) -> None:
    assert (foreign_items(items) is None) == ours


def test_a_table_is_known_by_its_keys() -> None:
    assert foreign_keys(create_table_payload("chat")) is None
    assert foreign_keys({**KEYS, "KeySchema": KEYS["KeySchema"][:1]}) is not None
