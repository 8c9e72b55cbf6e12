"""Who calls: from the bearer token or the session cookie to a user of ours.

A token is only as good as its user: one who is not there (any more) is refused. An issuer's token
names a person, whose first sign-in makes the user. Both is read once and remembered for a minute,
so that it is not paid for with each message. A session ends when its user's password is changed.
"""

import time
from collections import OrderedDict
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from tavola.core import patterns, table
from tavola.core.errors import (
    CallerUnknown,
    OriginRefused,
    TokenExpired,
    TokenInvalid,
    Unauthenticated,
    UserNotFound,
)
from tavola.core.persons import Person
from tavola.core.times import to_epoch_ms
from tavola.edge import clock
from tavola.edge.auth import COOKIE, Claims, Tokens
from tavola.edge.ports import Run
from tavola.edge.tokens.bearers import Bearers
from tavola.flows.access import find_user
from tavola.flows.flow import Flow
from tavola.flows.identities import sign_in

KNOWN_S = 60.0
KNOWN_MAX = 10_000

Auth = Literal["none", "user", "admin"]
"""Who may call an endpoint: anybody, a user of ours, or also an admin who need not be a user."""


class Caller(msgspec.Struct, frozen=True):
    """Who calls; an empty id is nobody."""

    user_id: str = ""
    admin: bool = False
    session: bool = False


class Callers:
    """Finds out who calls."""

    def __init__(self, tokens: Tokens, bearers: Bearers, run: Run) -> None:
        self._tokens = tokens
        self._bearers = bearers
        self._run = run
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._linked: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    async def identify(self, headers: dict[bytes, bytes], *, writes: bool, auth: Auth) -> Caller:
        """The caller of a request with these headers.

        Raises `Unauthenticated`, `TokenInvalid`, `TokenExpired`, `IssuerUnavailable`,
        `CallerUnknown` and `OriginRefused`.
        """
        try:
            return await self._identify(headers, writes=writes, auth=auth)
        except (TokenInvalid, TokenExpired, CallerUnknown):
            if auth == "none" and b"authorization" not in headers:
                return Caller()  # a session that is over must not keep anybody from signing in
            raise

    async def _identify(self, headers: dict[bytes, bytes], *, writes: bool, auth: Auth) -> Caller:
        claims = await self._claims(headers, writes=writes)
        if claims is None:
            if auth == "none":
                return Caller()
            raise Unauthenticated
        if claims.admin and auth == "admin":
            return Caller(claims.subject, admin=True)
        if claims.session:
            await self._run(_check_session(claims))
        user_id = await self._user_of(claims.person) if claims.person else claims.subject
        admin = await self._known_admin(user_id)
        return Caller(user_id, claims.admin or admin, claims.session)

    async def _claims(self, headers: dict[bytes, bytes], *, writes: bool) -> Claims | None:
        authorization = headers.get(b"authorization")
        if authorization is not None:
            scheme, _, token = authorization.decode("latin-1").partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise TokenInvalid("The Authorization header is not `Bearer TOKEN`.")
            return await self._bearers.verify(token.strip())
        session = _cookie(headers.get(b"cookie", b"").decode("latin-1"))
        if session is None:
            return None
        if writes:
            check_origin(headers)
        return self._tokens.verify(session, session=True)

    async def _user_of(self, person: Person) -> str:
        """The id of a person's user, who is made at their first sign-in."""
        key = (person.issuer, person.subject)
        known = self._linked.get(key)
        if known and known[0] > time.monotonic():
            return known[1]
        user_id = await self._run(sign_in(person, clock.new_id(), clock.now()))
        self._linked[key] = (time.monotonic() + KNOWN_S, user_id)
        if len(self._linked) > KNOWN_MAX:
            self._linked.popitem(last=False)
        return user_id

    async def _known_admin(self, user_id: str) -> bool:
        """Whether a user of ours is an admin; `CallerUnknown` for who is no user."""
        known = self._known.get(user_id)
        if known and known[0] > time.monotonic():
            return known[1]
        admin = await self._run(_look_up(user_id))
        self._known[user_id] = (time.monotonic() + KNOWN_S, admin)
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return admin


def check_origin(headers: dict[bytes, bytes]) -> None:
    """Refuse a write with the cookie that another site's page has caused."""
    origin = headers.get(b"origin")
    if origin is None:
        return
    try:
        site = urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        raise OriginRefused from None
    if site != headers.get(b"host", b"").decode("latin-1"):
        raise OriginRefused


def _cookie(header: str) -> str | None:
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE and value:
            return value
    return None


def _look_up(user_id: str) -> Flow[bool]:
    try:
        user = yield from find_user(user_id)
    except UserNotFound:
        raise CallerUnknown(f"The token's user {user_id} does not exist.") from None
    return bool(user.admin)


def _check_session(claims: Claims) -> Flow[None]:
    item = yield patterns.get_password(claims.subject)
    if item is None:
        raise TokenInvalid("The session has ended.")
    if to_epoch_ms(table.PASSWORD.parse(item).set_at) > round(claims.issued_at * 1000):
        raise TokenInvalid("The session ended when the password was changed.")
