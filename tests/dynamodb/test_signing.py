"""What goes to the service of streams is signed as AWS wants it signed."""

import asyncio
import json
from typing import Any

import pytest
from aiodynamo.client import Client
from aiodynamo.credentials import Key, StaticCredentials
from aiodynamo.http.types import Request, Response
from aiodynamo.sign import signed_dynamo_request
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from tavola.stores.dynamodb.signing import STREAMS, ToStreams, signed

KEY = Key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
PLAIN = ("Content-Type", "X-Amz-Date", "X-Amz-Target")
ENDPOINT = URL("https://dynamodb.eu-west-1.amazonaws.com/")


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_a_request_to_tables_is_signed_as_the_client_signs_it(payload: dict[str, str]) -> None:
    theirs = signed_dynamo_request(key=KEY, payload=payload, action="GetItem", region="eu-west-1")
    plain = {name: theirs.headers[name] for name in PLAIN}
    assert signed(KEY, "eu-west-1", ENDPOINT, plain, theirs.body) == theirs.headers


@pytest.mark.parametrize(
    ("key", "url", "names"),
    [
        (KEY, ENDPOINT, "content-type;host;x-amz-date;x-amz-target"),
        (
            Key("id", "secret", "token"),
            ENDPOINT,
            "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
        ),
    ],
)
def test_all_headers_are_signed(key: Key, url: URL, names: str) -> None:
    headers = {"Content-Type": "x", "X-Amz-Date": "20261121T080000Z", "X-Amz-Target": "y"}
    made = signed(key, "eu-west-1", url, headers, b"{}")
    assert f"SignedHeaders={names}," in made["Authorization"]
    assert made.get("X-Amz-Security-Token") == key.token


def test_the_port_of_an_endpoint_is_signed_with_its_host() -> None:
    headers = {"Content-Type": "x", "X-Amz-Date": "20261121T080000Z", "X-Amz-Target": "y"}
    urls = ("http://127.0.0.1/", "http://127.0.0.1:80/", "http://127.0.0.1:8000/")
    usual, named, other = (signed(KEY, "r", URL(url), headers, b"{}") for url in urls)
    assert usual == named != other


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_the_method_is_signed_as_in_the_examples_of_aws(method: str, signature: str) -> None:
    at = {"X-Amz-Date": "20150830T123600Z"}
    url = URL("https://example.amazonaws.com/")
    made = signed(KEY, "us-east-1", url, at, b"", service="service", method=method)
    assert made["Authorization"].endswith(f"Signature={signature}")


def test_what_the_client_sends_arrives_as_a_request_to_streams() -> None:
    arrived: list[Request] = []

    async def http(request: Request) -> Response:
        arrived.append(request)
        return Response(200, b'{"Records": []}')

    async def ask() -> dict[str, Any]:
        credentials = StaticCredentials(KEY)
        client = Client(ToStreams(http, credentials, "eu-west-1"), credentials, "eu-west-1")
        return await client.send_request(action="GetRecords", payload={"ShardIterator": "i"})

    assert asyncio.run(ask()) == {"Records": []}
    (request,) = arrived
    assert request.headers is not None
    assert request.headers["X-Amz-Target"] == f"{STREAMS}.GetRecords"
    assert json.loads(request.body or b"") == {"ShardIterator": "i"}
    named = {name: request.headers[name] for name in PLAIN}
    assert signed(KEY, "eu-west-1", URL(request.url), named, request.body or b"") == request.headers
