"""The error catalogue: every error that Tavola tells a caller, with its code, status and title.

Codes are stable: clients branch on them. `detail` is for people and may change. An error that is
not in this module is a defect and reaches the caller as `internal`.
"""

from typing import ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: str
    code: str
    message: str


class TavolaError(Exception):
    """Base of the catalogue. `retryable` says that the same request may succeed later."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors
        self.retry_after_s = retry_after_s


class Malformed(TavolaError):
    code, status, title = "malformed_body", 400, "The request body is not valid JSON."


class Unauthenticated(TavolaError):
    code, status, title = "unauthenticated", 401, "Sign in or send a bearer token."


class TokenInvalid(TavolaError):
    code, status, title = "token_invalid", 401, "The token is not valid."


class TokenExpired(TavolaError):
    code, status, title = "token_expired", 401, "The token has expired."


class CallerUnknown(TavolaError):
    code, status, title = "caller_unknown", 401, "The token's user does not exist."


class CredentialsWrong(TavolaError):
    code, status, title = "credentials_wrong", 401, "Handle or password is wrong."


class Forbidden(TavolaError):
    code, status, title = "forbidden", 403, "You may not do this."


class OriginRefused(TavolaError):
    code, status, title = "origin_refused", 403, "This origin may not use the session cookie."


class NotYours(TavolaError):
    code, status, title = "not_yours", 403, "Only who wrote a message may change it."


class ConversationClosed(TavolaError):
    code, status, title = "conversation_closed", 403, "Nobody can write in this conversation."


class NotFound(TavolaError):
    code, status, title = "not_found", 404, "There is no such thing, or you may not see it."


class UserNotFound(TavolaError):
    code, status, title = "user_not_found", 404, "There is no such user."


class MethodNotAllowed(TavolaError):
    code, status, title = "method_not_allowed", 405, "This path does not know this method."


class IdTaken(TavolaError):
    code, status, title = "id_taken", 409, "This id is or was in use."


class HandleTaken(TavolaError):
    code, status, title = "handle_taken", 409, "This handle belongs to somebody else."


class IdentityTaken(TavolaError):
    code, status, title = "identity_taken", 409, "This identity belongs to another user."


class MessageIdReused(TavolaError):
    code, status, title = "message_id_reused", 409, "This message id was used for other content."


class MessageDeleted(TavolaError):
    code, status, title = "message_deleted", 409, "The message is deleted."


class StaleAfter(TavolaError):
    code, status, title = "stale_after", 409, "Too much was written since `after`; read on first."


class ImportTooOld(TavolaError):
    code, status, title = "import_too_old", 409, "The conversation already has newer messages."


class ImportUnreadable(TavolaError):
    code, status, title = "import_unreadable", 422, "What is to be imported cannot be read."


class StoreNotEmpty(TavolaError):
    code, status, title = "store_not_empty", 409, "The store is not empty."


class Changed(TavolaError):
    code, status, title = "changed", 409, "What this depends on has just changed; try again."
    retryable = True


class TooLarge(TavolaError):
    code, status, title = "too_large", 413, "The request is larger than 256 KB."


class Invalid(TavolaError):
    code, status, title = "invalid", 422, "Something in the request is not valid."


class RulesInvalid(TavolaError):
    code, status, title = "rules_invalid", 422, "The rules cannot be used as they are written."


class NotConfirmed(TavolaError):
    code, status, title = "not_confirmed", 422, "Nobody has confirmed that this table is meant."


class RateLimited(TavolaError):
    code, status, title = "rate_limited", 429, "Too many attempts; wait before the next one."
    retryable = True


class Internal(TavolaError):
    code, status, title = "internal", 500, "Something went wrong on our side."


class IssuerUnavailable(TavolaError):
    code, status, title = "issuer_unavailable", 503, "The keys of the token's issuer are not there."
    retryable = True


class CognitoFailed(TavolaError):
    code, status, title = "cognito_failed", 502, "Cognito did not do what it was asked."


class AwsFailed(TavolaError):
    code, status, title = "aws_failed", 502, "AWS did not do what it was asked."


class AwsDenied(TavolaError):
    code, status, title = "aws_denied", 502, "AWS does not let us look."


class AwsMissing(TavolaError):
    code, status, title = "aws_missing", 502, "What AWS was asked for is not there."


class PostgresFailed(TavolaError):
    code, status, title = "postgres_failed", 502, "Postgres did not do what it was asked."


class PostgresDenied(TavolaError):
    code, status, title = "postgres_denied", 502, "Postgres does not let us read the users."


class PostgresTableMissing(TavolaError):
    code, status, title = "postgres_table_missing", 502, "The table is not there in Postgres."


class PostgresColumnMissing(TavolaError):
    code, status, title = "postgres_column_missing", 502, "A column is not there in Postgres."


class PostgresUnavailable(TavolaError):
    code, status, title = "postgres_unavailable", 503, "Postgres cannot be reached."
    retryable = True


class PostgresTimeout(TavolaError):
    code, status, title = "postgres_timeout", 504, "Postgres stopped a query that took too long."
    retryable = True


class DriverMissing(TavolaError):
    code, status, title = "driver_missing", 501, "What talks to Postgres is not installed."


class SecretUnavailable(TavolaError):
    code, status, title = "secret_unavailable", 503, "The secret that signs tokens is not there."
    retryable = True


class Busy(TavolaError):
    code, status, title = "busy", 503, "Too many wrote at the same time; try again."
    retryable = True


class StoreStopping(TavolaError):
    code, status, title = "stopping", 503, "The server is shutting down; try again."
    retryable = True


class StoreReadOnly(TavolaError):
    code, status, title = "store_read_only", 503, "The store cannot be written; reading works."


class StoreInUse(TavolaError):
    code, status, title = "store_in_use", 503, "Another process has the store open for writing."


class StoreFailed(TavolaError):
    code, status, title = "store_failed", 503, "The store could not be read or written."
    retryable = True


class StoreThrottled(TavolaError):
    code, status, title = "store_throttled", 503, "The store takes no more for now; try again."
    retryable = True


class StoreTimeout(TavolaError):
    code, status, title = "store_timeout", 504, "The store did not answer; it may have written."
    retryable = True


class StoreDenied(TavolaError):
    code, status, title = "store_denied", 503, "The store refuses our credentials."


class TableMissing(TavolaError):
    code, status, title = "table_missing", 503, "The table of the store does not exist."


class TableBusy(TavolaError):
    code, status, title = "table_busy", 409, "The table is just being changed; try again."
    retryable = True


class TableProtected(TavolaError):
    code, status, title = "table_protected", 409, "The table is protected from being deleted."


class OperationUnknown(TavolaError):
    code, status, title = "operation_unknown", 501, "The endpoint does not know this operation."


class FeedMissing(TavolaError):
    code, status, title = "feed_missing", 503, "The changes of this store cannot be read."


class StoreUnusable(TavolaError):
    code, status, title = "store_unusable", 503, "This is not a store that this version can open."


class StoreFull(TavolaError):
    code, status, title = "store_full", 507, "The disk is full; nothing was written."
    retryable = True


class FileUnusable(TavolaError):
    code, status, title = "file_unusable", 500, "A file could not be read or written."


def invalid(field: str, code: str, message: str) -> Invalid:
    """One wrong field, as an error to raise."""
    return Invalid(f"{field}: {message}", errors=(FieldError(field, code, message),))


CATALOGUE: dict[str, type[TavolaError]] = {
    error.code: error for error in TavolaError.__subclasses__()
}
