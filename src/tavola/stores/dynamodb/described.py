"""Whole tables: the requests about them, and what the answers say. Pure, as all of this kind."""

from typing import Any, Final

import msgspec

from tavola.core import limits
from tavola.core.table import TTL_ATTRIBUTE
from tavola.stores.dynamodb.requests import Request
from tavola.stores.dynamodb.schema import STREAM_WANTED, Capacity, foreign_keys

ACTIVE: Final = "ACTIVE"
ON: Final = ("ENABLED", "ENABLING")


class Stream(msgspec.Struct, frozen=True):
    """A table's stream of changes, and which images of an item it shows."""

    arn: str | None
    view: str | None


class Described(msgspec.Struct, frozen=True):
    """A table. Items and bytes are counted by DynamoDB about every six hours."""

    name: str
    status: str
    keys: dict[str, str]
    capacity: Capacity | None
    items: int
    bytes: int
    stream: Stream | None
    protected: bool
    foreign: str | None
    """Why it cannot be Tavola's; None when it can."""


class Expiry(msgspec.Struct, frozen=True):
    """Whether items expire, and by which attribute."""

    status: str
    attribute: str | None = None


class Recovery(msgspec.Struct, frozen=True):
    """Whether a table can be restored to any moment of its last days."""

    status: str
    days: int | None = None


class Unknown(msgspec.Struct, frozen=True):
    """What could not be asked for, and why."""

    unknown: str


def described(table: dict[str, Any]) -> Described:
    """A table as `DescribeTable` answers it."""
    types = {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}
    return Described(
        name=table["TableName"],
        status=table["TableStatus"],
        keys={
            one["AttributeName"]: f"{one['KeyType']} {types[one['AttributeName']]}"
            for one in table["KeySchema"]
        },
        capacity=_capacity(table),
        items=table.get("ItemCount", 0),
        bytes=table.get("TableSizeBytes", 0),
        stream=_stream(table),
        protected=table.get("DeletionProtectionEnabled", False),
        foreign=foreign_keys(table),
    )


def expiry_of(answer: dict[str, Any]) -> Expiry:
    """What `DescribeTimeToLive` answers."""
    found = answer["TimeToLiveDescription"]
    return Expiry(found["TimeToLiveStatus"], found.get("AttributeName"))


def recovery_of(answer: dict[str, Any]) -> Recovery:
    """What `DescribeContinuousBackups` answers."""
    found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    status = found.get("PointInTimeRecoveryStatus", "DISABLED")
    return Recovery(status, found.get("RecoveryPeriodInDays"))


def of_table(action: str, table: str, **more: Any) -> Request:
    """A request that names a table and little else."""
    return Request(action, {"TableName": table, **more})


def list_request(start: str | None) -> Request:
    """The names behind a name; 100 at most, as DynamoDB has it."""
    return Request("ListTables", {"ExclusiveStartTableName": start} if start else {})


def look_request(table: str) -> Request:
    """A few items, whichever they are."""
    return of_table("Scan", table, Limit=limits.TABLE_LOOK_ITEMS)


def stream_request(table: str) -> Request:
    """Turn the stream on."""
    return of_table("UpdateTable", table, StreamSpecification=STREAM_WANTED)


def protection_request(table: str) -> Request:
    """Protect a table from being deleted."""
    return of_table("UpdateTable", table, DeletionProtectionEnabled=True)


def expiry_request(table: str) -> Request:
    """Let items expire."""
    wanted = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
    return of_table("UpdateTimeToLive", table, TimeToLiveSpecification=wanted)


def recovery_request(table: str) -> Request:
    """Turn point-in-time recovery on."""
    wanted = {"PointInTimeRecoveryEnabled": True}
    return of_table("UpdateContinuousBackups", table, PointInTimeRecoverySpecification=wanted)


def select_request(statement: str, limit: int | None, token: str | None) -> Request:
    """A page of what a PartiQL statement selects; `limit` counts the items that are read for it."""
    payload: dict[str, Any] = {"Statement": statement, "ReturnConsumedCapacity": "INDEXES"}
    payload |= {"Limit": limit} if limit is not None else {}
    payload |= {"NextToken": token} if token is not None else {}
    return Request("ExecuteStatement", payload)


def _capacity(table: dict[str, Any]) -> Capacity | None:
    if table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST":
        return None
    units = table.get("ProvisionedThroughput", {})
    return Capacity(units.get("ReadCapacityUnits", 0), units.get("WriteCapacityUnits", 0))


def _stream(table: dict[str, Any]) -> Stream | None:
    found = table.get("StreamSpecification", {})
    if not found.get("StreamEnabled"):
        return None
    return Stream(table.get("LatestStreamArn"), found.get("StreamViewType"))
