"""The table as DynamoDB knows it: how it is created, and whether one found is Tavola's."""

from typing import Any

import msgspec

from tavola.core.errors import StoreUnusable
from tavola.core.table import ENTITIES, KEYS, STREAM_VIEW


class Capacity(msgspec.Struct, frozen=True):
    """Provisioned units a second."""

    read_units: int
    write_units: int


def create_table_payload(
    table: str, capacity: Capacity | None = None, *, protect: bool = False
) -> dict[str, Any]:
    """What `CreateTable` is asked for: string keys, a stream of both images.

    It is on demand without a capacity.
    """
    payload = {
        "TableName": table,
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in KEYS.items()],
        "StreamSpecification": STREAM_WANTED,
        **_billing(capacity),
    }
    return payload | ({"DeletionProtectionEnabled": True} if protect else {})


STREAM_WANTED = {"StreamEnabled": True, "StreamViewType": STREAM_VIEW}


def check_table(description: dict[str, Any]) -> None:
    """Raises `StoreUnusable` when a described table cannot be Tavola's, or is not there yet."""
    name = description["TableName"]
    if reason := foreign_keys(description):
        raise foreign_table(name, reason)
    status = description.get("TableStatus", "ACTIVE")
    if status in ("CREATING", "DELETING"):
        raise StoreUnusable(f"Table {name} is {status.lower()}; try again when that is done.")


def foreign_table(table: str, reason: str) -> StoreUnusable:
    """The error for a table that is not Tavola's."""
    return StoreUnusable(f"Table {table} is not Tavola's and left alone: {reason}.")


def foreign_keys(description: dict[str, Any]) -> str | None:
    """Why a described table cannot be Tavola's by its keys; None when it can."""
    types = {
        one["AttributeName"]: one["AttributeType"] for one in description["AttributeDefinitions"]
    }
    keys = {one["AttributeName"]: one["KeyType"] for one in description["KeySchema"]}
    if keys != KEYS or any(types[key] != "S" for key in keys):
        return "its keys must be the texts pk and sk"
    return None


def foreign_items(items: list[dict[str, Any]]) -> str | None:
    """Why items as they were found are not Tavola's; None when one is, or none is there.

    Many tables have such keys. Who wrote these items is told by `type` and `v`, which each of ours
    has.
    """
    if not items or any(_is_ours(item) for item in items):
        return None
    return "its items have none of Tavola's types"


def _is_ours(item: dict[str, Any]) -> bool:
    return item.get("type", {}).get("S") in ENTITIES and "N" in item.get("v", {})


def _billing(capacity: Capacity | None) -> dict[str, Any]:
    if capacity is None:
        return {"BillingMode": "PAY_PER_REQUEST"}
    units = {
        "ReadCapacityUnits": capacity.read_units,
        "WriteCapacityUnits": capacity.write_units,
    }
    return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}
