"""Who may do and see what: one `access_*` function for each kind of thing.

What is not there and what is not yours are the same `NotFound`. Nobody is refused because an
eventually consistent read was behind: what it did not find is looked for again.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import Forbidden, NotFound, UserNotFound
from tavola.core.ids import Conversation, check_handle, check_id, parse_conversation
from tavola.core.items import Item
from tavola.core.operations import Get
from tavola.flows.flow import Flow


class Asker(NamedTuple):
    """Who asks: a user, or a host app with an admin's rights, which need not be one."""

    user_id: str
    admin: bool = False


class Sight(NamedTuple):
    """A group as somebody may see it, and their membership if they have one."""

    group: e.Group
    member: e.GroupUser | None


def access_direct(user_id: str, conversation: Conversation) -> None:
    """A direct conversation is open to its two users, whom its id names."""
    if user_id not in conversation.users:
        raise NotFound


def access_member(item: Item | None) -> e.GroupUser:
    """A group's conversation is open to its members: the caller's joiner, or `NotFound`."""
    if item is None:
        raise NotFound
    return table.GROUP_USER.parse(item)


def access_user(item: Item | None) -> e.User:
    """A profile is open to every user; `UserNotFound` when there is none or it is deleted."""
    user = table.USER.parse(item) if item else None
    if user is None or user.deleted_at:
        raise UserNotFound
    return user


def find(get: Get) -> Flow[Item | None]:
    """An item that may be quite new: one that is missing is read again, strongly consistent."""
    item: Item | None = yield get
    if item is None and not get.consistent:
        item = yield replace(get, consistent=True)
    return item


def find_member(group_id: str, user_id: str, item: Item | None) -> Flow[e.GroupUser]:
    """The joiner that was read; one that was missing may be new. Raises `NotFound`."""
    if item is None:
        item = yield patterns.get_member(group_id, user_id, consistent=True)
    return access_member(item)


def find_user(user_id: str) -> Flow[e.User]:
    """A user, who may be new. Raises `UserNotFound`."""
    return access_user((yield from find(patterns.get_user(user_id))))


def access_group(group_id: str) -> Flow[e.Group]:
    """A group that is there and not deleted; `NotFound`."""
    item = yield patterns.get_group(group_id, consistent=True)
    group = table.GROUP.parse(item) if item else None
    if group is None or group.deleted_at:
        raise NotFound
    return group


def see_group(asker: Asker, group_id: str) -> Flow[Sight]:
    """A group that is there: a listed one, one's own, or any for admins. Raises `NotFound`."""
    group_id = parse_conversation(f"group:{group_id}").group_id or ""
    top, joiner = yield (
        patterns.get_group(group_id, consistent=True),
        patterns.get_member(group_id, asker.user_id, consistent=True),
    )
    group = table.GROUP.parse(top) if top else None
    member = table.GROUP_USER.parse(joiner) if joiner else None
    if group is None or group.deleted_at:
        raise NotFound
    if group.visibility == "private" and member is None and not asker.admin:
        raise NotFound
    return Sight(group, member)


def manage_group(asker: Asker, group_id: str) -> Flow[Sight]:
    """A group that the asker may change, as one of its admins or an admin of all.

    Raises `NotFound` for one that they may not see, `Forbidden` for one that they may.
    """
    sight = yield from see_group(asker, group_id)
    if not asker.admin and (sight.member is None or sight.member.role != "admin"):
        raise Forbidden("Only an admin of the group may do this.")
    return sight


def resolve_user(id_or_handle: str) -> Flow[str]:
    """The id of a user by `@handle`; an id is not looked up. Raises `UserNotFound`, `Invalid`."""
    if not id_or_handle.startswith("@"):
        return check_id(id_or_handle)
    item = yield patterns.get_handle(check_handle(id_or_handle).lower(), consistent=True)
    if item is None:
        raise UserNotFound
    return table.HANDLE.parse(item).user_id
