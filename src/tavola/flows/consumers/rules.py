"""Consumer `rules`: applies the rules of the installation to who is made, changed or joins.

Each change leads to whom it is about, and what is true of them now decides. So changes may be
repeated and come in any order: see `core.rules.deciding` for why nothing is done twice, or without
end, and `flows.ruling` for how. A rule that cannot be applied is noted, and blocks nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import table
from tavola.core.apply import Change
from tavola.core.rules import CREATED, UPDATED, Ready, user_facts
from tavola.core.times import Bucketing
from tavola.flows.consumers.task import Consumer, Task
from tavola.flows.flow import Flow
from tavola.flows.ruling import Outcome, apply_to_joining, apply_to_user
from tavola.flows.ruling.preparing import Moment

Note = Callable[[Outcome], None]
Now = Callable[[], str]


def consumer_of(rules: Sequence[Ready], now: Now, note: Note) -> Consumer:
    """The consumer of these rules; `now` tells the time of what they write, `note` hears of it."""
    created = [ready for ready in rules if CREATED in ready.rule.events]
    updated = [ready for ready in rules if UPDATED in ready.rule.events]
    joined = [ready for ready in rules if ready.rule.is_about_joining]

    def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
        tasks: list[Task] = []
        for change in changes:
            flow = _flow_of(change, created, updated, joined)
            if flow:
                tasks.append(Task(change, partial(_apply, flow, now, bucketing, note)))
        return tasks

    return plan


_Applying = Callable[[Moment], Flow[list[Outcome]]]


def _flow_of(
    change: Change, created: list[Ready], updated: list[Ready], joined: list[Ready]
) -> _Applying | None:
    """What to do about a change, None for nothing."""
    new, old = change.new, change.old
    if new is None or new["type"] not in ("User", "GroupUser"):
        return None
    if new["type"] == "GroupUser":
        return _about_joining(table.GROUP_USER.parse(new), joined) if old is None else None
    user = table.USER.parse(new)
    if user.deleted_at:
        return None
    if old is None:
        return partial(_about_user, created, user.user_id, user) if created else None
    if not updated or user_facts(table.USER.parse(old)) == user_facts(user):
        return None
    return partial(_about_user, updated, user.user_id, None)


def _about_joining(member: e.GroupUser, joined: list[Ready]) -> _Applying | None:
    rules = [one for one in joined if member.group_id in (one.rule.groups or (member.group_id,))]
    if not rules:
        return None
    return partial(apply_to_joining, rules, member.group_id, member.user_id, member.joined_at)


def _about_user(
    rules: list[Ready], user_id: str, made: e.User | None, at: Moment
) -> Flow[list[Outcome]]:
    return (yield from apply_to_user(rules, user_id, at, made))


def _apply(flow: _Applying, now: Now, bucketing: Bucketing, note: Note) -> Flow[None]:
    for outcome in (yield from flow(Moment(now(), bucketing))):
        note(outcome)
