"""What a failed call means: whether to try again, whether it may have happened, which error it is.

A call that was throttled or in conflict has not happened. After a time-out, a broken connection or
an answer of the 5xx kind nobody knows.
"""

import json
from enum import Enum, auto
from typing import Any

import aiohttp
from aiodynamo import errors as d
from aiodynamo.credentials import TooManyRetries

from tavola.core import errors
from tavola.core.items import BadItem
from tavola.stores.dynamodb.answers import CONDITION_FAILED

FAILURES = (
    d.AIODynamoError,
    aiohttp.ClientError,
    OSError,  # time-outs among them
    json.JSONDecodeError,
    TooManyRetries,  # to fetch a role's credentials
)


class IteratorExpired(Exception):
    """An iterator of a stream is too old; another one reads on from the same place."""


class Trimmed(Exception):
    """Records of a stream are older than it keeps them."""


class Kind(Enum):
    """What to do about a failed call."""

    REFUSED = auto()  # a condition did not hold: an answer, not a failure
    THROTTLED = auto()
    CONFLICT = auto()  # another transaction had one of the items in hand
    EXPIRED = auto()  # the credentials; the next attempt fetches new ones
    UNREACHABLE = auto()  # no connection, so nothing was sent
    UNCERTAIN = auto()
    FINAL = auto()


_KINDS: dict[str, Kind] = {
    "ConditionalCheckFailedException": Kind.REFUSED,
    "ThrottlingException": Kind.THROTTLED,
    "ProvisionedThroughputExceededException": Kind.THROTTLED,
    "RequestLimitExceeded": Kind.THROTTLED,
    "LimitExceededException": Kind.THROTTLED,  # of readers of a stream, or of tables being changed
    "TransactionConflictException": Kind.CONFLICT,
    "TransactionInProgressException": Kind.CONFLICT,
    "ReplicatedWriteConflictException": Kind.CONFLICT,
    "ConflictException": Kind.CONFLICT,
    "ExpiredTokenException": Kind.EXPIRED,
    "InternalServerError": Kind.UNCERTAIN,
}
_REASONS: dict[str, Kind] = {  # of a cancelled transaction, the decisive ones first
    CONDITION_FAILED: Kind.REFUSED,
    "ValidationError": Kind.FINAL,
    "ItemCollectionSizeLimitExceeded": Kind.FINAL,
    "TransactionConflict": Kind.CONFLICT,
    "ThrottlingError": Kind.THROTTLED,
    "ProvisionedThroughputExceeded": Kind.THROTTLED,
}
_DENIED = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
}
_GONE: dict[str, type[Exception]] = {
    "ExpiredIteratorException": IteratorExpired,
    "TrimmedDataAccessException": Trimmed,
}
_ERRORS: dict[str, type[errors.TavolaError]] = {
    "ResourceNotFoundException": errors.TableMissing,
    "TableNotFoundException": errors.TableMissing,
    "ResourceInUseException": errors.TableBusy,
    "ContinuousBackupsUnavailableException": errors.TableBusy,  # for a while after a table is made
    "UnknownOperationException": errors.OperationUnknown,
}
_INVALID = "ValidationException"
_CANCELLED = "TransactionCanceledException"


def body_of(error: BaseException) -> dict[str, Any]:
    """What DynamoDB said; empty when it is not an error of its own."""
    said = error.body if isinstance(error, d.UnknownError) else next(iter(error.args), None)
    if isinstance(said, bytes):
        try:
            said = json.loads(said)
        except ValueError:
            return {}
    return said if isinstance(said, dict) else {}


def kind_of(error: Exception) -> Kind:
    """What to do about a failed call."""
    if isinstance(error, aiohttp.ClientConnectorError | TooManyRetries):
        return Kind.UNREACHABLE
    if isinstance(error, TimeoutError | aiohttp.ClientError | OSError | json.JSONDecodeError):
        return Kind.UNCERTAIN
    if isinstance(error, d.InternalDynamoError | d.ServiceUnavailable):
        return Kind.UNCERTAIN
    body = body_of(error)
    if _code_of(body) == _CANCELLED:
        return _kind_of_cancelled(body)
    known = _KINDS.get(_code_of(body))
    if known is None and isinstance(error, d.UnknownError) and error.status >= 500:
        return Kind.UNCERTAIN
    return known or Kind.FINAL


def final_error(error: Exception) -> Exception:
    """A failure that trying again does not mend, as an error of ours."""
    body = body_of(error)
    code, said = _code_of(body), body.get("message") or body.get("Message") or ""
    if gone := _GONE.get(code):
        return gone(said)
    if known := _ERRORS.get(code):
        return known()
    if code == _INVALID:
        return BadItem(said)
    if refusal := _refused_part(body):
        return BadItem(refusal)
    if code in _DENIED:
        return errors.StoreDenied(f"DynamoDB refuses the credentials: {said or code}")
    if isinstance(error, d.NoCredentialsFound):
        return errors.StoreDenied(NO_CREDENTIALS)
    return errors.StoreFailed(f"DynamoDB answered: {said or code or error}")


NO_CREDENTIALS = (
    "No AWS credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, "
    "or run where a role gives them."
)


def given_up(error: Exception | None, kind: Kind | None, *, uncertain: bool) -> errors.TavolaError:
    """The error of a call that was tried until its time was over."""
    if uncertain:
        return errors.StoreTimeout()
    if kind is Kind.THROTTLED:
        said = body_of(error).get("message") if error else None  # a quota, for one
        return errors.StoreThrottled(f"DynamoDB takes no more for now: {said}" if said else None)
    if kind is Kind.CONFLICT:
        return errors.Busy()
    if kind is Kind.EXPIRED:
        return errors.StoreDenied("The AWS credentials have expired.")
    return errors.StoreFailed(f"DynamoDB cannot be reached; are region and endpoint right? {error}")


def _code_of(body: dict[str, Any]) -> str:
    return str(body.get("__type", "")).rpartition("#")[2]


def _kind_of_cancelled(body: dict[str, Any]) -> Kind:
    codes = {reason.get("Code") for reason in body.get("CancellationReasons", [])}
    return next((kind for code, kind in _REASONS.items() if code in codes), Kind.FINAL)


def _refused_part(body: dict[str, Any]) -> str | None:
    """What is said of a transaction's part that DynamoDB does not accept."""
    reasons = body.get("CancellationReasons", [])
    refused = (reason for reason in reasons if reason.get("Code") == "ValidationError")
    return next((reason.get("Message", "a part is not valid") for reason in refused), None)
