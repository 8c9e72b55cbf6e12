"""Endpoints of users."""

import msgspec

from tavola.core import limits, views
from tavola.core.entities import User
from tavola.core.errors import (
    Changed,
    Forbidden,
    HandleTaken,
    IdTaken,
    Invalid,
    NotFound,
    RateLimited,
    UserNotFound,
    invalid,
)
from tavola.edge import clock
from tavola.edge.http import types
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import blocking, erasing, users
from tavola.flows.access import Asker


@endpoint(
    "POST",
    "/users",
    auth="admin",
    body=types.UserBody,
    reply=views.UserView,
    statuses=(201,),
    errors=(Forbidden, IdTaken, HandleTaken, Invalid),
)
async def create_user(call: Call[types.UserBody, NoQuery]) -> Reply:
    """Make a user (admins)

    `id` is the host app's own id where it fits; handles are unique.
    """
    call.require_admin()
    body = call.body
    user = users.new_user(
        body.id if body.id is not None else clock.new_id(),
        body.handle,
        body.display_name,
        call.now,
        location=body.location,
        interests=body.interests or frozenset(),
        admin=body.admin,
    )
    password = body.password
    password_hash = await call.server.passwords.hash(password) if password is not None else None
    return Reply(views.user_of(await call.server.run(users.create_user(user, password_hash))), 201)


@endpoint(
    "GET",
    "/users",
    auth="admin",
    query=types.UsersQuery,
    reply=views.UsersView,
    errors=(NotFound, RateLimited, Invalid),
)
async def list_users(call: Call[None, types.UsersQuery]) -> Reply:
    """Find users by the beginning of their handle, or list all (admins)

    With `prefix` at most ten, without a next page; an installation can switch this off, then it is
    not there. Without it admins get all users by name, a page at a time.
    """
    prefix = call.query.prefix
    if prefix is not None:
        return Reply(views.UsersView(users=await _search(call, prefix)))
    if not call.caller.admin:
        raise invalid("prefix", "missing", "is missing; only admins list all users")
    key = call.cursor_key("users")
    cursor = call.query.cursor
    start = key.open(cursor, 1)[0] if cursor is not None else None
    limit = min(call.query.limit, limits.PAGE_MAX)
    page, following = await call.server.run(users.list_users(limit, start))
    return Reply(
        views.UsersView(
            users=[views.user_of(user) for user in page],
            next=key.seal((following,)) if following is not None else None,
        )
    )


async def _search(call: Call[None, types.UsersQuery], prefix: str) -> list[views.UserView]:
    searches = call.server.searches
    if searches is None:
        raise NotFound
    wait_s = searches.wait_s(call.user_id)
    if wait_s:
        raise RateLimited(retry_after_s=wait_s)
    searches.count(call.user_id)
    found = await call.server.run(users.search_users(prefix))
    return [_seen(call.asker, user) for user in found]


def _seen(asker: Asker, user: User) -> views.UserView:
    """What the asker may see of a user."""
    if asker.admin or asker.user_id == user.user_id:
        return views.user_of(user)
    return views.other_of(user)


@endpoint("GET", "/users/{user}", reply=views.UserView, errors=(UserNotFound, Invalid))
async def get_user(call: Call[None, NoQuery]) -> Reply:
    """Look at a user, by id or `@handle`

    Themselves and admins see the whole profile, others `id`, `handle` and `display_name`.
    """
    user = await call.server.run(users.find_user(call.path["user"]))
    return Reply(_seen(call.asker, user))


@endpoint(
    "PATCH",
    "/users/{user}",
    auth="admin",
    body=types.UserChangesBody,
    reply=views.UserView,
    errors=(Forbidden, UserNotFound, HandleTaken, Changed, Invalid),
)
async def change_user(call: Call[types.UserChangesBody, NoQuery]) -> Reply:
    """Change a user (admins)

    As with one's own profile, and whether they are an admin, which counts within a minute.
    """
    call.require_admin()
    user = await call.server.run(users.find_user(call.path["user"]))
    profile = users.Profile(**msgspec.structs.asdict(call.body))
    return Reply(views.user_of(await call.server.run(users.update_user(user.user_id, profile))))


@endpoint(
    "DELETE",
    "/users/{user}",
    auth="admin",
    statuses=(202,),
    errors=(Forbidden, UserNotFound, Changed, Invalid),
)
async def erase_user(call: Call[None, NoQuery]) -> Reply:
    """Erase a user, for ever (admins)

    Profile, handle, password and identities are gone with the reply. What they wrote, their groups
    and their inbox follow a moment later; direct conversations stay readable for the others, with
    a deleted user. The id is not given out again. Repeating it with the id changes nothing.
    """
    call.require_admin()
    user = call.path["user"]
    if user.startswith("@"):
        user = (await call.server.run(users.find_user(user))).user_id
    await call.server.run(erasing.erase_user(user, call.now))
    return Reply(status=202)


@endpoint(
    "PUT",
    "/users/{user}/password",
    auth="admin",
    body=types.PasswordBody,
    statuses=(204,),
    errors=(Forbidden, UserNotFound, Invalid),
)
async def set_password(call: Call[types.PasswordBody, NoQuery]) -> Reply:
    """Give a user a password (admins)

    Their sessions end.
    """
    call.require_admin()
    user = await call.server.run(users.find_user(call.path["user"]))
    password_hash = await call.server.passwords.hash(call.body.password)
    await call.server.run(users.set_password(user.user_id, password_hash, clock.now()))
    return Reply(status=204)


@endpoint("PUT", "/users/{user}/block", statuses=(204,), errors=(UserNotFound, Invalid))
async def block_user(call: Call[None, NoQuery]) -> Reply:
    """Block a user

    Neither of the two can write to the other any more, as in a closed conversation. Reading stays,
    and groups are not affected. Repeating it changes nothing.
    """
    await call.server.run(blocking.block_user(call.user_id, call.path["user"]))
    return Reply(status=204)


@endpoint("DELETE", "/users/{user}/block", statuses=(204,), errors=(UserNotFound, Invalid))
async def unblock_user(call: Call[None, NoQuery]) -> Reply:
    """Let a user write again whom one has blocked

    It changes nothing where there is no block.
    """
    await call.server.run(blocking.unblock_user(call.user_id, call.path["user"]))
    return Reply(status=204)
