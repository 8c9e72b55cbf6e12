"""What a token says of itself before anybody has verified it: enough to choose the key.

Nothing of it is to be believed. It only says which keys to try, and those are ours to name: what a
header says of keys (`jwk`, `jku`, `x5c`) is never looked at.
"""

from base64 import urlsafe_b64decode

import msgspec

from tavola.core import limits
from tavola.core.errors import TokenInvalid


class Unverified(msgspec.Struct, frozen=True):
    """The algorithm and key that a token names, and its issuer."""

    alg: str
    kid: str | None = None
    issuer: str | None = None


class _Header(msgspec.Struct):
    alg: str
    kid: str | None = None


class _Payload(msgspec.Struct):
    iss: object = None


_header = msgspec.json.Decoder(_Header)
_payload = msgspec.json.Decoder(_Payload)


def unverified(token: str) -> Unverified:
    """What a token names. Raises `TokenInvalid` for what is no token, or a huge one."""
    if len(token) > limits.TOKEN_BYTES_MAX:
        raise TokenInvalid("The token is too long.")
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenInvalid
    try:
        header = _header.decode(_decoded(parts[0]))
        payload = _payload.decode(_decoded(parts[1]))
    except (ValueError, RecursionError):  # of base64, of UTF-8 and of JSON
        raise TokenInvalid from None
    issuer = payload.iss if isinstance(payload.iss, str) else None
    return Unverified(header.alg, header.kid, issuer)


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
