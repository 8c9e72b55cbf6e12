"""Consumer `profiles`: copies users' names to where conversations show them.

- A new direct conversation gets its two joiners. Names may change between reading and copying
  them; so both users are read again afterwards, until what was copied is current.
- A rename is followed into every joiner of the user: a walk of the user's items, strongly
  consistent and oldest first, so that a pointer which moves meanwhile is met again later.

A copy only ever moves to a newer `names_rev`. A joiner that is not there any more is no error.
"""

from collections.abc import Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change
from tavola.core.ids import parse_conversation
from tavola.core.items import Item
from tavola.core.operations import Operation, Page
from tavola.core.times import Bucketing
from tavola.flows.consumers.task import Task
from tavola.flows.erasing import erase_all, erase_in_direct
from tavola.flows.flow import Flow


def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
    """A task for each new direct conversation and each rename in a batch of changes."""
    tasks = []
    for change in changes:
        if change.new is None:
            continue
        if change.old is None and _is_first(change):
            tasks.append(Task(change, partial(_name_both, table.MESSAGE.parse(change.new))))
        elif change.old and _is_rename(change.old, change.new):
            tasks.append(Task(change, partial(_follow_rename, table.USER.parse(change.new))))
    return tasks


def _is_first(change: Change) -> bool:
    is_message = change.new is not None and change.new["type"] == "Message"
    return is_message and change.key.pk.startswith("DM#") and int(change.key.sk) == 1


def _is_rename(old: Item, new: Item) -> bool:
    return bool(new["type"] == "User" and old["names_rev"] < new["names_rev"])


def _name_both(first: e.Message) -> Flow[None]:
    target = parse_conversation(first.conversation)
    copied: dict[str, int] = {}
    while True:
        items = yield tuple(patterns.get_user(user, consistent=True) for user in target.users)
        users = [table.USER.parse(item) for item in items if item]
        stale = [user for user in users if copied.get(user.user_id, 0) < user.names_rev]
        if not stale:
            return
        named = [user for user in stale if user.deleted_at is None]
        if named:
            yield tuple(patterns.name_direct_user(target, user, first.created_at) for user in named)
        for user in stale:
            if user.deleted_at:  # while the first message was under way
                yield from erase_in_direct(target, user)
                yield from erase_all(user.user_id)
        copied = {user.user_id: user.names_rev for user in users}


def _follow_rename(changed: e.User) -> Flow[None]:
    item = yield patterns.get_user(changed.user_id, consistent=True)
    if item is None:
        return
    user = table.USER.parse(item)
    if user.deleted_at:
        return
    start: str | None = None
    while True:
        page: Page = yield patterns.places_of_names(user.user_id, limits.MEMBER_SLICE, start)
        updates = [update for item in page.items for update in _copies(item, user)]
        if updates:
            yield tuple(updates)
        start = page.next
        if start is None:
            return


def _copies(item: Item, user: e.User) -> list[Operation]:
    if item["type"] == "UserGroup":
        return [patterns.name_group_user(table.USER_GROUP.parse(item).group_id, user)]
    if item["type"] == "InboxPointer":
        target = parse_conversation(table.INBOX_POINTER.parse(item).conversation)
        return [patterns.name_direct_user(target, user)] if target.users else []
    return []
