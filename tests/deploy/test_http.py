"""The HTTP function beside what the API's own suite tries: its secret, its proxy, its start."""

import asyncio
import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tavola.core import limits
from tavola.core.errors import Invalid, SecretUnavailable
from tavola.edge.aws.http import HttpFunction, as_viewer_asked
from tavola.edge.aws.secrets import Remembered, place_of, read_secret
from tavola.edge.aws.services import PARAMETERS, SECRETS
from tests.api.people import bearer, sign
from tests.api.serving import SECRET
from tests.deploy.lambdas import Context, Event, body_of, http_event
from tests.engine.dynoxide import REGION, Engine

KEY = "a key of the proxy, which nobody else has"
LATE = 4_000_000_000


class Aws:
    """Parameters and secrets that moto keeps."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, service: str, target: str, **payload: Any) -> None:
        authorization = f"AWS4-HMAC-SHA256 Credential=t/20261121/{REGION}/{service}/aws4_request"
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": target,
            "Authorization": f"{authorization}, SignedHeaders=host, Signature=0",
        }
        request = urllib.request.Request(self.url, json.dumps(payload).encode(), headers)
        urllib.request.urlopen(request, timeout=10).close()

    def put_parameter(self, name: str, value: str) -> None:
        self.ask(
            "ssm",
            "AmazonSSM.PutParameter",
            Name=name,
            Value=value,
            Type="SecureString",
            Overwrite=True,
        )

    def create_secret(self, name: str, value: str) -> None:
        self.ask(
            "secretsmanager",
            "secretsmanager.CreateSecret",
            Name=name,
            SecretString=value,
            ClientRequestToken="8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        )


@pytest.fixture(scope="module")
def aws(moto: str) -> Aws:
    """Where secrets are."""
    return Aws(moto)


@pytest.fixture
def started(engine: Engine) -> Iterator[Callable[..., HttpFunction]]:
    """Makes functions on one new table, and closes them at the end."""
    made: list[HttpFunction] = []
    store = engine.store_url(engine.new_table())

    def start(**settings: str) -> HttpFunction:
        named = {f"TAVOLA_{name.upper()}": text for name, text in settings.items()}
        made.append(HttpFunction({"TAVOLA_STORE": store} | named))
        return made[-1]

    yield start
    for function in made:
        function.close()


def list_users(function: HttpFunction, secret: str) -> int:
    """The status of what an admin asks whose token is signed so."""
    claims = {"sub": "the-host-app", "scope": "admin", "exp": LATE}
    headers = {"host": "x", **bearer(sign(claims, secret=secret))}
    status: int = function(http_event("GET", "/api/v1/users", headers), Context())["statusCode"]
    return status


@pytest.mark.parametrize("kept", ["ssm", "secretsmanager"])
def test_the_secret_is_read_by_its_name(
    aws: Aws, started: Callable[..., HttpFunction], kept: str
) -> None:
    if kept == "ssm":
        aws.put_parameter("/tavola/named", SECRET)
    else:
        aws.create_secret("tavola/named", SECRET)
    name = {"ssm": "/tavola/named", "secretsmanager": "tavola/named"}[kept]
    function = started(token_secret_from=f"{kept}:{name}?endpoint={aws.url}")
    assert list_users(function, SECRET) == 200
    assert list_users(function, SECRET + "x") == 401


def test_a_secret_that_is_rotated_is_taken_up_while_running(
    aws: Aws, started: Callable[..., HttpFunction], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.put_parameter("/tavola/rotated", SECRET)
    function = started(token_secret_from=f"ssm:/tavola/rotated?endpoint={aws.url}")
    assert list_users(function, SECRET) == 200
    aws.put_parameter("/tavola/rotated", SECRET[::-1])
    assert list_users(function, SECRET) == 200
    monkeypatch.setattr(limits, "SECRET_FRESH_S", 0.0)
    list_users(started(token_secret=SECRET), SECRET)  # another one does not matter to it
    assert function._site is not None
    assert function._site._secret is not None
    function._site._secret._due_at = 0.0
    assert list_users(function, SECRET) == 401
    assert list_users(function, SECRET[::-1]) == 200


def test_without_its_secret_it_does_not_answer(
    aws: Aws, started: Callable[..., HttpFunction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AWS_TRIES_MAX", 1)
    function = started(token_secret_from=f"ssm:/tavola/nothing?endpoint={aws.url}")
    refused = function(http_event("GET", "/api/v1/users", {"host": "x"}), Context())
    told = json.loads(body_of(refused))
    assert (refused["statusCode"], told["code"], told["retryable"]) == (
        503,
        "secret_unavailable",
        True,
    )
    assert "/tavola/nothing" not in body_of(refused).decode(), "who asks need not know"
    assert told["request_id"] == refused["headers"]["x-request-id"]
    aws.put_parameter("/tavola/nothing", SECRET)
    assert list_users(function, SECRET) == 200


def test_a_table_that_is_not_there_is_told_and_looked_for_again(engine: Engine) -> None:
    named = "tavola-which-comes-later"
    settings = {"TAVOLA_STORE": engine.store_url(named), "TAVOLA_TOKEN_SECRET": SECRET}
    function = HttpFunction(settings)
    assert list_users(function, SECRET) == 503
    made = engine.new_table()
    function._environment = settings | {"TAVOLA_STORE": engine.store_url(made)}
    assert list_users(function, SECRET) == 200
    function.close()


def test_a_store_on_a_disk_is_refused() -> None:
    function = HttpFunction({"TAVOLA_STORE": "memory://", "TAVOLA_TOKEN_SECRET": SECRET})
    answer = function(http_event("GET", "/api/v1/me", {"host": "x"}), Context())
    assert answer["statusCode"] == 500, "a setting is wrong, not the request"
    assert json.loads(body_of(answer))["code"] == "invalid"
    function.close()


@pytest.mark.parametrize("key", [None, "", "another"])
def test_what_is_told_of_the_viewer_is_believed_with_the_key_only(key: str | None) -> None:
    shown = {"x-tavola-proxy-key": key} if key is not None else {}
    told = {"host": "api", "x-tavola-host": "chat.example", "x-tavola-viewer": "192.0.2.7"}
    event = http_event("GET", "/api/v1/me", told | shown)
    assert as_viewer_asked(event, KEY) == event
    assert as_viewer_asked(event, None) == event
    seen = as_viewer_asked(http_event("GET", "/", told | {"x-tavola-proxy-key": KEY}), KEY)
    assert seen["headers"]["host"] == "chat.example"
    assert seen["requestContext"]["http"]["sourceIp"] == "192.0.2.7"


def test_one_may_sign_in_behind_the_proxy(started: Callable[..., HttpFunction]) -> None:
    function = started(token_secret=SECRET, proxy_key=KEY)

    def sign_in(**headers: str) -> Event:
        named = {"host": "api", "origin": "https://chat.example", "x-tavola-host": "chat.example"}
        body = json.dumps({"handle": "nobody", "password": "x" * 10}).encode()
        made = named | {name.replace("_", "-"): text for name, text in headers.items()}
        return function(http_event("POST", "/api/v1/session", made, body), Context())

    refused, wrong = sign_in(), sign_in(x_tavola_proxy_key=KEY)
    assert json.loads(body_of(refused))["code"] == "origin_refused"
    assert json.loads(body_of(wrong))["code"] == "credentials_wrong"


def test_realtime_is_not_there(started: Callable[..., HttpFunction]) -> None:
    event = http_event("GET", "/api/v1/realtime", {"host": "x", "upgrade": "websocket"})
    answer = started(token_secret=SECRET)(event, Context())
    assert (answer["statusCode"], json.loads(body_of(answer))["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "text",
    [
        "ssm:name",
        "ssm:/a b",
        "vault:/x",
        "secretsmanager:",
        "ssm:/a?region=eu-west-1&x=1",
        "ssm:/a?region=",
        "/a",
    ],
)
def test_another_place_of_a_secret_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="token_secret_from"):
        place_of(text, None)


def test_a_place_says_its_region_or_has_the_stores() -> None:
    assert place_of("ssm:/a/b", "eu-west-1").endpoint == "https://ssm.eu-west-1.amazonaws.com/"
    kept = place_of("secretsmanager:a/b?region=us-east-2", "eu-west-1")
    assert (kept.service, kept.name, kept.region) == (SECRETS, "a/b", "us-east-2")
    with pytest.raises(Invalid, match="region"):
        place_of("ssm:/a", None)


@pytest.mark.parametrize(
    "answer",
    [b"{}", b"[]", b"rubbish", b'{"Parameter":{"Value":7}}', b'{"Parameter":{"Value":""}}'],
)
def test_an_answer_without_a_secret_is_told(answer: bytes) -> None:
    async def ask(action: str, payload: dict[str, Any]) -> bytes:
        assert (action, payload) == ("GetParameter", {"Name": "/a", "WithDecryption": True})
        return answer

    place = place_of("ssm:/a", REGION)
    assert place.service is PARAMETERS
    with pytest.raises(SecretUnavailable):
        asyncio.run(read_secret(place, ask))


def test_a_secret_is_good_for_its_time_and_the_known_one_outlives_a_bad_day() -> None:
    now, kept = [0.0], ["first"]

    async def fetch() -> str:
        if not kept:
            raise SecretUnavailable
        return kept[0]

    secret = Remembered(fetch, lambda: now[0])

    def at(seconds: float) -> str:
        now[0] = seconds
        return asyncio.run(secret.value())

    assert at(0) == "first"
    kept[0] = "second"
    assert at(limits.SECRET_FRESH_S - 1) == "first"
    assert at(limits.SECRET_FRESH_S) == "second"
    kept.clear()
    later = 2 * limits.SECRET_FRESH_S
    assert at(later) == "second"
    kept.append("third")
    assert at(later + limits.SECRET_FLOOR_S - 1) == "second"
    assert at(later + limits.SECRET_FLOOR_S) == "third"
