"""Errors as RFC 9457 problem documents, with a stable `code`."""

import msgspec
from msgspec import UNSET, UnsetType

from tavola.core.errors import CATALOGUE, FieldError, Invalid, Malformed, TavolaError, invalid

MEDIA_TYPE = b"application/problem+json"
PATH = "/api/v1/errors"
"""Where the catalogue can be read; a problem's `type` points into it."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong. Branch on `code`; `detail` is for people and may change."""

    type: str
    title: str
    status: int
    code: str
    retryable: bool
    request_id: str
    detail: str | UnsetType = UNSET
    errors: list[FieldError] | UnsetType = UNSET


class CatalogueEntry(msgspec.Struct, frozen=True):
    """What is known of an error without its happening."""

    status: int
    title: str
    retryable: bool


def catalogue() -> dict[str, CatalogueEntry]:
    """All errors by code."""
    return {
        code: CatalogueEntry(error.status, error.title, error.retryable)
        for code, error in sorted(CATALOGUE.items())
    }


def problem_of(error: TavolaError, request_id: str) -> Problem:
    """The document for an error of the catalogue."""
    return Problem(
        type=f"{PATH}#/{error.code}",
        title=error.title,
        status=error.status,
        code=error.code,
        retryable=error.retryable,
        request_id=request_id,
        detail=error.detail or UNSET,
        errors=list(error.errors) if error.errors else UNSET,
    )


def from_validation(error: msgspec.ValidationError, where: str) -> Invalid:
    """What does not fit a request's shape, as an error naming the field."""
    message, _, path = str(error).partition(" - at `")
    field = path.rstrip("`").removeprefix("$").lstrip(".")
    if not field:
        field = _named_in(message) or where
    code = "unknown" if "unknown field" in message else "required"
    if "missing required" not in message and code != "unknown":
        code = "type"
    return invalid(field, code, message[0].lower() + message[1:])


def from_decoding(error: Exception) -> Malformed:
    """What is not JSON at all."""
    if isinstance(error, RecursionError):
        return Malformed("The body is nested too deeply.")
    return Malformed(str(error) or None)


def _named_in(message: str) -> str:
    parts = message.split("`")
    return parts[-2] if "field" in message and len(parts) > 2 else ""
