"""Public keys: read from a JWKS or a PEM file, each pinned to its algorithm.

An RSA key verifies RS256, one on P-256 ES256, one on Ed25519 EdDSA, and nothing else: a token has
no say in it. Secrets in a JWKS are left out, whatever they are for, and so is what we do not know.
Of a key only its public numbers are taken.
"""

from typing import Any, Protocol

import msgspec
from joserfc.errors import JoseError, SecurityWarning, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from tavola.core import limits

_EDDSA = ("EdDSA", "Ed25519")  # its old and its new name, of RFC 8037 and RFC 9864
_NUMBERS = ("kty", "crv", "n", "e", "x", "y")
_BROKEN = (JoseError, SecurityWarning, ValueError, TypeError, KeyError, OverflowError)


class BadKeys(ValueError):
    """What should hold public keys does not."""


class PublicKey(msgspec.Struct, frozen=True):
    """A key with its name, if it has one, and the algorithms that it is for."""

    key: Key
    algorithms: tuple[str, ...]
    kid: str | None = None


class Keys(Protocol):
    """Where public keys come from."""

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names; None when there is none. Raises `IssuerUnavailable`."""
        ...


class FixedKeys:
    """Keys that are known from the start."""

    def __init__(self, keys: tuple[PublicKey, ...]) -> None:
        self._keys = keys

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """See `Keys.find`."""
        return choose(self._keys, kid, algorithm)


class OneAlgorithm(JWSRegistry):
    """Lets one algorithm through, which was chosen by the key.

    Issuers put things of their own into headers: those are no error, but `crit` is.
    """

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm], strict_check_header=False)
        self._algorithm = algorithm

    def get_alg(self, name: str) -> Any:
        """The algorithm. The one in the base class warns of the name EdDSA, which is in use."""
        if name != self._algorithm:
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return self.algorithms[name]


def choose(keys: tuple[PublicKey, ...], kid: str | None, algorithm: str) -> Key | None:
    """The key of that name; where token or key has no name, the only one of the algorithm."""
    fitting = [key for key in keys if algorithm in key.algorithms]
    for key in fitting:
        if kid is not None and key.kid == kid:
            return key.key
    nameless = [key for key in fitting if kid is None or key.kid is None]
    return nameless[0].key if len(nameless) == 1 else None


def read_keys(content: bytes) -> tuple[PublicKey, ...]:
    """The keys in a JWKS, or the one in a PEM file. Raises `BadKeys` when there is none to use."""
    if content.lstrip().startswith(b"-----BEGIN"):
        return (_from_pem(content),)
    return read_jwks(content)


def read_jwks(content: bytes) -> tuple[PublicKey, ...]:
    """The keys in a JWKS that we can use. Raises `BadKeys` when there is none, or far too many."""
    try:
        listed = msgspec.json.decode(content)["keys"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadKeys("it is not a JWKS") from None
    if not isinstance(listed, list) or len(listed) > limits.JWKS_KEYS_MAX:
        raise BadKeys(f"a JWKS has a list of at most {limits.JWKS_KEYS_MAX} keys")
    found = [_from_jwk(jwk) for jwk in listed if isinstance(jwk, dict)]
    keys = tuple(key for key in found if key)
    if not keys:
        raise BadKeys("it has no key for RS256, ES256 or EdDSA")
    return keys


def _from_jwk(jwk: dict[str, Any]) -> PublicKey | None:
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list):
        return None
    algorithms = _algorithms(jwk)
    if "alg" in jwk:
        algorithms = tuple(name for name in algorithms if name == jwk["alg"])
    kid = jwk.get("kid")
    if not algorithms or "verify" not in operations or not isinstance(kid, str | None):
        return None
    key = _imported({name: jwk[name] for name in _NUMBERS if name in jwk})
    return PublicKey(key, algorithms, kid) if key else None


def _algorithms(jwk: dict[str, Any]) -> tuple[str, ...]:
    match jwk.get("kty"), jwk.get("crv"):
        case "RSA", _:
            return ("RS256",)
        case "EC", "P-256":
            return ("ES256",)
        case "OKP", "Ed25519":
            return _EDDSA
        case _:
            return ()


def _imported(numbers: dict[str, Any]) -> Key | None:
    """The key of these numbers; None for one that is too weak, too slow or none at all."""
    if not all(isinstance(value, str) for value in numbers.values()):
        return None
    kinds: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    if numbers["kty"] == "RSA" and not _is_sound(numbers):
        return None
    try:
        return kinds[numbers["kty"]].import_key(numbers)
    except _BROKEN:
        return None


def _is_sound(numbers: dict[str, str]) -> bool:
    """Whether an RSA key is neither weak nor so large that verifying with it takes long."""
    modulus_bits = len(numbers.get("n", "").rstrip("=")) * 6
    exponent_bits = len(numbers.get("e", "").rstrip("=")) * 6
    low, high = limits.RSA_BITS_MIN, limits.RSA_BITS_MAX
    return low <= modulus_bits <= high + 6 and 0 < exponent_bits <= limits.RSA_EXPONENT_BITS_MAX


def _from_pem(content: bytes) -> PublicKey:
    for kind in (OKPKey, ECKey, RSAKey):
        try:
            key = kind.import_key(content)
        except _BROKEN:
            continue
        if key.is_private:
            raise BadKeys("it is a private key; give the public one")
        found = _from_jwk(dict(key.as_dict(private=False)) | {"kid": None})
        if found:
            return found
    raise BadKeys("it has no key for RS256, ES256 or EdDSA")
