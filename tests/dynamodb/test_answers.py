"""What DynamoDB answers is understood: units, lost conditions, repeats, and what failures mean."""

import json
from typing import Any

import aiohttp
import pytest
from aiodynamo.credentials import TooManyRetries
from aiodynamo.errors import NoCredentialsFound, exception_from_response
from aiohttp.client_reqrep import ConnectionKey

from tavola.core import errors
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import (
    Check,
    Delete,
    Exists,
    Lost,
    Missing,
    Put,
    Transact,
    Update,
    Write,
)
from tavola.stores.dynamodb import answers
from tavola.stores.dynamodb.failures import Kind, final_error, given_up, kind_of

KEY = Key("P", "S")
ITEM: Item = {"pk": "P", "sk": "S", "a": 1}
WHOLE = {"pk": {"S": "P"}, "sk": {"S": "S"}, "a": {"N": "1"}}
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
NONE = {"Code": "None"}


@pytest.mark.parametrize(
    ("consumed", "writes", "units"),
    [
        ({"CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}, False, (0.5, 0)),
        ({"CapacityUnits": 1.0}, True, (0, 1)),
        ([{"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0}], True, (0, 4)),
        ([{"CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}], True, (4, 0)),
        ([{"WriteCapacityUnits": 4.0}, {"WriteCapacityUnits": 2.0}], True, (0, 6)),
    ],
)
def test_units_are_read_or_written(consumed: Any, writes: Any, units: tuple[float, float]) -> None:
    assert answers.units_of({"ConsumedCapacity": consumed}, writes=writes) == units


def test_an_answer_without_units_counts_none() -> None:
    assert answers.units_of({}, writes=True) == (0, 0)


def test_the_first_condition_that_did_not_hold_decides_a_transaction() -> None:
    parts = (
        Put("p", ITEM),
        Update("p", Key("P", "T"), {}, condition=Missing()),
        Check("p", Key("P", "U"), Exists(), errors.UserNotFound),
    )
    transact = Transact("p", parts)
    lost = answers.lost_transaction(transact, [NONE, {**FAILED, "Item": WHOLE}, FAILED])
    assert lost == Lost(ITEM, 1)
    lost = answers.lost_transaction(transact, [{"Code": "TransactionConflict"}, NONE, FAILED])
    assert isinstance(lost, errors.UserNotFound)


@pytest.mark.parametrize(
    ("write", "found", "expected"),
    [
        (Put("p", ITEM, Missing()), ITEM, True),
        (Put("p", ITEM, Missing()), {**ITEM, "a": 2}, False),
        (Put("p", ITEM, Missing()), {**ITEM, "b": 2}, False),
        (Put("p", ITEM, Exists()), None, False),
        (Update("p", KEY, {"a": 1}), ITEM, True),
        (Update("p", KEY, {"a": 1}), {**ITEM, "b": 2}, True),
        (Update("p", KEY, {"a": 1, "b": None}), ITEM, False),
        (Update("p", KEY, {"a": 2}), ITEM, False),
        (Update("p", KEY, {"a": 1, "b": 1}, ("b",)), ITEM, True),
        (Update("p", KEY, {}, ("a",)), ITEM, False),
        (Update("p", KEY, {"a": 1}), None, False),
        (Delete("p", KEY, Exists()), None, True),
        (Delete("p", KEY, Exists("b")), ITEM, False),
    ],
)
def test_a_write_has_happened_when_what_it_leaves_is_there(
    write: Write, found: Item | None, *, expected: bool
) -> None:
    assert answers.has_happened(write, found) is expected


def answered(code: str, status: int = 400, **more: Any) -> Exception:
    """The client's error for an answer of DynamoDB."""
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "It says so.", **more}
    return exception_from_response(status, json.dumps(body).encode())


def cancelled(*codes: str) -> Exception:
    """A cancelled transaction."""
    reasons = [{"Code": code, "Message": code} if code != "None" else NONE for code in codes]
    return answered("TransactionCanceledException", CancellationReasons=reasons)


UNREACHABLE = aiohttp.ClientConnectorError(
    ConnectionKey(
        "127.0.0.1",
        1,
        is_ssl=False,
        ssl=False,
        proxy=None,
        proxy_auth=None,
        proxy_headers_hash=None,
    ),
    OSError("refused"),
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered("ConditionalCheckFailedException"), Kind.REFUSED),
        (answered("ThrottlingException"), Kind.THROTTLED),
        (answered("ProvisionedThroughputExceededException"), Kind.THROTTLED),
        (answered("RequestLimitExceeded"), Kind.THROTTLED),
        (answered("TransactionConflictException"), Kind.CONFLICT),
        (answered("TransactionInProgressException"), Kind.CONFLICT),
        (answered("ReplicatedWriteConflictException"), Kind.CONFLICT),
        (answered("ExpiredTokenException"), Kind.EXPIRED),
        (answered("InternalServerError"), Kind.UNCERTAIN),
        (answered("InternalServerError", 500), Kind.UNCERTAIN),
        (answered("ServiceUnavailable", 503), Kind.UNCERTAIN),
        (exception_from_response(502, b"<html>"), Kind.UNCERTAIN),
        (exception_from_response(413, b"<html>"), Kind.FINAL),
        (TimeoutError(), Kind.UNCERTAIN),
        (aiohttp.ServerDisconnectedError(), Kind.UNCERTAIN),
        (ConnectionResetError(), Kind.UNCERTAIN),
        (json.JSONDecodeError("cut off", "{", 1), Kind.UNCERTAIN),
        (UNREACHABLE, Kind.UNREACHABLE),
        (TooManyRetries(), Kind.UNREACHABLE),
        (cancelled("None", "ConditionalCheckFailed", "TransactionConflict"), Kind.REFUSED),
        (cancelled("None", "TransactionConflict"), Kind.CONFLICT),
        (cancelled("ThrottlingError"), Kind.THROTTLED),
        (cancelled("ProvisionedThroughputExceeded", "None"), Kind.THROTTLED),
        (cancelled("ValidationError", "TransactionConflict"), Kind.FINAL),
        (cancelled("SomethingNew"), Kind.FINAL),
        (answered("TransactionCanceledException"), Kind.FINAL),
        (answered("ValidationException"), Kind.FINAL),
        (answered("AccessDeniedException"), Kind.FINAL),
        (NoCredentialsFound(), Kind.FINAL),
    ],
    ids=repr,
)
def test_a_failure_says_what_to_do(error: Exception, kind: Kind) -> None:
    assert kind_of(error) is kind


@pytest.mark.parametrize(
    ("error", "ours", "text"),
    [
        (answered("ResourceNotFoundException"), errors.TableMissing, "does not exist"),
        (answered("ValidationException"), BadItem, "It says so"),
        (cancelled("None", "ValidationError"), BadItem, "ValidationError"),
        (answered("AccessDeniedException"), errors.StoreDenied, "It says so"),
        (answered("UnrecognizedClientException"), errors.StoreDenied, "It says so"),
        (answered("InvalidSignatureException"), errors.StoreDenied, "It says so"),
        (NoCredentialsFound(), errors.StoreDenied, "AWS_ACCESS_KEY_ID"),
        (answered("SomethingNew"), errors.StoreFailed, "It says so"),
        (cancelled("SomethingNew"), errors.StoreFailed, "It says so"),
    ],
    ids=repr,
)
def test_a_final_failure_is_an_error_of_the_catalogue(
    error: Exception, ours: type[Exception], text: str
) -> None:
    found = final_error(error)
    assert type(found) is ours
    assert text in str(found)


@pytest.mark.parametrize(
    ("kind", "uncertain", "ours"),
    [
        (Kind.THROTTLED, False, errors.StoreThrottled),
        (Kind.THROTTLED, True, errors.StoreTimeout),
        (Kind.CONFLICT, False, errors.Busy),
        (Kind.EXPIRED, False, errors.StoreDenied),
        (Kind.UNREACHABLE, False, errors.StoreFailed),
        (None, True, errors.StoreTimeout),
    ],
)
def test_who_gives_up_says_why(
    kind: Kind | None, ours: type[Exception], *, uncertain: bool
) -> None:
    assert type(given_up(None, kind, uncertain=uncertain)) is ours
