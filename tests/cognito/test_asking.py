"""Requests to the service are signed for it, tried again while it is busy, and no longer."""

import asyncio
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import aiohttp
import pytest
from aiodynamo.credentials import Key
from yarl import URL

from tavola.core import limits
from tavola.core.errors import CognitoFailed, Invalid
from tavola.edge.aws.asking import Asking
from tavola.edge.aws.services import COGNITO, Message
from tavola.edge.cognito.pool import PoolUser, address_of, list_pool
from tavola.stores.dynamodb.signing import signed
from tests.tokens.answering import answering, send

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"


async def unsigned(_: str, message: Message) -> dict[str, str]:
    return message.headers


def ask(*answers: tuple[int, bytes]) -> tuple[int, bytes]:
    """Ask a service that answers so, one after another; how often it was asked, and its answer."""
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["X-Amz-Target"])
        status, body = answers[min(len(asked), len(answers)) - 1]
        send(handler, body, status)

    async def once(url: str) -> bytes:
        async with aiohttp.ClientSession() as session:
            return await Asking(session, COGNITO, url, unsigned)("ListUsers", {})

    with answering(answer) as url:
        found = asyncio.run(once(url))
    assert set(asked) == {"AWSCognitoIdentityProviderService.ListUsers"}
    return len(asked), found


def refusal(kind: str) -> bytes:
    return json.dumps({"__type": kind, "message": "no"}).encode()


def test_a_busy_service_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AWS_PAUSE_FIRST_S", 0.001)
    busy = (400, refusal("TooManyRequestsException"))
    assert ask(busy, (500, b"oops"), (200, b"{}")) == (3, b"{}")
    with pytest.raises(CognitoFailed, match="TooManyRequestsException no"):
        ask(busy)


@pytest.mark.parametrize("kind", ["NotAuthorizedException", "com.x#ResourceNotFoundException", ""])
def test_a_refusal_is_final(kind: str) -> None:
    with pytest.raises(CognitoFailed, match=f"ListUsers: 400 {kind.rpartition('#')[2]}"):
        ask((400, refusal(kind)), (200, b"{}"))


def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(CognitoFailed, match="302"):
        ask((302, b""), (200, b"{}"))


def test_a_request_is_signed_for_the_service_and_its_region() -> None:
    headers = {"Content-Type": "x", "X-Amz-Date": "20261121T080000Z", "X-Amz-Target": "y"}
    url = URL(address_of(ISSUER).endpoint)
    key = Key("AKIDEXAMPLE", "secret")
    made = signed(key, "eu-west-1", url, headers, b"{}", service=COGNITO.name)["Authorization"]
    assert "Credential=AKIDEXAMPLE/20261121/eu-west-1/cognito-idp/aws4_request" in made
    plain = signed(key, "eu-west-1", url, headers, b"{}")["Authorization"]
    assert made.rpartition("=")[2] != plain.rpartition("=")[2]


def test_the_issuer_says_where_the_pool_is() -> None:
    address = address_of(ISSUER)
    assert address.endpoint == "https://cognito-idp.eu-west-1.amazonaws.com/"
    assert (address.region, address.pool_id) == ("eu-west-1", "eu-west-1_AbCdEfGhI")
    assert address_of(ISSUER, "http://127.0.0.1:1").endpoint == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "issuer",
    [
        None,
        "",
        ISSUER + "/",
        ISSUER.replace("https", "http"),
        "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/eu-west-1_A",
        "https://evil.example/cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
    ],
)
def test_another_issuer_is_no_pool(issuer: str | None) -> None:
    with pytest.raises(Invalid):
        address_of(issuer)


def pages_of(*answers: Any) -> list[list[PoolUser]]:
    left = [json.dumps(answer).encode() for answer in answers]

    async def asked(action: str, payload: dict[str, Any]) -> bytes:
        return left.pop(0)

    async def collect() -> list[list[PoolUser]]:
        return [page async for page in list_pool(asked, "p")]

    return asyncio.run(collect())


def test_pages_follow_each_other_to_the_last_one() -> None:
    first = {"Users": [{"Username": "a"}], "PaginationToken": "1"}
    found = pages_of(first, {"Users": [], "PaginationToken": "2"}, {"Users": [{"Username": "b"}]})
    assert [[user.username for user in page] for page in found] == [["a"], [], ["b"]]


@pytest.mark.parametrize(
    "answer", [[], {}, {"Users": 7}, {"Users": [{}]}, {"Users": [], "PaginationToken": 7}]
)
def test_an_answer_of_another_shape_is_told(answer: Any) -> None:
    with pytest.raises(CognitoFailed):
        pages_of(answer)


def test_a_service_that_goes_round_in_circles_is_left() -> None:
    page = {"Users": [], "PaginationToken": "same"}
    with pytest.raises(CognitoFailed, match="twice"):
        pages_of(page, page, page)
