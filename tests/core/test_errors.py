"""The error catalogue: stable codes, sane statuses, one place."""

import re
from http import HTTPStatus

import pytest

from tavola.core import errors
from tavola.core.errors import CATALOGUE, FieldError, TavolaError

EVERY = sorted(CATALOGUE.values(), key=lambda error: error.code)


def test_codes_are_unique_and_every_error_is_in_the_catalogue() -> None:
    in_module = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, TavolaError) and value is not TavolaError
    }
    assert set(EVERY) == in_module
    assert len({error.code for error in in_module}) == len(in_module)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.code)
def test_an_error_has_a_code_a_status_and_a_title(error: type[TavolaError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert HTTPStatus(error.status) >= HTTPStatus.BAD_REQUEST
    assert re.fullmatch(r"[A-Z].{5,80}\.", error.title)
    assert str(error()) == error.title
    assert str(error("what happened")) == "what happened"


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.code)
def test_only_what_may_pass_is_retryable(error: type[TavolaError]) -> None:
    if error.retryable:
        assert error.status in {409, 429, 503, 504, 507}
    assert not (error.status == 429 and not error.retryable)


@pytest.mark.parametrize(
    ("error", "code", "status", "retryable"),
    [
        (errors.Unauthenticated, "unauthenticated", 401, False),
        (errors.NotYours, "not_yours", 403, False),
        (errors.ConversationClosed, "conversation_closed", 403, False),
        (errors.NotFound, "not_found", 404, False),
        (errors.MessageIdReused, "message_id_reused", 409, False),
        (errors.StaleAfter, "stale_after", 409, False),
        (errors.HandleTaken, "handle_taken", 409, False),
        (errors.TooLarge, "too_large", 413, False),
        (errors.Invalid, "invalid", 422, False),
        (errors.RateLimited, "rate_limited", 429, True),
        (errors.Internal, "internal", 500, False),
        (errors.Busy, "busy", 503, True),
        (errors.StoreFull, "store_full", 507, True),
    ],
)
def test_the_codes_that_clients_branch_on_stay(
    error: type[TavolaError], code: str, status: int, *, retryable: bool
) -> None:
    assert (error.code, error.status, error.retryable) == (code, status, retryable)


def test_a_wrong_field_is_named() -> None:
    error = errors.invalid("body", "blank", "must not be blank")
    assert error.errors == (FieldError("body", "blank", "must not be blank"),)
    assert error.status == 422
    assert str(error) == "body: must not be blank"
