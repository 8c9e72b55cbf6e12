"""The directory: create, show and find users, and set their passwords."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Invalid
from tavola.core.ids import (
    check_handle,
    check_id,
    check_interests,
    check_name,
    check_prefix,
    check_text,
)
from tavola.flows.access import access_user, resolve_user
from tavola.flows.flow import Flow


def new_user(
    user_id: str,
    handle: str,
    display_name: str,
    now: str,
    *,
    location: str | None = None,
    interests: frozenset[str] = frozenset(),
    admin: bool = False,
) -> e.User:
    """A user record of checked parts; raises `Invalid`."""
    return e.User(
        user_id=check_id(user_id),
        handle=check_handle(handle),
        display_name=check_name(display_name),
        names_rev=1,
        created_at=now,
        admin=admin or None,
        location=_location(location),
        interests=check_interests(interests) or None,
    )


def create_user(user: e.User, password_hash: str | None = None) -> Flow[e.User]:
    """Make a user with a unique handle. Raises `IdTaken` and `HandleTaken`."""
    password = None
    if password_hash is not None:
        password = e.Password(user_id=user.user_id, hash=password_hash, set_at=user.created_at)
    yield patterns.create_user(user, password)
    return user


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a user; what is unset stays, None removes."""

    handle: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    location: str | UnsetType | None = UNSET
    interests: frozenset[str] | UnsetType | None = UNSET
    admin: bool | UnsetType = UNSET


def update_user(user_id: str, profile: Profile) -> Flow[e.User]:
    """Change a user's profile; the old handle is free again. The feed follows with the copies.

    Raises `UserNotFound`, `HandleTaken`, `Invalid`, and `Changed` when somebody else was faster.
    """
    before = access_user((yield patterns.get_user(user_id, consistent=True)))
    after = _changed(before, profile)
    if after == before:
        return before
    if (after.handle, after.display_name) != (before.handle, before.display_name):
        after = msgspec.structs.replace(after, names_rev=before.names_rev + 1)
    yield patterns.update_user(before, after)
    return after


def _changed(user: e.User, profile: Profile) -> e.User:
    changes: dict[str, Any] = {}
    if profile.handle is not UNSET:
        changes["handle"] = check_handle(profile.handle)
    if profile.display_name is not UNSET:
        changes["display_name"] = check_name(profile.display_name)
    if profile.location is not UNSET:
        changes["location"] = _location(profile.location)
    if profile.interests is not UNSET:
        changes["interests"] = check_interests(profile.interests or frozenset()) or None
    if profile.admin is not UNSET:
        changes["admin"] = profile.admin or None
    return msgspec.structs.replace(user, **changes)


def _location(value: str | None) -> str | None:
    if value is None:
        return None
    return check_text(value, "location", limits.LOCATION_CODE_POINTS_MAX)


def find_user(id_or_handle: str) -> Flow[e.User]:
    """A user by id or `@handle`; `UserNotFound`."""
    user_id = yield from resolve_user(id_or_handle)
    return access_user((yield patterns.get_user(user_id, consistent=True)))


def search_users(prefix: str) -> Flow[list[e.User]]:
    """At most ten users whose handle begins so, in the order of their handles."""
    page = yield patterns.handles_by_prefix(check_prefix(prefix))
    handles = [table.HANDLE.parse(item) for item in page.items]
    return (yield from _users([handle.user_id for handle in handles]))


def list_users(limit: int, start: str | None = None) -> Flow[tuple[list[e.User], str | None]]:
    """A page of all users by name, and where the next one starts."""
    ids, following = yield from list_user_ids(limit, start)
    return (yield from _users(ids)), following


def list_user_ids(limit: int, start: str | None = None) -> Flow[tuple[list[str], str | None]]:
    """A page of the ids of all users by name, and where the next one starts."""
    page = yield patterns.list_users(limit, start)
    return [table.USER_NAME.parse(item).user_id for item in page.items], page.next


def set_password(user_id: str, password_hash: str, now: str) -> Flow[None]:
    """Give a user another password; `UserNotFound`."""
    yield patterns.set_password(e.Password(user_id=user_id, hash=password_hash, set_at=now))


def get_credentials(handle: str) -> Flow[tuple[e.User, e.Password] | None]:
    """Who would sign in with this handle, and what their password is checked against."""
    try:
        known = check_handle(handle)
    except Invalid:
        return None
    item = yield patterns.get_handle(known.lower(), consistent=True)
    if item is None:
        return None
    user_id = table.HANDLE.parse(item).user_id
    user, password = yield (
        patterns.get_user(user_id, consistent=True),
        patterns.get_password(user_id),
    )
    if user is None or "deleted_at" in user or password is None:
        return None
    return access_user(user), table.PASSWORD.parse(password)


def _users(user_ids: list[str]) -> Flow[list[e.User]]:
    if not user_ids:
        return []
    items = yield tuple(patterns.get_user(user_id) for user_id in user_ids)
    users = [table.USER.parse(item) for item in items if item]
    return [user for user in users if user.deleted_at is None]
