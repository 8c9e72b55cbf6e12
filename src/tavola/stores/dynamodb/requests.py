"""Operations as DynamoDB requests: pure, so that tests compare whole requests.

Every request asks for what it consumes. Every condition asks for the item that was in its way.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from tavola.core import limits
from tavola.core.apply import keys_written
from tavola.core.items import BadItem, Key, check_item, check_key
from tavola.core.operations import (
    Check,
    Condition,
    Delete,
    Get,
    Part,
    Put,
    Query,
    Scan,
    Transact,
    Update,
    Write,
    holds_nothing,
)
from tavola.core.wire import encode_item, encode_key
from tavola.stores.dynamodb.expressions import Placeholders, condition_text, update_text

Payload = dict[str, Any]

_CONSUMED = {"ReturnConsumedCapacity": "INDEXES"}
_IN_THE_WAY = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


class Request(NamedTuple):
    """What to call, and with what."""

    action: str
    payload: Payload


def get_request(table: str, get: Get) -> Request:
    """A Get. Raises `BadItem` for a key that no item can have."""
    check_key(get.key)
    payload: Payload = {"TableName": table, "Key": encode_key(get.key), **_CONSUMED}
    if get.consistent:
        payload["ConsistentRead"] = True
    return Request("GetItem", payload)


def bounded(query: Query) -> Query | None:
    """The query with a start that DynamoDB accepts; None where there can be nothing.

    DynamoDB refuses an empty range, and a start outside of the range.
    """
    if holds_nothing(query):
        return None
    start = query.start
    inside = start is None or query.low <= start <= query.high
    return query if inside else replace(query, start=None)


def query_request(table: str, query: Query, limit: int) -> Request:
    """A Query for so many items behind its start."""
    stand_in = Placeholders()
    pk, sk = stand_in.name("pk"), stand_in.name("sk")
    own, low, high = (stand_in.value(value) for value in (query.pk, query.low, query.high))
    payload: Payload = {
        "TableName": table,
        "KeyConditionExpression": f"{pk} = {own} AND {sk} BETWEEN {low} AND {high}",
        **stand_in.fields(),
        "Limit": limit,
        **_CONSUMED,
    }
    if query.reverse:
        payload["ScanIndexForward"] = False
    if query.consistent:
        payload["ConsistentRead"] = True
    if query.start is not None:
        payload["ExclusiveStartKey"] = encode_key(Key(query.pk, query.start))
    return Request("Query", payload)


def write_request(table: str, write: Write) -> Request:
    """A write of one item. Raises `BadItem` for what no table holds."""
    return Request(f"{type(write).__name__}Item", {**_part_fields(table, write), **_CONSUMED})


def transact_request(table: str, transact: Transact, token: str) -> Request:
    """A transaction; with the same token it happens once, however often it is sent.

    Raises `BadItem` for no parts, too many, two on one item, and what no table holds.
    """
    keys = keys_written(transact)
    if len(set(keys)) != len(keys) or not 0 < len(keys) <= limits.TRANSACTION_WRITES_MAX:
        raise BadItem("a transaction names 1 to 100 different items")
    parts = [{_PART_NAMES[type(part)]: _part_fields(table, part)} for part in transact.parts]
    payload = {"TransactItems": parts, "ClientRequestToken": token, **_CONSUMED}
    return Request("TransactWriteItems", payload)


def batch_get_request(table: str, gets: Sequence[Get]) -> Request:
    """Gets of different keys, all as consistent as the first.

    Raises `BadItem` for a key that no item can have.
    """
    for get in gets:
        check_key(get.key)
    asked: Payload = {"Keys": [encode_key(get.key) for get in gets]}
    if gets[0].consistent:
        asked["ConsistentRead"] = True
    return Request("BatchGetItem", {"RequestItems": {table: asked}, **_CONSUMED})


def batch_write_request(table: str, writes: Sequence[Put | Delete]) -> Request:
    """Unconditional writes of different items. Raises `BadItem` for what no table holds."""
    parts = [{_BATCH_NAMES[type(write)]: _whole_fields(write)} for write in writes]
    return Request("BatchWriteItem", {"RequestItems": {table: parts}, **_CONSUMED})


def left_of(batch: Request, answer: Payload) -> Request | None:
    """The request for what an answer left undone of a batch; None when that is nothing."""
    left = answer.get("UnprocessedItems") or answer.get("UnprocessedKeys")
    return batch._replace(payload={**batch.payload, "RequestItems": left}) if left else None


def scan_request(table: str, scan: Scan) -> Request:
    """A page of a scan. DynamoDB may answer fewer items, even none, and go on behind them."""
    payload: Payload = {"TableName": table, "Limit": scan.limit, **_CONSUMED}
    if scan.segments > 1:
        payload |= {"Segment": scan.segment, "TotalSegments": scan.segments}
    if scan.consistent:
        payload["ConsistentRead"] = True
    if scan.start is not None:
        payload["ExclusiveStartKey"] = encode_key(scan.start)
    return Request("Scan", payload)


_PART_NAMES: dict[type[Part], str] = {
    Put: "Put",
    Update: "Update",
    Delete: "Delete",
    Check: "ConditionCheck",
}
_BATCH_NAMES: dict[type[Put | Delete], str] = {Put: "PutRequest", Delete: "DeleteRequest"}


def _part_fields(table: str, part: Part) -> Payload:
    """What a write or check says, alone or in a transaction."""
    fields: Payload = {"TableName": table, **_whole_fields(part)}
    stand_in = Placeholders()
    if isinstance(part, Update):
        check_item({**part.set, **part.key._asdict()})
        if text := update_text(part, stand_in):
            fields["UpdateExpression"] = text
    fields |= _condition_fields(part.condition, stand_in)
    return fields | stand_in.fields()


def _whole_fields(part: Part) -> Payload:
    """What a write or check is about: a whole item to put, or the key of one."""
    if isinstance(part, Put):
        check_item(part.item)
        return {"Item": encode_item(part.item)}
    check_key(part.key)
    return {"Key": encode_key(part.key)}


def _condition_fields(condition: Condition | None, stand_in: Placeholders) -> Payload:
    if condition is None:
        return {}
    return {"ConditionExpression": condition_text(condition, stand_in), **_IN_THE_WAY}
