"""The table as DynamoDB knows it: how it is created, and whether one found is Tavola's."""

from typing import Any

from tavola.core.errors import StoreUnusable
from tavola.core.table import KEYS, STREAM_VIEW


def create_table_payload(table: str) -> dict[str, Any]:
    """What `CreateTable` is asked for: string keys, on demand, with a stream of both images."""
    return {
        "TableName": table,
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in KEYS.items()],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": STREAM_VIEW},
    }


def check_table(description: dict[str, Any]) -> None:
    """Raises `StoreUnusable` when a described table cannot be Tavola's, or is not there yet."""
    name = description["TableName"]
    types = {
        one["AttributeName"]: one["AttributeType"] for one in description["AttributeDefinitions"]
    }
    keys = {one["AttributeName"]: one["KeyType"] for one in description["KeySchema"]}
    if keys != KEYS or any(types[key] != "S" for key in keys):
        raise StoreUnusable(f"Table {name} is not Tavola's: its keys must be the texts pk and sk.")
    status = description.get("TableStatus", "ACTIVE")
    if status in ("CREATING", "DELETING"):
        raise StoreUnusable(f"Table {name} is {status.lower()}; try again when that is done.")
