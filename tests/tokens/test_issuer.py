"""Of an issuer's tokens only those for us are taken, and what they say of rights is not."""

import asyncio
import time
from typing import Any

import pytest

from tavola.core.errors import TokenExpired, TokenInvalid
from tavola.edge.auth import CLOCK_SKEW_S, Claims, Tokens
from tavola.edge.tokens.bearers import Bearers
from tavola.edge.tokens.issuer import Issuer
from tavola.edge.tokens.keys import FixedKeys, read_keys
from tests.tokens.makers import EC, ED, RSA, forged, jwks, signed

URL = "https://id.example.com"
SECRET = "a secret of tests, which is longer than 32 bytes"
TOKENS = Tokens(SECRET)
HOST = FixedKeys(read_keys(jwks(ED)))
KEYS = FixedKeys(read_keys(jwks(RSA, EC)))
COGNITO = Issuer(URL, client_ids=("app",))
OTHERS = Issuer(URL, audiences=("chat", "chat2"))
ACCESS = {"iss": URL, "sub": "auth0|7", "client_id": "app", "token_use": "access"}
FOR_CHAT = {"iss": URL, "sub": "auth0|7", "aud": "chat"}


def verify(token: str, issuer: Issuer = COGNITO) -> Claims:
    return asyncio.run(Bearers(TOKENS, HOST, (issuer, KEYS)).verify(token))


@pytest.mark.parametrize(
    ("issuer", "claims"),
    [
        (COGNITO, ACCESS),
        (COGNITO, {"iss": URL, "sub": "auth0|7", "azp": "app"}),
        (OTHERS, FOR_CHAT),
        (OTHERS, FOR_CHAT | {"aud": ["billing", "chat2"]}),
        (Issuer(URL, ("chat",), ("app",)), ACCESS | FOR_CHAT),
        (Issuer(URL, ("app",), token_use="id"), FOR_CHAT | {"aud": "app", "token_use": "id"}),
    ],
)
def test_a_token_that_is_for_us_is_taken(issuer: Issuer, claims: dict[str, Any]) -> None:
    for key in (RSA, EC):
        found = verify(signed(key, claims), issuer)
        assert found.person is not None
        assert (found.person.issuer, found.person.subject) == (URL, "auth0|7")
        assert (found.subject, found.admin, found.session) == ("", False, False)


@pytest.mark.parametrize(
    ("issuer", "changed"),
    [
        (COGNITO, {"client_id": "billing"}),
        (COGNITO, {"client_id": None}),
        (COGNITO, {"client_id": ["app"]}),
        (COGNITO, {"client_id": "billing", "azp": "app"}),
        (COGNITO, {"token_use": "id"}),
        (COGNITO, {"token_use": None}),
        (COGNITO, {"token_use": ["access"]}),
        (COGNITO, {"aud": "app"}),
        (COGNITO, {"aud": "tavola"}),
        (COGNITO, {"aud": None}),
        (OTHERS, {}),
        (OTHERS, {"aud": "billing"}),
        (OTHERS, {"aud": []}),
        (OTHERS, {"aud": [["chat"]]}),
        (OTHERS, {"aud": {"chat": 1}}),
        (Issuer(URL, ("chat",), ("app",)), {}),
        (Issuer(URL, ("chat",), ("app",)), {"aud": "chat", "client_id": "billing"}),
        (Issuer(URL, client_ids=("app",), token_use="id"), {}),
        (COGNITO, {"exp": None}),
        (COGNITO, {"exp": "soon"}),
        (COGNITO, {"exp": True}),
        (COGNITO, {"nbf": 4_000_000_000}),
        (COGNITO, {"nbf": "x"}),
        (COGNITO, {"sub": None}),
        (COGNITO, {"sub": ""}),
        (COGNITO, {"sub": "x" * 256}),
        (COGNITO, {"sub": {"a": 1}}),
        (COGNITO, {"iss": URL + "/"}),
        (COGNITO, {"iss": "https://evil.example"}),
        (COGNITO, {"iss": [URL]}),
    ],
    ids=repr,
)
def test_a_token_that_is_not_for_us_is_refused(issuer: Issuer, changed: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        verify(signed(RSA, ACCESS | changed), issuer)


def test_a_token_that_says_no_use_is_refused_where_one_is_asked_for() -> None:
    claims = {name: value for name, value in ACCESS.items() if name != "token_use"}
    with pytest.raises(TokenInvalid, match="token_use"):
        verify(signed(RSA, claims), Issuer(URL, client_ids=("app",), token_use="access"))


def test_no_scope_of_an_issuer_makes_an_admin() -> None:
    for scope in ("admin", "admin aws.cognito.signin.user.admin", ["admin"], 7):
        assert not verify(signed(RSA, ACCESS | {"scope": scope})).admin


def test_the_issuer_and_the_host_app_cannot_speak_for_each_other() -> None:
    for text in (
        signed(ED, ACCESS),  # the host's key, the issuer's name
        signed(RSA, {"sub": "ann"}),  # the issuer's key, the host's claims
        signed(RSA, {"sub": "ann", "iss": "tavola", "scope": "admin"}),
        forged(SECRET.encode(), ACCESS, "HS256", None),  # the secret, the issuer's name
        forged(RSA.as_pem(private=False), ACCESS, "HS256", "rsa"),
        forged(jwks(RSA), ACCESS, "HS256", None),
    ):
        with pytest.raises(TokenInvalid):
            verify(text)
    assert verify(signed(ED, {"sub": "ann"})).subject == "ann"
    assert verify(TOKENS.mint("ann", 60)).subject == "ann"


def test_clocks_may_differ_by_a_minute() -> None:
    now = time.time()
    for changed in ({"exp": now - CLOCK_SKEW_S + 5}, {"nbf": now + CLOCK_SKEW_S - 5}):
        assert verify(signed(RSA, ACCESS | changed)).person is not None
    with pytest.raises(TokenExpired):
        verify(signed(RSA, ACCESS | {"exp": now - CLOCK_SKEW_S - 5}))
