"""Lists of groups and of members, a page at a time, strongly consistent: right after a write.

A page says where the next one starts. No list is read further than its page needs.
"""

from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import NotFound, UserNotFound
from tavola.core.ids import check_name, fold_name
from tavola.core.operations import Page
from tavola.flows.access import Asker, access_user, resolve_user, see_group
from tavola.flows.flow import Flow


class Members(NamedTuple):
    """A page of a group's members in the order of their ids."""

    members: list[e.GroupUser]
    next: str | None


class Joined(NamedTuple):
    """A page of a user's groups in the order of their ids."""

    groups: list[e.UserGroup]
    next: str | None


class Names(NamedTuple):
    """A page of groups by name."""

    groups: list[e.GroupName]
    next: str | None


def list_members(
    asker: Asker, group_id: str, limit: int, start: str | None = None
) -> Flow[Members]:
    """The members of a group that the asker may see; `NotFound`."""
    yield from see_group(asker, group_id)
    page: Page = yield patterns.list_members(group_id, limit, start)
    return Members([table.GROUP_USER.parse(item) for item in page.items], page.next)


def list_joined(asker: Asker, user: str, limit: int, start: str | None = None) -> Flow[Joined]:
    """The groups of a user, by id or `@handle`, for themselves and for admins.

    Raises `NotFound` for anybody else, whether there is such a user or not; `UserNotFound`.
    """
    user_id = yield from _resolve(asker, user)
    first = start is None  # the user's own record comes before their groups
    page: Page = yield patterns.user_with_groups(user_id, limit + first, start)
    if first:
        access_user(page.items[0] if page.items else None)
    return Joined([table.USER_GROUP.parse(item) for item in page.items[first:]], page.next)


def _resolve(asker: Asker, user: str) -> Flow[str]:
    try:
        user_id = yield from resolve_user(user)
    except UserNotFound:
        if asker.admin:
            raise
        raise NotFound from None
    if user_id != asker.user_id and not asker.admin:
        raise NotFound
    return user_id


def list_groups(
    asker: Asker, limit: int, prefix: str | None = None, start: str | None = None
) -> Flow[Names]:
    """Listed groups, one's own and, for admins, all; those whose name begins so.

    A page may have fewer than `limit` where there are many private groups of others. Raises
    `Invalid`.
    """
    folded = fold_name(check_name(prefix, "prefix")) if prefix is not None else ""
    found: list[e.GroupName] = []
    for _ in range(limits.GROUP_SLICES_MAX):
        page: Page = yield patterns.list_groups(limit, start, prefix=folded, consistent=True)
        rows = [table.GROUP_NAME.parse(item) for item in page.items]
        visible = yield from _visible(asker, rows)
        for item, row in zip(page.items, rows, strict=True):
            if len(found) == limit:
                return Names(found, start)
            if row.group_id in visible:
                found.append(row)
            start = item["sk"]
        if page.next is None:
            return Names(found, None)
    return Names(found, start)


def _visible(asker: Asker, rows: list[e.GroupName]) -> Flow[set[str]]:
    """The ids of those that the asker may see."""
    private = [row.group_id for row in rows if row.visibility == "private" and not asker.admin]
    if not private:
        return {row.group_id for row in rows}
    reads = (patterns.get_member(one, asker.user_id, consistent=True) for one in private)
    joiners = yield tuple(reads)
    hidden = {one for one, joiner in zip(private, joiners, strict=True) if joiner is None}
    return {row.group_id for row in rows} - hidden
