"""Consumers of the change feed: what follows from a committed change, as flows.

A consumer plans: it looks at a batch of changes and answers tasks, each a flow with the change
that it comes from. Every task is idempotent and acts on what is true now, so changes may be
repeated and come in any order. Tasks of one item collection run in order.
"""

from tavola.flows.consumers import erasing, groups, inbox, profiles
from tavola.flows.consumers.task import Consumer, Task

CONSUMERS: tuple[Consumer, ...] = (inbox.plan, profiles.plan, groups.plan, erasing.plan)

__all__ = ["CONSUMERS", "Consumer", "Task"]
