"""A token is taken when the key of who must have signed it has signed it, and by no other way."""

import asyncio
import contextlib
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from tavola.core.errors import TokenExpired, TokenInvalid
from tavola.edge.auth import SESSION_AUDIENCE, Claims, Tokens
from tavola.edge.tokens.bearers import Bearers
from tavola.edge.tokens.issuer import Issuer
from tavola.edge.tokens.keys import FixedKeys, read_keys
from tests.tokens.makers import ALGORITHMS, EC, ED, RSA, forged, jwk, jwks, signed

SECRET = "a secret of tests, which is longer than 32 bytes"
TOKENS = Tokens(SECRET)
ISSUER = Issuer("https://id.example.com", client_ids=("app",))
TRUSTING = Bearers(TOKENS, None, (ISSUER, FixedKeys(read_keys(jwks(ED)))))
HOST = Bearers(TOKENS, FixedKeys(read_keys(jwks(*ALGORITHMS.values()))))


def verify(token: str, bearers: Bearers = HOST) -> Claims:
    return asyncio.run(bearers.verify(token))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_host_app_may_sign_with_a_key_of_its_own(algorithm: str) -> None:
    claims = verify(signed(ALGORITHMS[algorithm], {"sub": "ann", "scope": "admin"}))
    assert (claims.subject, claims.admin, claims.session) == ("ann", True, False)


def test_the_shared_secret_stays_valid_beside_the_keys() -> None:
    assert verify(TOKENS.mint("ann", 60)).subject == "ann"
    assert verify(TOKENS.mint("ann", 60), Bearers(TOKENS)).subject == "ann"


def test_a_name_of_an_algorithm_that_is_new_is_known() -> None:
    assert verify(signed(ED, {"sub": "ann"}, "Ed25519")).subject == "ann"


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("key", ALGORITHMS.values(), ids=ALGORITHMS)
def test_a_public_key_is_never_taken_as_a_secret(key: Any, algorithm: str) -> None:
    for text in (key.as_pem(private=False), jwks(key), key.as_pem(private=False).strip()):
        with pytest.raises(TokenInvalid):
            verify(forged(text, {"sub": "ann"}, algorithm, key.kid))


def test_a_key_that_a_token_brings_along_is_not_looked_at() -> None:
    own = RSAKey.generate_key(2048, {"kid": "rsa"})
    for header in (
        {"jwk": jwk(own)},
        {"jku": "http://127.0.0.1:1/jwks"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"kid": "rsa"},
        {"kid": "../../etc/passwd"},
        {"kid": None},
    ):
        with pytest.raises(TokenInvalid):
            verify(signed(own, {"sub": "ann"}, "RS256", **header))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": ["b64"], "b64": False}])
def test_what_must_be_understood_and_is_not_is_refused(header: dict[str, Any]) -> None:
    assert verify(signed(RSA, {"sub": "ann"})).subject == "ann"
    with pytest.raises(TokenInvalid):
        verify(signed(RSA, {"sub": "ann"}, **header))


def test_headers_of_the_issuer_s_own_are_no_error() -> None:
    assert verify(signed(RSA, {"sub": "ann"}, cat="x", typ="at+jwt")).subject == "ann"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "ann", "aud": SESSION_AUDIENCE},
        {"sub": "ann", "aud": "billing"},
        {"sub": "ann", "exp": "soon"},
        {"sub": "ann", "nbf": 4_000_000_000},
        {"sub": "a|b"},
        {},
    ],
    ids=repr,
)
def test_the_claims_are_held_to_what_holds_for_the_secret(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        verify(signed(EC, claims))


def test_an_expired_token_is_refused_also_when_it_was_known() -> None:
    with pytest.raises(TokenExpired):
        verify(signed(EC, {"sub": "ann", "exp": time.time() - 1}))
    token = signed(EC, {"sub": "ann", "exp": time.time() + 0.2})
    assert verify(token).subject == "ann"
    time.sleep(0.25)
    with pytest.raises(TokenExpired):
        verify(token)


def test_a_token_is_not_known_longer_than_its_key() -> None:
    class Changing(FixedKeys):
        """Keys that are replaced."""

        def replace(self, *keys: Any) -> None:
            self._keys = read_keys(jwks(*keys))

    keys = Changing(read_keys(jwks(RSA)))
    bearers = Bearers(TOKENS, keys)
    token = signed(RSA, {"sub": "ann"})
    assert verify(token, bearers) == verify(token, bearers)
    keys.replace(RSAKey.generate_key(2048, {"kid": "rsa"}))
    with pytest.raises(TokenInvalid):
        verify(token, bearers)
    keys.replace(EC)
    with pytest.raises(TokenInvalid):
        verify(token, bearers)


@pytest.mark.parametrize("end", ["", "A", "AAAA", "é", "=", ".", "\0"])
def test_a_signature_that_was_changed_is_refused(end: str) -> None:
    token = signed(EC, {"sub": "ann"})
    with pytest.raises(TokenInvalid):
        verify(token.rpartition(".")[0] + "." + end)


parts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
claims = st.dictionaries(
    st.sampled_from(["sub", "exp", "nbf", "aud", "iss", "scope", "client_id", "token_use"]), parts
)


@given(claims)
def test_whatever_a_token_says_it_breaks_nothing(said: dict[str, Any]) -> None:
    with contextlib.suppress(TokenInvalid, TokenExpired):
        verify(signed(ED, said))
    with contextlib.suppress(TokenInvalid, TokenExpired):
        verify(signed(ED, said | {"iss": ISSUER.url}), TRUSTING)


@given(parts, parts, st.text(max_size=20))
def test_whatever_a_token_is_it_breaks_nothing(head: Any, body: Any, end: str) -> None:
    written = (json.dumps(part).encode() for part in (head, body))
    encoded = (urlsafe_b64encode(part).rstrip(b"=").decode() for part in written)
    for token in (".".join((*encoded, end)), end):
        with pytest.raises(TokenInvalid):
            verify(token)
