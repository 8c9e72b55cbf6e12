"""Endpoints of the built-in sign-in, and of one's own record."""

from typing import Any

import msgspec

from tavola.core import views
from tavola.core.entities import User
from tavola.core.errors import (
    Changed,
    CredentialsWrong,
    HandleTaken,
    Invalid,
    OriginRefused,
    RateLimited,
    UserNotFound,
)
from tavola.edge import clock
from tavola.edge.auth import COOKIE
from tavola.edge.http import types
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import users


class DemoView(views.View, frozen=True):
    """The people of a demo and their common password."""

    password: str
    users: list[views.UserView]


class SessionView(views.View, frozen=True):
    """Who is signed in, if anybody, and whom a demo offers."""

    user: views.UserView | None
    demo: DemoView | None


class SignedInView(views.View, frozen=True):
    """Who has signed in."""

    user: views.UserView


@endpoint("GET", "/session", auth="none", reply=SessionView)
async def get_session(call: Call[None, NoQuery]) -> Reply:
    """See who is signed in"""
    user = None
    if call.caller.user_id:
        user = views.user_of(await call.server.run(users.find_user(call.user_id)))
    return Reply(SessionView(user=user, demo=await _demo(call)))


@endpoint(
    "POST",
    "/session",
    auth="none",
    body=types.SignInBody,
    reply=SignedInView,
    errors=(CredentialsWrong, OriginRefused, RateLimited, Invalid),
)
async def sign_in(call: Call[types.SignInBody, NoQuery]) -> Reply:
    """Sign in with handle and password

    Sets an `HttpOnly`, `SameSite=Lax` cookie. Attempts are limited per handle and address.
    """
    handle, attempts, turns = call.body.handle, call.server.sign_ins, call.server.turns
    keys = (f"client:{call.client}", f"handle:{handle.removeprefix('@').lower()[:64]}")
    async with turns.of(keys[0]), turns.of(keys[1]):  # many at once must not slip through
        wait_s = max(attempts.wait_s(key) for key in keys)
        if wait_s:
            raise RateLimited(retry_after_s=wait_s)
        user = await _check(call, handle, call.body.password)
        if user is None:
            for key in keys:
                attempts.count(key)
            raise CredentialsWrong
        attempts.forget(keys[1])
    return Reply(SignedInView(user=views.user_of(user)), headers=(_cookie(call, user.user_id),))


@endpoint("DELETE", "/session", auth="none", statuses=(204,), errors=(OriginRefused,))
async def sign_out(call: Call[None, NoQuery]) -> Reply:
    """Sign out"""
    return Reply(status=204, headers=(_set_cookie("", 0, secure=call.secure),))


@endpoint("GET", "/me", reply=views.UserView, errors=(UserNotFound,))
async def get_me(call: Call[None, NoQuery]) -> Reply:
    """Look at one's own record"""
    return Reply(views.user_of(await call.server.run(users.find_user(call.user_id))))


@endpoint(
    "PATCH",
    "/me",
    body=types.ProfileBody,
    reply=views.UserView,
    errors=(UserNotFound, HandleTaken, Changed, Invalid),
)
async def change_me(call: Call[types.ProfileBody, NoQuery]) -> Reply:
    """Change one's profile

    Another handle frees the old one at once; conversations show new names a moment later.
    """
    profile = users.Profile(**msgspec.structs.asdict(call.body))
    return Reply(views.user_of(await call.server.run(users.update_user(call.user_id, profile))))


@endpoint(
    "PUT",
    "/me/password",
    body=types.OwnPasswordBody,
    statuses=(204,),
    errors=(CredentialsWrong, RateLimited, Invalid),
)
async def change_password(call: Call[types.OwnPasswordBody, NoQuery]) -> Reply:
    """Change one's password

    All sessions end but this one.
    """
    key = f"own:{call.user_id}"
    me = await call.server.run(users.find_user(call.user_id))
    async with call.server.turns.of(key):
        wait_s = call.server.sign_ins.wait_s(key)
        if wait_s:
            raise RateLimited(retry_after_s=wait_s)
        if await _check(call, me.handle, call.body.current) is None:
            call.server.sign_ins.count(key)
            raise CredentialsWrong("The current password is wrong.")
    password_hash = await call.server.passwords.hash(call.body.new)
    await call.server.run(users.set_password(me.user_id, password_hash, clock.now()))
    headers = (_cookie(call, me.user_id),) if call.caller.session else ()
    return Reply(status=204, headers=headers)


async def _check(call: Call[Any, NoQuery], handle: str, password: str) -> User | None:
    """The user whose password this is; takes as long when there is no such user."""
    passwords = call.server.passwords
    found = await call.server.run(users.get_credentials(handle))
    if len(password) > 1024:
        return None
    kept = found[1].hash if found else passwords.NOBODYS_HASH
    matches = await passwords.matches(kept, password)
    return found[0] if found and matches else None


def _cookie(call: Call[Any, NoQuery], user_id: str) -> tuple[bytes, bytes]:
    lifetime_s = call.server.session_s
    token = call.server.tokens.mint_session(user_id, lifetime_s)
    return _set_cookie(token, int(lifetime_s), secure=call.secure)


def _set_cookie(value: str, max_age_s: int, *, secure: bool) -> tuple[bytes, bytes]:
    cookie = f"{COOKIE}={value}; Max-Age={max_age_s}; Path=/; HttpOnly; SameSite=Lax"
    return b"set-cookie", (cookie + ("; Secure" if secure else "")).encode()


async def _demo(call: Call[None, NoQuery]) -> DemoView | None:
    demo = call.server.demo
    if demo is None:
        return None
    people = [await call.server.run(users.find_user(f"@{handle}")) for handle in demo.handles]
    return DemoView(password=demo.password, users=[views.user_of(user) for user in people])
