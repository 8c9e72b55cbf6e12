"""Who there is, as examinations ask it again and again: users by their ids, groups by theirs."""

from collections.abc import Collection

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.items import Item, Key
from tavola.core.operations import And, Condition, Equals, Exists, Missing, Or, Page
from tavola.flows.flow import Flow

Users = dict[str, e.User]


def look_up(user_ids: Collection[str]) -> Flow[Users]:
    """Those of the users that there are, deleted ones too."""
    if not user_ids:
        return {}
    wanted = sorted(set(user_ids))
    items = yield tuple(patterns.get_user(user_id, consistent=True) for user_id in wanted)
    return {item["pk"].partition("#")[2]: table.USER.parse(item) for item in items if item}


def inspect_all(keys: Collection[Key]) -> Flow[list[Item | None]]:
    """Items as they are now."""
    if not keys:
        return []
    items: list[Item | None] = yield tuple(map(patterns.inspect_item, keys))
    return items


def is_alive(user: e.User | e.Group | None) -> bool:
    """Whether there is one who is not deleted."""
    return user is not None and user.deleted_at is None


def is_lost(user_id: str) -> Flow[bool]:
    """Whether somebody without a record has items under their id: then the record is lost."""
    page: Page = yield patterns.traces_of_user(user_id, 1)
    return bool(page.items)


def same(top: e.User | e.Group) -> Condition:
    """The record is alive and has the names that were read."""
    alive = (Exists(), Missing("deleted_at"), Equals("names_rev", top.names_rev))
    if isinstance(top, e.Group):
        return And((*alive, Equals("visibility", top.visibility)))
    return And(alive)


def unchanged(top: e.User | e.Group | None) -> Condition:
    """The record is gone, or as it was read."""
    return Or((patterns.GONE, Equals("names_rev", top.names_rev))) if top else patterns.GONE


def user_key(user_id: str) -> Key:
    """Where a user's record is."""
    return table.USER.key(user_id=user_id)


def has_pointer(user_id: str, conversation: str) -> Flow[bool]:
    """Whether a user's inbox has a conversation anywhere."""
    start: str | None = "INBOX#"
    while start:
        page: Page = yield patterns.places_of_names(user_id, limits.MEMBER_SLICE, start)
        for item in page.items:
            if item["sk"].endswith(f"#{conversation}"):
                return True
        start = page.next
    return False
