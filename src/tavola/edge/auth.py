"""Who is calling: host-app tokens, sessions of the built-in sign-in, and passwords.

A host app signs a JWT, with the shared secret (HS256) or a key of its own (see `tokens`): `sub` is
the user's id, `exp` is required, `scope` may hold `admin`, `aud` may be `tavola` and nothing else
(RFC 7519: a token that names others is not for us). A session is a JWT of our own in a cookie, told
apart by its audience: neither is accepted in the place of the other. Algorithms are pinned;
`alg: none` never verifies.
"""

import asyncio
import re
import time
import warnings
from collections import OrderedDict
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OctKey

from tavola.core import limits
from tavola.core.errors import TokenExpired, TokenInvalid, invalid
from tavola.core.ids import ID_PATTERN, check_text
from tavola.core.persons import Person

ALGORITHM = "HS256"
AUDIENCE = "tavola"  # of host-app tokens, where they name any
SESSION_AUDIENCE = "tavola-session"
COOKIE = "tavola_session"
CLOCK_SKEW_S = 60  # for `nbf`; `exp` is kept to the second
TOKENS_KEPT = 10_000

_ID = re.compile(ID_PATTERN)
_LATE_S = 1e12  # tens of thousands of years: beyond it a time is in other units, infinite or NaN


class Claims(msgspec.Struct, frozen=True):
    """What a verified token says. `issued_at` and `expires_at` are seconds since 1970.

    Of an issuer's token the person is known, and not yet which user of ours they are.
    """

    subject: str
    admin: bool
    expires_at: float
    issued_at: float = 0.0
    session: bool = False
    person: Person | None = None


class Tokens:
    """Makes and verifies tokens; remembers which it has verified, because that costs."""

    def __init__(self, secret: str) -> None:
        with warnings.catch_warnings():  # a short secret is told once, at the start
            warnings.simplefilter("ignore", SecurityWarning)
            self._key = OctKey.import_key(secret.encode())
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    def verify(self, token: str, *, session: bool) -> Claims:
        """A token's claims. Raises `TokenInvalid` and `TokenExpired`."""
        claims = self._verified.get(token)
        if claims is None:
            claims = self._verified[token] = self._decode(token)
            if len(self._verified) > TOKENS_KEPT:
                self._verified.popitem(last=False)
        if claims.expires_at <= time.time():
            raise TokenExpired
        if claims.session is not session:
            raise TokenInvalid
        return claims

    def mint(self, subject: str, lifetime_s: float, *, admin: bool = False) -> str:
        """A host-app token."""
        scope = {"scope": "admin"} if admin else {}
        return self._encode({"sub": subject, **scope}, lifetime_s)

    def mint_session(self, subject: str, lifetime_s: float) -> str:
        """A session for the cookie."""
        return self._encode({"sub": subject, "aud": SESSION_AUDIENCE}, lifetime_s)

    def _encode(self, claims: dict[str, Any], lifetime_s: float) -> str:
        now = time.time()
        times = {"iat": round(now, 3), "exp": int(now + lifetime_s)}
        return jwt.encode({"alg": ALGORITHM}, {**claims, **times}, self._key)

    def _decode(self, token: str) -> Claims:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise TokenInvalid from None
        return claims_of(claims)


def claims_of(claims: dict[str, Any]) -> Claims:
    """What a host app's token or a session says, once it is verified. Raises `TokenInvalid`."""
    subject, scope = claims.get("sub"), claims.get("scope", "")
    if not isinstance(subject, str) or not _ID.fullmatch(subject):
        raise TokenInvalid("The token's `sub` is not a user id.")
    if not isinstance(scope, str | list):
        raise TokenInvalid("The token's `scope` is neither text nor a list.")
    check_begun(claims)
    audiences = claims.get("aud", AUDIENCE)
    if audiences != SESSION_AUDIENCE and AUDIENCE not in listed(audiences):
        raise TokenInvalid("The token's `aud` names somebody else.")
    return Claims(
        subject=subject,
        admin="admin" in (scope.split() if isinstance(scope, str) else scope),
        expires_at=seconds_of(claims, "exp", None),
        issued_at=seconds_of(claims, "iat", 0.0),
        session=audiences == SESSION_AUDIENCE,
    )


def check_begun(claims: dict[str, Any]) -> None:
    """Raise `TokenInvalid` for a token that is not valid yet."""
    if seconds_of(claims, "nbf", 0.0) > time.time() + CLOCK_SKEW_S:
        raise TokenInvalid("The token is not valid yet.")


def listed(audiences: Any) -> list[Any]:
    """The audiences that a token names, be it one or several."""
    return audiences if isinstance(audiences, list) else [audiences]


def seconds_of(claims: dict[str, Any], name: str, default: float | None) -> float:
    """A claim that is a time; `TokenInvalid` when it is none, or is missing without default."""
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LATE_S:
        raise TokenInvalid(f"The token's `{name}` is not a time in seconds.")
    return float(value)


class Passwords:
    """Hashes passwords with argon2, two at a time: each takes 64 MB and tens of milliseconds."""

    NOBODYS_HASH = (
        "$argon2id$v=19$m=65536,t=3,p=4$JIB26GOhMfjFVlucjxAfcg"
        "$LKniZ9R5VZkg8vVKI5GRu5S+1VFqOzxqG/IZ/PLaZrk"
    )
    """Checked when there is no such user, so that the answer takes as long."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(2)

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises `Invalid` for a password that is too short or too long."""
        from argon2 import PasswordHasher

        if len(password) < limits.PASSWORD_CODE_POINTS_MIN:
            least = limits.PASSWORD_CODE_POINTS_MIN
            raise invalid("password", "too_short", f"must be at least {least} characters")
        check_text(password, "password", limits.PASSWORD_CODE_POINTS_MAX)
        async with self._room:
            return await asyncio.to_thread(PasswordHasher().hash, password)

    async def matches(self, password_hash: str, password: str) -> bool:
        """Whether this is the password."""
        async with self._room:
            return await asyncio.to_thread(_matches, password_hash, password)


def _matches(password_hash: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


class Attempts:
    """Counts attempts by key in a sliding window, in memory."""

    def __init__(self, attempts_max: int, window_s: float, keys_max: int = 10_000) -> None:
        self._attempts_max = attempts_max
        self._window_s = window_s
        self._keys_max = keys_max
        self._times: OrderedDict[str, list[float]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Seconds until the next attempt is allowed, 0 for now."""
        now = time.monotonic()
        recent = [at for at in self._times.get(key, []) if at > now - self._window_s]
        if len(recent) < self._attempts_max:
            return 0
        return max(1, round(recent[-self._attempts_max] + self._window_s - now))

    def count(self, key: str) -> None:
        """Note an attempt."""
        times = self._times.setdefault(key, [])
        times.append(time.monotonic())
        del times[: -self._attempts_max]
        self._times.move_to_end(key)
        if len(self._times) > self._keys_max:
            self._times.popitem(last=False)

    def forget(self, key: str) -> None:
        """A success clears the count."""
        self._times.pop(key, None)
