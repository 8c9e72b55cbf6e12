"""What there is of a person, a part at a time: for who asks what is kept of them.

Their record, identities and memberships, the groups that they left, where they have read up to,
and what they wrote in all of these places. Never what others wrote, and never a password.
"""

from typing import NamedTuple

from tavola.core import limits, patterns, table
from tavola.core.ids import Conversation, group, parse_conversation
from tavola.core.items import Item
from tavola.core.operations import Page
from tavola.flows.access import access_user
from tavola.flows.flow import Flow


class Part(NamedTuple):
    """Items of a person, conversations to look into, and where the next part starts."""

    items: list[Item]
    places: list[Conversation]
    next: str | None


def own_record(user_id: str) -> Flow[Item]:
    """The user's own item; `UserNotFound`."""
    item: Item = yield patterns.get_user(user_id, consistent=True)
    access_user(item)
    return item


def own_items(user_id: str, start: str | None = None) -> Flow[Part]:
    """A part of what is kept under a user, and the conversations that it leads to."""
    page: Page = yield patterns.traces_of_user(user_id, limits.PAGE_MAX, start)
    items: list[Item] = []
    places: list[Conversation] = []
    for item in page.items:
        match item["type"]:
            case "InboxPointer":
                pointer = table.INBOX_POINTER.parse(item)
                places.append(parse_conversation(pointer.conversation))
                continue
            case "UserGroup":
                places.append(group(table.USER_GROUP.parse(item).group_id))
            case "LeftGroup":
                places.append(group(table.LEFT_GROUP.parse(item).group_id))
            case _:
                pass  # leads nowhere
        items.append(item)
    return Part(items, places, page.next)


def own_joiner(target: Conversation, user_id: str) -> Flow[list[Item]]:
    """A user's own joiner of a conversation, with their read marker; none when they left."""
    if target.group_id:
        item = yield patterns.get_member(target.group_id, user_id, consistent=True)
        return [item] if item else []
    page: Page = yield patterns.direct_head(target, consistent=True)
    return [item for item in page.items if item["sk"] == f"USER#{user_id}"]


def own_messages(
    target: Conversation, user_id: str, after: int = 0
) -> Flow[tuple[list[Item], int | None]]:
    """A part of what a user wrote in a conversation behind a number, and the next such number."""
    page: Page = yield patterns.read_messages(
        target, after + 1, after + limits.PAGE_MAX, limits.PAGE_MAX, consistent=True
    )
    own = [item for item in reversed(page.items) if item["sender_id"] == user_id]
    return own, after + limits.PAGE_MAX if page.items else None
