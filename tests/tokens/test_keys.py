"""Of a JWKS or a PEM file only sound public keys are taken, each for its one algorithm."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from tavola.core import limits
from tavola.core.errors import TokenInvalid
from tavola.edge.tokens.keys import BadKeys, FixedKeys, choose, read_keys
from tavola.edge.tokens.unverified import Unverified, unverified
from tests.tokens.makers import ALGORITHMS, EC, ED, RSA, jwk, jwks, signed

PEMS = {"RS256": RSA.as_pem(private=False), "ES256": EC.as_pem(private=False)}
PEMS["EdDSA"] = ED.as_pem(private=False)


def found(content: bytes, kid: str | None, algorithm: str) -> Key | None:
    return asyncio.run(FixedKeys(read_keys(content)).find(kid, algorithm))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_is_for_its_own_algorithm_alone(algorithm: str) -> None:
    key = ALGORITHMS[algorithm]
    content = jwks(*ALGORITHMS.values())
    for tried in (*ALGORITHMS, "none", "HS256", "HS512", "RS512", "PS256", "ES384", ""):
        assert (found(content, key.kid, tried) is not None) == (tried == algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pem_file_holds_one_key_for_tokens_of_any_name(algorithm: str) -> None:
    pem = PEMS[algorithm]
    for kid in (None, "", "whatever"):
        assert found(pem, kid, algorithm) is not None
        assert found(pem, kid, "HS256") is None


def test_a_token_without_name_gets_the_only_key_of_its_algorithm() -> None:
    other = RSAKey.generate_key(2048, {"kid": "other"})
    assert found(jwks(RSA, EC), None, "RS256") is not None
    assert found(jwks(RSA, other), None, "RS256") is None
    assert found(jwks(RSA, other), "other", "RS256") is not None
    assert found(jwks(RSA, other), "nobody", "RS256") is None


def test_a_key_without_name_is_for_tokens_of_any_name() -> None:
    nameless = {name: value for name, value in jwk(RSA).items() if name != "kid"}
    assert found(jwks(nameless, EC), "whatever", "RS256") is not None


@pytest.mark.parametrize(
    "unusable",
    [
        OctKey.generate_key(256).as_dict(private=True),
        jwk(RSA, n=jwk(RSA)["n"][:171]),  # 1,026 bits
        jwk(RSA, e="A" * 7 + "AAQAB"),
        jwk(RSA, n="A" * 1_000),
        jwk(RSA, n="!"),
        jwk(RSA, n=7),
        jwk(RSA, n=None),
        jwk(RSA, alg="HS256"),
        jwk(RSA, alg="RS512"),
        jwk(RSA, alg=None),
        jwk(RSA, use="enc"),
        jwk(RSA, use=[]),
        jwk(RSA, key_ops=["encrypt"]),
        jwk(RSA, key_ops=7),
        jwk(RSA, kid=7),
        jwk(RSA, kid=["rsa"]),
        {"kty": "RSA"},
        {"kty": ["RSA"]},
        {},
        jwk(ECKey.generate_key("P-384")),
        jwk(EC, x="AAAA"),
        jwk(EC, crv="P-384"),
        jwk(ED, x="AAAA"),
        jwk(OKPKey.generate_key("X25519")),
        "text",
        None,
        [],
    ],
)
def test_what_is_no_sound_public_key_is_left_out(unusable: Any) -> None:
    with pytest.raises(BadKeys):
        read_keys(json.dumps({"keys": [unusable]}).encode())
    kept = read_keys(json.dumps({"keys": [unusable, jwk(ED)]}).encode())
    assert [key.kid for key in kept] == ["ed"]


def test_a_private_key_in_a_jwks_counts_as_its_public_half() -> None:
    (key,) = read_keys(jwks(EC.as_dict(private=True)))
    assert not key.key.is_private


numbers = st.text(st.sampled_from("ABCabc019-_=+/ é"), max_size=700) | st.none() | st.integers()


@given(
    kind=st.sampled_from([("RSA", None), ("EC", "P-256"), ("OKP", "Ed25519"), ("oct", None)]),
    values=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["n", "e", "x", "y", "d", "k"], numbers)
    ),
)
def test_whatever_a_jwks_says_it_breaks_nothing(
    kind: tuple[str, str | None], values: dict[str, Any]
) -> None:
    odd = {"kty": kind[0], "crv": kind[1]} | values
    kept = read_keys(jwks(odd, ED))
    assert kept[-1].kid == "ed"
    assert all("HS256" not in key.algorithms for key in kept)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": 7}',
        b"[" * 100_000,
        b"-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----",
        RSA.as_pem(private=True),
    ],
)
def test_what_holds_no_keys_is_refused(content: bytes) -> None:
    with pytest.raises(BadKeys):
        read_keys(content)


def test_a_jwks_of_far_too_many_keys_is_refused() -> None:
    assert len(read_keys(jwks(*[EC] * limits.JWKS_KEYS_MAX))) == limits.JWKS_KEYS_MAX
    with pytest.raises(BadKeys):
        read_keys(jwks(*[EC] * (limits.JWKS_KEYS_MAX + 1)))


def test_no_keys_are_no_key() -> None:
    assert choose((), None, "RS256") is None


def test_a_token_names_algorithm_key_and_issuer() -> None:
    token = signed(RSA, {"iss": "https://id.example.com"})
    assert unverified(token) == Unverified("RS256", "rsa", "https://id.example.com")
    nameless = signed(RSA, {"iss": ["x"]}, kid=None)
    assert unverified(nameless) == Unverified("RS256", None, None)


@pytest.mark.parametrize(
    "token",
    [
        *(
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            "a.b.c.d.e",
            "é.é.é",
            "\ud800.a.b",
            "e30.e30.",
            "W10.W10.",
        ),
        "." * 1_000,
        "A" * (limits.TOKEN_BYTES_MAX + 1),
        signed(RSA, {}, kid=7),
        signed(RSA, {"x": "x" * limits.TOKEN_BYTES_MAX}),
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        unverified(token)
