"""Consumer `groups`: follows what becomes of a group to where its members are.

- A rename is copied to every member's `UserGroup`. The group may be renamed again meanwhile, so it
  is read again behind each slice of members, until what was copied is current.
- A deleted group loses its members, as if each had left; their leaving takes it out of their
  inboxes. With `purge` all that was written in it goes as well.

A walk that is interrupted begins again, and finds only what it has not done yet.
"""

from collections.abc import Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change
from tavola.core.ids import Conversation, group
from tavola.core.items import key_of
from tavola.core.operations import Page
from tavola.core.patterns import Place
from tavola.core.times import Bucketing, bucket_of
from tavola.flows.consumers.task import Task
from tavola.flows.flow import Flow
from tavola.flows.groups import leave_all
from tavola.flows.tail import tail_of


def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
    """A task for each rename and each deletion in a batch of changes."""
    tasks = []
    for change in changes:
        if change.old is None or change.new is None or change.new["type"] != "Group":
            continue
        group_id = table.GROUP.parse(change.new).group_id
        if change.old["names_rev"] < change.new["names_rev"]:
            tasks.append(Task(change, partial(_follow_rename, group_id)))
        if "deleted_at" in change.new and "deleted_at" not in change.old:
            tasks.append(Task(change, partial(remove_rest, group_id, bucketing)))
    return tasks


def _follow_rename(group_id: str) -> Flow[None]:
    start: str | None = None
    while True:
        page: Page = yield patterns.list_members(group_id, limits.MEMBER_SLICE, start)
        yield from _name(group_id, _ids(page))
        start = page.next
        if start is None:
            return


def _name(group_id: str, user_ids: list[str]) -> Flow[None]:
    """Copy the name until it is current. A member who has left meanwhile is no error."""
    copied = 0
    while user_ids:
        top = yield from _read(group_id)
        if top is None or top.names_rev <= copied:
            return
        yield tuple(patterns.follow_group_name(top, user_id) for user_id in user_ids)
        copied = top.names_rev


def remove_rest(group_id: str, bucketing: Bucketing) -> Flow[None]:
    """What a deletion leaves: the members, then the log when it is to be purged.

    Without a log nobody knows any more where the pointers were, so they go first.
    """
    top = yield from _read(group_id)
    if top is None or top.deleted_at is None:
        return
    while True:
        page: Page = yield patterns.list_members(group_id, limits.MEMBER_SLICE)
        if not page.items:
            break
        if top.purge:
            yield from _remove_pointers(group(group_id), _ids(page), bucketing)
        places = [Place(group_id, user_id) for user_id in _ids(page)]
        yield from leave_all(places, top.deleted_at)
    while top.purge:
        page = yield patterns.read_log(group(group_id), limits.MEMBER_SLICE)
        if not page.items:
            return
        yield tuple(patterns.purge_entry(key_of(item)) for item in page.items)


def _remove_pointers(target: Conversation, user_ids: list[str], bucketing: Bucketing) -> Flow[None]:
    head = tail_of((yield patterns.head_of(target, consistent=True))).head
    if head:
        bucket = bucket_of(head.created_at, bucketing)
        yield tuple(patterns.delete_pointer(user_id, bucket, target.id) for user_id in user_ids)


def _read(group_id: str) -> Flow[e.Group | None]:
    item = yield patterns.get_group(group_id, consistent=True)
    return table.GROUP.parse(item) if item else None


def _ids(page: Page) -> list[str]:
    return [table.GROUP_USER.parse(item).user_id for item in page.items]
