"""Keys of others, and tokens that are signed with them."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
ALGORITHMS: dict[str, Key] = {"RS256": RSA, "ES256": EC, "EdDSA": ED}


def jwk(key: Key, **changes: Any) -> dict[str, Any]:
    """The public half of a key, with other parameters."""
    return {**key.as_dict(private=False), **changes}


def jwks(*keys: Key | dict[str, Any]) -> bytes:
    """A JWKS of these keys."""
    listed = [key if isinstance(key, dict) else jwk(key) for key in keys]
    return json.dumps({"keys": listed}).encode()


def signed(key: Key, claims: dict[str, Any], alg: str = "", **header: Any) -> str:
    """A token with any header, which expires in ten minutes unless the claims say otherwise."""
    known = next((name for name, other in ALGORITHMS.items() if other is key), "RS256")
    head = {"alg": alg or known} | ({"kid": key.kid} if key.kid else {}) | header
    times = {"exp": int(time.time() + 600)}
    text = ".".join(_base64(json.dumps(part).encode()) for part in (head, times | claims))
    signature: bytes = JWSRegistry.algorithms[head["alg"]].sign(text.encode(), key)
    return f"{text}.{_base64(signature)}"


def forged(secret: bytes, claims: dict[str, Any], alg: str, kid: str | None) -> str:
    """A token that is signed with a text as if it were a secret."""
    head = {"alg": alg, "kid": kid}
    times = {"exp": int(time.time() + 600)}
    text = ".".join(_base64(json.dumps(part).encode()) for part in (head, times | claims))
    return f"{text}.{_base64(hmac.digest(secret, text.encode(), f'sha{alg[2:]}'))}"


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
