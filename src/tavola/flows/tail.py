"""What a tail Query answers, sorted into its parts: the newest entries and the top records."""

import msgspec

from tavola.core import entities as e
from tavola.core import table
from tavola.core.ids import Conversation
from tavola.core.items import Item
from tavola.core.operations import Page


class Tail(msgspec.Struct, frozen=True):
    """The newest entries (newest first) of a log, and who is in it."""

    entries: list[e.Message]
    users: dict[str, e.DirectUser]
    group: e.Group | None = None

    @property
    def head(self) -> e.Message | None:
        """The newest entry."""
        return self.entries[0] if self.entries else None

    @property
    def head_seq(self) -> int:
        """The newest entry's number; 0 for an empty log."""
        return self.entries[0].seq if self.entries else 0

    def marker_of(self, user_id: str) -> int:
        """A direct user's read marker; 0 where there is none."""
        user = self.users.get(user_id)
        return user.read_seq if user else 0


def tail_of(page: Page) -> Tail:
    """Sort a tail Query's items."""
    entries: list[e.Message] = []
    users: dict[str, e.DirectUser] = {}
    group: e.Group | None = None
    for item in page.items:
        match item["type"]:
            case "Message":
                entries.append(table.MESSAGE.parse(item))
            case "DirectUser":
                user = table.DIRECT_USER.parse(item)
                users[user.user_id] = user
            case "Group":
                group = table.GROUP.parse(item)
            case other:
                raise table.UnknownItem(f"{other!r} does not belong into a tail")
    return Tail(entries, users, group)


def head_item(page: Page) -> Item | None:
    """The head's item alone, where many heads are only to be ordered."""
    for item in page.items:
        if item["type"] == "Message":
            return item
    return None


def closed_to_writing(tail: Tail, conversation: Conversation) -> bool:
    """Whether nobody can write: one blocks the other, one is erased, or the group is deleted."""
    if conversation.group_id:
        return tail.group is None or tail.group.deleted_at is not None
    return any(user.blocked or user.erased for user in tail.users.values())
