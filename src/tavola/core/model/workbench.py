"""The model as NoSQL Workbench imports it, in version 3.0 of its format.

Each entity is a facet: its key templates as aliases of `pk` and `sk`, its attributes, and sample
items. An attribute has one type in the whole table, which this format requires.
"""

from collections.abc import Iterable
from typing import Any

from tavola.core.items import Item
from tavola.core.model.described import stored_attributes
from tavola.core.table import ENTITIES, KEYS, Entity
from tavola.core.wire import encode_value

VERSION = "3.0"
DESCRIPTION = (
    "Direct messages, groups and a user directory in one table. Each facet is an entity; the items "
    "are those of a demo. No index: every access pattern is a key condition on the table."
)
_EVERY_ITEM = {"type": "S", "v": "N"}  # the entity's name, and the version of its shape
_NO_IMPORT: dict[str, Any] = {"MySql": {}}  # no table of MySQL to fill it from


def workbench(table_name: str, items: Iterable[Item], made: str) -> dict[str, Any]:
    """The model with these items as sample; `made` is a date as Workbench writes it."""
    sample = list(items)
    return {
        "ModelName": table_name,
        "ModelMetadata": {
            "Author": "",
            "DateCreated": made,
            "DateLastModified": made,
            "Description": DESCRIPTION,
            "AWSService": "Amazon DynamoDB",
            "Version": VERSION,
        },
        "DataModel": [
            {
                "TableName": table_name,
                "KeyAttributes": {
                    "PartitionKey": _attribute("pk", "S"),
                    "SortKey": _attribute("sk", "S"),
                },
                "NonKeyAttributes": [_attribute(*pair) for pair in _types().items()],
                "TableFacets": [_facet(entity, sample) for entity in ENTITIES.values()],
                "GlobalSecondaryIndexes": [],
                "DataAccess": _NO_IMPORT,
                "BillingMode": "PAY_PER_REQUEST",
            }
        ],
    }


def _types() -> dict[str, str]:
    """Every attribute of the table with its type, those of every item first."""
    types: dict[str, str] = dict(_EVERY_ITEM)
    for entity in ENTITIES.values():
        types |= {attribute.name: attribute.type for attribute in stored_attributes(entity)}
    return types


def _facet(entity: Entity[Any], sample: list[Item]) -> dict[str, Any]:
    names = [*_EVERY_ITEM, *entity.attributes]
    return {
        "FacetName": entity.name,
        "KeyAttributeAlias": {
            "PartitionKeyAlias": entity.pk.shown,
            "SortKeyAlias": entity.sk.shown,
        },
        "TableData": [_row(item, names) for item in sample if item["type"] == entity.name],
        "NonKeyAttributes": names,
        "DataAccess": _NO_IMPORT,
    }


def _row(item: Item, names: list[str]) -> dict[str, Any]:
    """An item with its attributes in the declared order, whoever wrote which of them first."""
    return {name: encode_value(item[name]) for name in (*KEYS, *names) if name in item}


def _attribute(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": kind}
