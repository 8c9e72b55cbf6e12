"""Access patterns of groups and memberships.

A membership is two joiners, `GroupUser` and `UserGroup`. They are only ever written together, in
one transaction, so that there are both or neither.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import errors, table
from tavola.core.ids import fold_name
from tavola.core.items import Item, key_of
from tavola.core.operations import (
    And,
    Check,
    Delete,
    Equals,
    Exists,
    Get,
    Missing,
    Part,
    Put,
    Query,
    Transact,
    Update,
)
from tavola.core.patterns.declared import (
    LISTED_HIGH,
    LISTED_LOW,
    USERS_HIGH,
    USERS_LOW,
    pattern,
    same_names,
)


class Place(NamedTuple):
    """Who may be where."""

    group_id: str
    user_id: str


class Joining(NamedTuple):
    """A user becomes a member of a group: both as they were read, and the joiner to be."""

    user: e.User
    group: e.Group
    member: e.GroupUser


@pattern("What is this group?", "pk = GROUP#g and sk = A", "0.5 RRU")
def get_group(group_id: str, *, consistent: bool = False) -> Get:
    return Get("get_group", table.GROUP.key(group_id=group_id), consistent)


@pattern("Is this user in this group?", "pk = GROUP#g and sk = USER#u", "0.5 RRU")
def get_member(group_id: str, user_id: str, *, consistent: bool = False) -> Get:
    return Get("get_member", table.GROUP_USER.key(group_id=group_id, user_id=user_id), consistent)


@pattern("Who is in this group?", "pk = GROUP#g, sk from USER#", "1 RRU per 4 KB")
def list_members(group_id: str, limit: int, start: str | None = None) -> Query:
    pk = f"GROUP#{group_id}"
    return Query("list_members", pk, USERS_LOW, USERS_HIGH, limit, consistent=True, start=start)


@pattern("All groups by name, or those whose name begins so", "pk = GROUPS", "0.5 RRU per 4 KB")
def list_groups(
    limit: int, start: str | None = None, *, prefix: str = "", consistent: bool = False
) -> Query:
    """`prefix` is the folded beginning of a name."""
    low, high = prefix or LISTED_LOW, prefix + LISTED_HIGH
    return Query("list_groups", "GROUPS", low, high, limit, consistent=consistent, start=start)


@pattern("Create a group", "Group, missing before, and GroupName; joiners?", "4-10 WRU")
def create_group(group: e.Group, first: Joining | None = None) -> Transact:
    """The group, and its first member if it has one from the start."""
    parts: list[Part] = [
        Put("create_group", table.GROUP.build(group), Missing(), errors.IdTaken),
        Put("create_group", listed_group(group)),
    ]
    if first:
        parts += joiners("create_group", first)
        parts.append(unchanged("create_group", first.user))
    return Transact("create_group", tuple(parts))


@pattern("Join a group", "both joiners missing; user and group as they were read", "8 WRU")
def join_group(joining: Joining) -> Transact:
    """Both joiners, with the names that both top records still have."""
    return Transact("join_group", _join_parts("join_group", (joining,)))


@pattern("Several join", "as one joins; each user and group is checked once", "2 WRU each")
def join_all(joinings: tuple[Joining, ...]) -> Transact:
    """At most 33 of one group, or groups of one user."""
    return Transact("join_all", _join_parts("join_all", joinings))


@pattern("Change a member's role", "update GroupUser, a member before", "1 WRU")
def set_role(group_id: str, user_id: str, role: e.Role) -> Update:
    key = table.GROUP_USER.key(group_id=group_id, user_id=user_id)
    return Update("set_role", key, table.GROUP_USER.stamp(role=role), (), Exists(), errors.NotFound)


@pattern("Change a group", "the group as it was read; its place by name", "4-6 WRU")
def update_group(before: e.Group, after: e.Group) -> Transact:
    """What has changed of the record, and its place in the list of names, moved or as it was."""
    old, new = table.GROUP.build(before), table.GROUP.build(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    update = Update("update_group", key_of(new), changed, (), _as_read(before), errors.Changed)
    parts: list[Part] = [update, Put("update_group", listed_group(after))]
    if key_of(listed_group(before)) != key_of(listed_group(after)):
        parts.append(Delete("update_group", key_of(listed_group(before))))
    return Transact("update_group", tuple(parts))


@pattern("Delete a group", "the group as it was read; its name is free", "4 WRU")
def delete_group(group: e.Group, now: str, *, purge: bool) -> Transact:
    """The record stays, so that its id is never used again."""
    key = table.GROUP.key(group_id=group.group_id)
    told = {"deleted_at": now} | ({"purge": True} if purge else {})
    stamped = table.GROUP.stamp(**told)
    return Transact(
        "delete_group",
        (
            Update("delete_group", key, stamped, (), _as_read(group), errors.Changed),
            Delete("delete_group", key_of(listed_group(group))),
        ),
    )


@pattern("Leave a group", "both joiners deleted, LeftGroup put; a member before", "6 WRU")
def leave_group(group_id: str, user_id: str, now: str) -> Transact:
    """`Lost` when the user is no member."""
    return Transact("leave_group", _leave_parts("leave_group", Place(group_id, user_id), now))


@pattern("Several leave", "as one leaves; all are members before", "2 WRU each")
def leave_all(places: tuple[Place, ...], now: str) -> Transact:
    """At most 33; `Lost` when one of them is no member."""
    parts = [part for place in places for part in _leave_parts("leave_all", place, now)]
    return Transact("leave_all", tuple(parts))


def _leave_parts(name: str, place: Place, now: str) -> tuple[Part, ...]:
    group_id, user_id = place
    left = e.LeftGroup(user_id=user_id, group_id=group_id, left_at=now)
    return (
        Delete(name, table.GROUP_USER.key(group_id=group_id, user_id=user_id), Exists()),
        Delete(name, table.USER_GROUP.key(group_id=group_id, user_id=user_id)),
        Put(name, table.LEFT_GROUP.build(left)),
    )


def _join_parts(name: str, joinings: Sequence[Joining]) -> tuple[Part, ...]:
    """Both joiners of each, first all of these; then each user and group once, as it was read."""
    puts = [part for joining in joinings for part in joiners(name, joining)]
    users = {joining.user.user_id: joining.user for joining in joinings}
    groups = {joining.group.group_id: joining.group for joining in joinings}
    tops: tuple[e.User | e.Group, ...] = (*users.values(), *groups.values())
    return (*puts, *(unchanged(name, top) for top in tops))


def joiners(name: str, joining: Joining) -> list[Part]:
    """Both joiners of a membership, none there before, as parts of a transaction."""
    user, group, member = joining
    edge = e.UserGroup(
        user_id=user.user_id,
        group_id=group.group_id,
        joined_at=member.joined_at,
        name=group.name,
    )
    return [
        Put(name, table.GROUP_USER.build(member), Missing()),
        Put(name, table.USER_GROUP.build(edge)),
    ]


def unchanged(name: str, top: e.User | e.Group) -> Check:
    """In a transaction: the record is alive and has the names that were read."""
    if isinstance(top, e.User):
        key = table.USER.key(user_id=top.user_id)
    else:
        key = table.GROUP.key(group_id=top.group_id)
    return Check(name, key, same_names(top.names_rev), errors.Changed)


def _as_read(group: e.Group) -> And:
    return And((same_names(group.names_rev), Equals("visibility", group.visibility)))


def listed_group(group: e.Group) -> Item:
    """A group's place in the list of names."""
    return table.GROUP_NAME.build(
        e.GroupName(
            folded=fold_name(group.name),
            group_id=group.group_id,
            name=group.name,
            visibility=group.visibility,
        )
    )
