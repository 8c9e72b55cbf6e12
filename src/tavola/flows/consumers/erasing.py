"""Consumer `erasing`: does away with everything of a user whose record was erased.

Who writes to somebody at that very moment opens a conversation that is met later: `profiles` and
`inbox` close it when they come to it.
"""

from collections.abc import Sequence
from functools import partial

from tavola.core.apply import Change
from tavola.core.times import Bucketing
from tavola.flows.consumers.task import Task
from tavola.flows.erasing import erase_all


def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
    """A task for each user who was erased in a batch of changes."""
    return [
        Task(change, partial(erase_all, change.key.pk.partition("#")[2]))
        for change in changes
        if change.new and change.new["type"] == "User" and "deleted_at" in change.new
    ]
