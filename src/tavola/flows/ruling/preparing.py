"""Turns what a rule is to do into a deed: what is there already is left out.

- Nobody is brought back who left a group, or was taken out of it by a person. Where a rule took
  them out, a rule may bring them back.
- Nobody is welcomed by themselves, nor where a block or an erasure has closed the conversation.
- A group or a sender who is not there stops the rule as a whole, for this user and for now.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import patterns
from tavola.core.ids import derived_message_id, direct, group
from tavola.core.log import Draft, next_entry
from tavola.core.operations import Operation
from tavola.core.patterns import Deed, Joining
from tavola.core.rules import Effect, Step, Welcome
from tavola.core.times import Bucketing
from tavola.flows.flow import Flow
from tavola.flows.groups import new_member
from tavola.flows.ruling.looking import Case
from tavola.flows.tail import closed_to_writing, tail_of


class Moment(NamedTuple):
    """When something is done, and how the installation orders its inboxes."""

    now: str
    bucketing: Bucketing


class Prepared(NamedTuple):
    """A deed with what it does and leaves out, told in a few words each; or why there is none."""

    deed: Deed
    does: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    problem: str | None = None


_Found = dict[tuple[str, str], Any]  # what was read, by what it is and of which group


class _Told(NamedTuple):
    does: list[str]
    leaves_out: list[str]


def prepare(case: Case, step: Step, before: e.RuleMark | None, at: Moment) -> Flow[Prepared]:
    """The deed that a step comes to, as everything is now."""
    told = _Told([], [])
    deed = Deed(case.user, before, step.mark, case.member)
    found = yield from _read(step.effect, case)
    for group_id in step.effect.join:
        group_there = tail_of(found["head", group_id]).group
        if group_there is None or group_there.deleted_at:
            return Prepared(deed, problem=f"there is no group {group_id} to join")
    deed = deed._replace(
        joinings=tuple(_joinings(case, step, found, told, at.now)),
        left=tuple(_leavings(case, step, found, told, at.now)),
    )
    if step.effect.welcome:
        return (yield from _prepare_welcome(case, step.effect.welcome, deed, told, at))
    return Prepared(deed, tuple(told.does), tuple(told.leaves_out))


def _joinings(case: Case, step: Step, found: _Found, told: _Told, now: str) -> Iterator[Joining]:
    chain = {step.mark.rule, *((case.member and case.member.rules) or ())}
    for group_id in step.effect.join:
        tail = tail_of(found["head", group_id])
        if why := _stays_out(found["member", group_id], found["left", group_id]):
            told.leaves_out.append(f"join {group_id}: {why}")
        elif tail.group:
            new = new_member(case.user, tail.group, "member", now, head_seq=tail.head_seq)
            told.does.append(f"join {group_id}")
            yield Joining(case.user, tail.group, replace(new, rules=frozenset(chain)))


def _leavings(
    case: Case, step: Step, found: _Found, told: _Told, now: str
) -> Iterator[e.LeftGroup]:
    for group_id in step.effect.leave:
        if found["member", group_id] is None:
            told.leaves_out.append(f"leave {group_id}: is no member")
        else:
            told.does.append(f"leave {group_id}")
            yield e.LeftGroup(case.user.user_id, group_id, now, step.mark.rule)


def _read(effect: Effect, case: Case) -> Flow[_Found]:
    """What is there of each group. The joining itself is as it was, or the deed will fail."""
    user_id, known = case.user.user_id, case.member
    reads: dict[tuple[str, str], Operation] = {}
    for group_id in effect.join:
        reads["head", group_id] = patterns.group_head(group(group_id), consistent=True)
        reads["left", group_id] = patterns.get_left(user_id, group_id)
    for group_id in effect.join + effect.leave:
        reads["member", group_id] = patterns.get_member(group_id, user_id, consistent=True)
    results = (yield tuple(reads.values())) if reads else []
    found = dict(zip(reads, results, strict=True))
    return found | {("member", known.group_id): known} if known else found


def _stays_out(member: Any, left: Any) -> str | None:
    if member:
        return "is a member already"
    return "has left it, or was taken out" if left and "rule" not in left else None


def _prepare_welcome(
    case: Case, welcome: Welcome, deed: Deed, told: _Told, at: Moment
) -> Flow[Prepared]:
    sender_id, user = welcome.sender_id, case.user
    if sender_id == user.user_id:
        told.leaves_out.append("welcome: would be from themselves")
        return Prepared(deed, tuple(told.does), tuple(told.leaves_out))
    target = direct(sender_id, user.user_id)
    item, page = yield (
        patterns.get_user(sender_id, consistent=True),
        patterns.direct_head(target, consistent=True),
    )
    if item is None or "deleted_at" in item:
        return Prepared(deed, problem=f"there is no user {sender_id} to welcome anybody")
    tail = tail_of(page)
    if closed_to_writing(tail, target):
        told.leaves_out.append(f"welcome from {sender_id}: one of them blocks the other")
        return Prepared(deed, tuple(told.does), tuple(told.leaves_out))
    mark = deed.mark
    message_id = derived_message_id("rule", mark.rule, user.user_id, mark.scope)
    name = case.group.name if case.group else ""
    body = welcome.said(user.display_name, user.handle, name)
    draft = Draft(message_id, sender_id, body)
    entry = next_entry(target.id, tail.head, draft, at.now, at.bucketing)
    does = (*told.does, f"welcome from {sender_id}")
    return Prepared(deed._replace(entry=entry), does, tuple(told.leaves_out))
