"""Consumer `profiles`: gives a new direct conversation its two joiners, with both users' names.

Names may change between reading them and writing the copy; so both are read again afterwards,
until what was copied is current. A copy only ever moves to a newer `names_rev`.
"""

from collections.abc import Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.apply import Change
from tavola.core.ids import parse_conversation
from tavola.core.times import Bucketing
from tavola.flows.consumers.task import Task
from tavola.flows.flow import Flow


def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
    """A task for each new direct conversation in a batch of changes."""
    tasks = []
    for change in changes:
        item = change.new
        if change.old is None and item and item["type"] == "Message" and _is_first(change):
            tasks.append(Task(change, partial(_name_both, table.MESSAGE.parse(item))))
    return tasks


def _is_first(change: Change) -> bool:
    return change.key.pk.startswith("DM#") and int(change.key.sk) == 1


def _name_both(first: e.Message) -> Flow[None]:
    target = parse_conversation(first.conversation)
    copied: dict[str, int] = {}
    while True:
        items = yield tuple(patterns.get_user(user, consistent=True) for user in target.users)
        users = [table.USER.parse(item) for item in items if item]
        stale = [user for user in users if copied.get(user.user_id, 0) < user.names_rev]
        if not stale:
            return
        yield tuple(patterns.name_direct_user(target, user, first.created_at) for user in stale)
        copied = {user.user_id: user.names_rev for user in users}
