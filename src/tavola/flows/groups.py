"""Groups and memberships: both joiners of a membership in one transaction."""

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import Changed
from tavola.core.ids import check_id, check_name, group
from tavola.flows.access import access_group, access_member, access_user
from tavola.flows.flow import Flow
from tavola.flows.tail import tail_of


def new_group(group_id: str, name: str, created_by: str, now: str) -> e.Group:
    """A group record of checked parts; raises `Invalid`."""
    return e.Group(
        group_id=check_id(group_id),
        name=check_name(name, "name"),
        names_rev=1,
        visibility="listed",
        created_at=now,
        created_by=created_by,
    )


def create_group(record: e.Group) -> Flow[e.Group]:
    """Make a group without members. Raises `IdTaken`."""
    yield patterns.create_group(record)
    return record


def join_group(group_id: str, user_id: str, role: e.Role, now: str) -> Flow[e.GroupUser]:
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
    member = e.GroupUser(
        group_id=group_id,
        user_id=user_id,
        joined_at=now,
        role=role,
        handle=user.handle,
        display_name=user.display_name,
        names_rev=user.names_rev,
        read_seq=tail_of(tail_page).head_seq,
    )
    lost = yield patterns.join_group(user, top, member)
    if lost is None:
        return member
    if lost.old is None or lost.old["type"] != "GroupUser":
        raise Changed
    return table.GROUP_USER.parse(lost.old)
