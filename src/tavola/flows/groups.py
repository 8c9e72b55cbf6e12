"""Groups and memberships: both joiners of a membership in one transaction."""

from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Changed
from tavola.core.ids import check_id, check_name, group, parse_conversation
from tavola.core.patterns import Place
from tavola.flows.access import (
    Asker,
    Sight,
    access_group,
    access_member,
    access_user,
    manage_group,
    resolve_user,
)
from tavola.flows.flow import Flow
from tavola.flows.tail import tail_of

T = TypeVar("T")

History = Literal["all", "none"]


class Wish(msgspec.Struct, frozen=True):
    """How somebody is to be a member. Without a role: as they are, a new one as `member`."""

    role: e.Role | None = None
    history: History = "all"


def new_group(
    group_id: str, name: str, created_by: str, now: str, visibility: e.Visibility = "listed"
) -> e.Group:
    """A group record of checked parts; raises `Invalid`."""
    return e.Group(
        group_id=check_id(group_id),
        name=check_name(name, "name"),
        names_rev=1,
        visibility=visibility,
        created_at=now,
        created_by=created_by,
    )


def create_group(record: e.Group) -> Flow[e.Group]:
    """Make a group without members. Raises `IdTaken`."""
    yield patterns.create_group(record)
    return record


def found_group(record: e.Group) -> Flow[Sight]:
    """Make a group whose maker is its first member and admin; a host app that is no user is not.

    Raises `IdTaken`, and `Changed` when the maker was renamed meanwhile.
    """
    item = yield patterns.get_user(record.created_by, consistent=True)
    user = table.USER.parse(item) if item else None
    if user is None or user.deleted_at:
        yield patterns.create_group(record)
        return Sight(record, None)
    member = new_member(user, record, "admin", record.created_at)
    yield patterns.create_group(record, patterns.Joining(user, record, member))
    return Sight(record, member)


def new_member(
    user: e.User,
    group: e.Group,
    role: e.Role,
    now: str,
    *,
    head_seq: int = 0,
    history: History = "all",
) -> e.GroupUser:
    """A joiner with the user's names, who has read what was written before, or may not see it."""
    return e.GroupUser(
        group_id=group.group_id,
        user_id=user.user_id,
        joined_at=now,
        role=role,
        handle=user.handle,
        display_name=user.display_name,
        names_rev=user.names_rev,
        read_seq=head_seq,
        visible_from_seq=1 if history == "all" else head_seq + 1,
    )


def join_group(
    group_id: str, user_id: str, role: e.Role, now: str, history: History = "all"
) -> Flow[e.GroupUser]:
    """Make a user a member, who has read all that was written before.

    Joining again changes nothing. Raises `NotFound` (no such group), `UserNotFound`, and `Changed`
    when user or group changed between reading and writing.
    """
    top = yield from access_group(group_id)
    user_item, tail_page, there = yield (
        patterns.get_user(user_id, consistent=True),
        patterns.group_head(group(group_id), consistent=True),
        patterns.get_member(group_id, user_id, consistent=True),
    )
    user = access_user(user_item)
    if there:
        return access_member(there)
    member = new_member(user, top, role, now, head_seq=tail_of(tail_page).head_seq, history=history)
    lost = yield patterns.join_group(patterns.Joining(user, top, member))
    if lost is None:
        return member
    if lost.old is None or lost.old["type"] != "GroupUser":
        raise Changed
    return table.GROUP_USER.parse(lost.old)


def add_user(asker: Asker, group_id: str, user: str, wish: Wish, now: str) -> Flow[e.GroupUser]:
    """Make a user, by id or `@handle`, a member, or give a member another role.

    For the group's admins and admins of all. What of the history a member sees is decided once,
    when they join. Raises what `manage_group` and `join_group` raise.
    """
    yield from manage_group(asker, group_id)
    user_id = yield from resolve_user(user)
    member = yield from join_group(group_id, user_id, wish.role or "member", now, wish.history)
    if wish.role is None or member.role == wish.role:
        return member
    yield patterns.set_role(group_id, user_id, wish.role)
    return msgspec.structs.replace(member, role=wish.role)


def leave_group(group_id: str, user_id: str, now: str) -> Flow[bool]:
    """End a membership, and remember that there was one. Whether there was one until now.

    The user's messages stay. The feed removes the conversation from their inbox.
    """
    lost = yield patterns.leave_group(group_id, user_id, now)
    return lost is None


def remove_user(asker: Asker, group_id: str, user: str, now: str) -> Flow[bool]:
    """Take a user, by id or `@handle`, out of a group: anybody themselves, its admins others.

    Whether they were a member; who leaves learns nothing of a group that they are not in. Raises
    `NotFound`, `Forbidden`, `UserNotFound` (no such handle) and `Invalid`.
    """
    user_id = yield from resolve_user(user)
    if user_id == asker.user_id:
        group_id = parse_conversation(f"group:{group_id}").group_id or ""
    else:
        yield from manage_group(asker, group_id)
    return (yield from leave_group(group_id, user_id, now))


def leave_all(places: Sequence[Place], now: str) -> Flow[list[Place]]:
    """End memberships, many in a transaction; those that there were until now."""
    ended: list[Place] = []
    for some in slices(places, limits.LEAVES_AT_ONCE):
        lost = yield patterns.leave_all(some, now)
        if lost is None:
            ended += some
            continue
        for place in some:
            if (yield from leave_group(*place, now)):
                ended.append(place)
    return ended


def slices(things: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """Things in order, so many at a time."""
    for n in range(0, len(things), size):
        yield tuple(things[n : n + size])


class Change(msgspec.Struct, frozen=True):
    """What to change of a group; what is unset stays."""

    name: str | UnsetType = UNSET
    visibility: e.Visibility | UnsetType = UNSET


def update_group(asker: Asker, group_id: str, change: Change) -> Flow[Sight]:
    """Rename a group, list it or make it private. The feed follows with the copies of its name.

    For the group's admins and admins of all. Raises `NotFound`, `Forbidden`, `Invalid`, and
    `Changed` when somebody else was faster.
    """
    before, member = yield from manage_group(asker, group_id)
    after = before
    if change.name is not UNSET:
        after = msgspec.structs.replace(after, name=check_name(change.name, "name"))
    if change.visibility is not UNSET:
        after = msgspec.structs.replace(after, visibility=change.visibility)
    if after.name != before.name:
        after = msgspec.structs.replace(after, names_rev=before.names_rev + 1)
    if after != before:
        yield patterns.update_group(before, after)
    return Sight(after, member)


def delete_group(asker: Asker, group_id: str, now: str, *, purge: bool) -> Flow[None]:
    """Delete a group; its id stays taken. The feed removes its members and, to `purge`, its log.

    For the group's admins and admins of all. Raises `NotFound`, `Forbidden` and `Changed`.
    """
    sight = yield from manage_group(asker, group_id)
    yield patterns.delete_group(sight.group, now, purge=purge)
