"""What rules would do about somebody, and why. Nothing is written."""

from collections.abc import Sequence
from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.rules import Ready, Verdict
from tavola.flows.access import access_group, access_user
from tavola.flows.flow import Flow
from tavola.flows.groups import new_member
from tavola.flows.ruling.looking import Case, look_at_user, step_of
from tavola.flows.ruling.preparing import Moment, prepare


class Finding(NamedTuple):
    """A rule about somebody: whether it holds, has acted before, and what it would do now."""

    rule: str
    verdict: Verdict
    acted: bool
    does: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    problem: str | None = None


def foresee_user(rules: Sequence[Ready], user_id: str, at: Moment) -> Flow[list[Finding]]:
    """What each rule about a user would do now; nothing about who is gone."""
    found = yield from look_at_user(user_id)
    if found is None:
        return []
    case, marks = found
    findings: list[Finding] = []
    for ready in rules:
        finding = yield from _foresee(ready, case, marks.get(ready.rule.name), at)
        findings.append(finding)
    return findings


def foresee_joining(
    rules: Sequence[Ready], group_id: str, user_id: str, at: Moment
) -> Flow[list[Finding]]:
    """What each rule about joining would do if this user joined this group now.

    Raises `NotFound` and `UserNotFound`.
    """
    top = yield from access_group(group_id)
    user = access_user((yield patterns.get_user(user_id, consistent=True)))
    member = new_member(user, top, "member", at.now)
    findings: list[Finding] = []
    for ready in rules:
        item = yield patterns.get_mark(user_id, group_id, ready.rule.name)
        mark = table.RULE_MARK.parse(item) if item else None
        findings.append((yield from _foresee(ready, Case(user, top, member), mark, at)))
    return findings


def _foresee(ready: Ready, case: Case, mark: e.RuleMark | None, at: Moment) -> Flow[Finding]:
    rule, verdict = ready.rule, ready.judge(case.facts)
    acted = mark is not None and (mark.held or mark.welcomed)
    step = step_of(rule, verdict, case, mark)
    if step is None:
        return Finding(rule.name, verdict, acted)
    prepared = yield from prepare(case, step, mark, at)
    if prepared.problem:
        return Finding(rule.name, verdict, acted, problem=prepared.problem)
    return Finding(rule.name, verdict, acted, prepared.does, prepared.leaves_out)
