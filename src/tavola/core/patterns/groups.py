"""Access patterns of groups and memberships.

A membership is two joiners, `GroupUser` and `UserGroup`. They are only ever written together, in
one transaction, so that there are both or neither.
"""

from tavola.core import entities as e
from tavola.core import errors, table
from tavola.core.ids import fold_name
from tavola.core.operations import Check, Delete, Exists, Get, Missing, Put, Query, Transact
from tavola.core.patterns.declared import (
    LISTED_HIGH,
    LISTED_LOW,
    USERS_HIGH,
    USERS_LOW,
    pattern,
    same_names,
)


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


@pattern("All groups by name", "pk = GROUPS", "0.5 RRU per 4 KB")
def list_groups(limit: int, start: str | None = None) -> Query:
    return Query("list_groups", "GROUPS", LISTED_LOW, LISTED_HIGH, limit, start=start)


@pattern("Create a group", "Group and GroupName: the group missing before", "4 WRU")
def create_group(group: e.Group) -> Transact:
    name = e.GroupName(
        folded=fold_name(group.name),
        group_id=group.group_id,
        name=group.name,
        visibility=group.visibility,
    )
    return Transact(
        "create_group",
        (
            Put("create_group", table.GROUP.build(group), Missing(), errors.IdTaken),
            Put("create_group", table.GROUP_NAME.build(name)),
        ),
    )


@pattern("Join a group", "both joiners missing; user and group as they were read", "8 WRU")
def join_group(user: e.User, group: e.Group, member: e.GroupUser) -> Transact:
    """Both joiners, with the names that both top records still have."""
    edge = e.UserGroup(
        user_id=user.user_id,
        group_id=group.group_id,
        joined_at=member.joined_at,
        name=group.name,
    )
    user_key = table.USER.key(user_id=user.user_id)
    group_key = table.GROUP.key(group_id=group.group_id)
    return Transact(
        "join_group",
        (
            Put("join_group", table.GROUP_USER.build(member), Missing()),
            Put("join_group", table.USER_GROUP.build(edge)),
            Check("join_group", user_key, same_names(user.names_rev), errors.Changed),
            Check("join_group", group_key, same_names(group.names_rev), errors.Changed),
        ),
    )


@pattern("Leave a group", "both joiners deleted, LeftGroup put; a member before", "6 WRU")
def leave_group(group_id: str, user_id: str, now: str) -> Transact:
    """`Lost` when the user is no member."""
    member = table.GROUP_USER.key(group_id=group_id, user_id=user_id)
    edge = table.USER_GROUP.key(group_id=group_id, user_id=user_id)
    left = e.LeftGroup(user_id=user_id, group_id=group_id, left_at=now)
    return Transact(
        "leave_group",
        (
            Delete("leave_group", member, Exists()),
            Delete("leave_group", edge),
            Put("leave_group", table.LEFT_GROUP.build(left)),
        ),
    )
