"""Reads what a rule has to know: of whom it is, and what it did about them before."""

from collections.abc import Sequence
from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.rules import Facts, Rule, Step, Verdict, acts_in_chain, decide, facts_of
from tavola.flows.flow import Flow


class Case(NamedTuple):
    """Somebody as they are now, with the joining that a rule is about, if it is about one."""

    user: e.User
    group: e.Group | None = None
    member: e.GroupUser | None = None

    @property
    def facts(self) -> Facts:
        """What a condition sees."""
        return facts_of(self.user, self.group)


def look_at_user(user_id: str) -> Flow[tuple[Case, dict[str, e.RuleMark]] | None]:
    """Somebody with what rules did about them; None when they are gone."""
    item, page = yield (
        patterns.get_user(user_id, consistent=True),
        patterns.marks_of_user(user_id, limits.QUERY_ITEMS_MAX),
    )
    user = table.USER.parse(item) if item else None
    if user is None or user.deleted_at:
        return None
    marks = [table.RULE_MARK.parse(one) for one in page.items]
    return Case(user), {mark.rule: mark for mark in marks}


def look_at_joining(
    group_id: str, user_id: str, joined_at: str, rules: Sequence[str]
) -> Flow[tuple[Case, dict[str, e.RuleMark]] | None]:
    """A membership with what these rules did about it; None when it, or one of both, is gone."""
    user_item, group_item, joiner, *items = yield (
        patterns.get_user(user_id, consistent=True),
        patterns.get_group(group_id, consistent=True),
        patterns.get_member(group_id, user_id, consistent=True),
        *(patterns.get_mark(user_id, group_id, rule) for rule in rules),
    )
    user = table.USER.parse(user_item) if user_item else None
    group = table.GROUP.parse(group_item) if group_item else None
    member = table.GROUP_USER.parse(joiner) if joiner else None
    if user is None or user.deleted_at or group is None or group.deleted_at:
        return None
    if member is None or member.joined_at != joined_at:
        return None
    marks = [table.RULE_MARK.parse(item) for item in items if item]
    return Case(user, group, member), {mark.rule: mark for mark in marks}


def step_of(rule: Rule, verdict: Verdict, case: Case, mark: e.RuleMark | None) -> Step | None:
    """What a rule is to do about a case after a verdict."""
    if case.member and not acts_in_chain(rule, case.member.rules):
        return None
    return decide(rule, verdict, mark, case.member, case.user.user_id)
