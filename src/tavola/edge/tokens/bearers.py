"""Bearer tokens: each is verified with the keys of who must have signed it, and no others.

A token that names our OIDC issuer is verified with the issuer's keys. Of all others, one that is
signed with HS256 is verified with the shared secret, every other one with the host app's public
keys. So no key of one can vouch for what is another's, and no public key is ever taken as a secret.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from tavola.core.errors import TokenExpired, TokenInvalid
from tavola.edge.auth import ALGORITHM, TOKENS_KEPT, Claims, Tokens, claims_of
from tavola.edge.tokens.issuer import Issuer
from tavola.edge.tokens.keys import Keys, OneAlgorithm
from tavola.edge.tokens.unverified import Unverified, unverified

Read = Callable[[dict[str, Any]], Claims]
"""What verified claims say. Raises `TokenInvalid`."""


class Signed:
    """Verifies tokens with public keys; remembers which key has verified which, as that costs."""

    def __init__(self, keys: Keys, read: Read) -> None:
        self._keys = keys
        self._read = read
        self._verified: OrderedDict[str, tuple[Key, Claims]] = OrderedDict()

    async def verify(self, token: str, named: Unverified) -> Claims:
        """A token's claims. Raises `TokenInvalid`, `TokenExpired` and `IssuerUnavailable`."""
        key = await self._keys.find(named.kid, named.alg)
        if key is None:
            raise TokenInvalid("The token's key is not known, or not for its algorithm.")
        by, claims = self._verified.get(token, (None, None))
        if claims is None or by is not key:  # a key that was replaced vouches for nothing
            claims = self._decode(token, key, named.alg)
            self._verified[token] = (key, claims)
            if len(self._verified) > TOKENS_KEPT:
                self._verified.popitem(last=False)
        if claims.expires_at <= time.time():
            raise TokenExpired
        return claims

    def _decode(self, token: str, key: Key, algorithm: str) -> Claims:
        try:
            claims = jwt.decode(token, key, registry=OneAlgorithm(algorithm)).claims
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise TokenInvalid from None
        return self._read(claims)


class Bearers:
    """Verifies bearer tokens of the host app and, where there is one, of an issuer."""

    def __init__(
        self,
        tokens: Tokens,
        host_keys: Keys | None = None,
        issuer: tuple[Issuer, Keys] | None = None,
    ) -> None:
        self._tokens = tokens
        self._host = Signed(host_keys, _read_host) if host_keys else None
        self._issuer = Signed(issuer[1], issuer[0].read) if issuer else None
        self._issuer_url = issuer[0].url if issuer else None

    async def verify(self, token: str) -> Claims:
        """A token's claims. Raises `TokenInvalid`, `TokenExpired` and `IssuerUnavailable`."""
        if self._host or self._issuer:
            named = unverified(token)
            if self._issuer and named.issuer == self._issuer_url:
                return await self._issuer.verify(token, named)
            if self._host and named.alg != ALGORITHM:
                return await self._host.verify(token, named)
        return self._tokens.verify(token, session=False)


def _read_host(claims: dict[str, Any]) -> Claims:
    """Only we make sessions."""
    found = claims_of(claims)
    if found.session:
        raise TokenInvalid
    return found
