"""What a rule does now, given what it did before.

A mark remembers for each rule and user whether the condition held when the rule last acted. A rule
acts only where that changes, so that doing everything again does nothing. A rule about joining has
a mark for each group, and acts once for each membership: `joined_at` tells one from the next.
Nobody is welcomed twice by the same rule, in the same group.

Why no rule can run for ever: a rule about the user acts on changes of the record, which no rule
writes. A rule about joining acts on a membership, which other rules may have led to; the membership
knows them all (`rules`), and no rule acts where it is one of them itself. So each step of a chain
adds a name, and there are only so many.
"""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from tavola.core import entities as e
from tavola.core.rules.rule import Effect, Rule, Verdict

USER_SCOPE = "@"  # of the marks of rules about the user alone; no group has this id
_NOTHING = Effect()


class Step(NamedTuple):
    """What is to be done, and the mark that then says so."""

    effect: Effect
    mark: e.RuleMark


def decide(
    rule: Rule, verdict: Verdict, mark: e.RuleMark | None, member: e.GroupUser | None, user_id: str
) -> Step | None:
    """What follows from a verdict, None for nothing. `member` is the joining that it is about."""
    if member:
        if mark and mark.joined_at == member.joined_at:
            return None
        effect = rule.then if verdict is True else _NOTHING
        return _step(effect, rule, mark, user_id, held=verdict is True, member=member)
    held = mark is not None and mark.held
    if verdict is True and not held:
        return _step(rule.then, rule, mark, user_id, held=True)
    if verdict is False and held and rule.follows:
        return _step(rule.otherwise or _NOTHING, rule, mark, user_id, held=False)
    return None


def acts_in_chain(rule: Rule, chain: AbstractSet[str] | None) -> bool:
    """Whether a rule acts on a membership that these rules have led to."""
    return chain is None or rule.name not in chain


def _step(
    effect: Effect,
    rule: Rule,
    before: e.RuleMark | None,
    user_id: str,
    *,
    held: bool,
    member: e.GroupUser | None = None,
) -> Step:
    welcomed = before is not None and before.welcomed
    if welcomed:
        effect = Effect(effect.join, effect.leave)
    mark = e.RuleMark(
        user_id=user_id,
        scope=member.group_id if member else USER_SCOPE,
        rule=rule.name,
        held=held,
        joined_at=member.joined_at if member else None,
        welcomed=welcomed or effect.welcome is not None,
    )
    return Step(effect, mark)
