"""Applies rules to somebody. Doing it again does nothing, whenever that is.

What was decided is written only if all that it rests on is still so; else it is looked at again.
So of many who apply the same rule at once, one does.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import limits, patterns
from tavola.core.errors import Changed
from tavola.core.rules import Facts, Ready, Undecided, user_facts
from tavola.flows.flow import Flow
from tavola.flows.ruling.looking import Case, look_at_joining, look_at_user, step_of
from tavola.flows.ruling.preparing import Moment, prepare

_Found = tuple[Case, dict[str, e.RuleMark]] | None


class Outcome(NamedTuple):
    """What a rule did about somebody, or why it could do nothing."""

    rule: str
    user_id: str
    does: tuple[str, ...] = ()
    problem: str | None = None


def apply_to_user(
    rules: Sequence[Ready], user_id: str, at: Moment, made: e.User | None = None
) -> Flow[list[Outcome]]:
    """Apply rules about a user to them as they are now.

    Of one who was just `made`, rules that look only then look at how they were made, so that it
    does not matter when. Raises `Changed` when somebody never stops changing.
    """
    return (yield from _apply_all(rules, user_id, lambda: look_at_user(user_id), at, made))


def apply_to_joining(
    rules: Sequence[Ready], group_id: str, user_id: str, joined_at: str, at: Moment
) -> Flow[list[Outcome]]:
    """Apply rules about joining to one membership. Raises `Changed`."""
    names = [ready.rule.name for ready in rules]
    return (
        yield from _apply_all(
            rules, user_id, lambda: look_at_joining(group_id, user_id, joined_at, names), at, None
        )
    )


def _apply_all(
    rules: Sequence[Ready],
    user_id: str,
    look: Callable[[], Flow[_Found]],
    at: Moment,
    made: e.User | None,
) -> Flow[list[Outcome]]:
    outcomes: list[Outcome] = []
    found = yield from look()
    for ready in rules:
        for _ in range(limits.RULE_TRIES_MAX):
            if found is None:
                return outcomes
            tried = yield from _try(ready, user_id, found, at, made)
            if tried is None or any(outcome.does for outcome in tried):
                found = yield from look()
            if tried is not None:
                outcomes += tried
                break
        else:
            raise Changed
    return outcomes


def _try(
    ready: Ready,
    user_id: str,
    found: tuple[Case, dict[str, e.RuleMark]],
    at: Moment,
    made: e.User | None,
) -> Flow[list[Outcome] | None]:
    """What a rule came to, None when something has changed meanwhile."""
    case, marks = found
    name = ready.rule.name
    verdict = ready.judge(_facts_for(ready, case, made))
    outcomes: list[Outcome] = []
    if isinstance(verdict, Undecided):
        outcomes.append(Outcome(name, user_id, problem=verdict.reason))
    step = step_of(ready.rule, verdict, case, marks.get(name))
    if step is None:
        return outcomes
    prepared = yield from prepare(case, step, marks.get(name), at)
    if prepared.problem:
        return [Outcome(name, user_id, problem=prepared.problem)]
    lost = yield patterns.apply_rule(prepared.deed)
    if lost is not None:
        return None
    return [*outcomes, Outcome(name, user_id, prepared.does)] if prepared.does else outcomes


def _facts_for(ready: Ready, case: Case, made: e.User | None) -> Facts:
    """What a rule's condition looks at."""
    if made and not ready.rule.follows:
        return {"user": user_facts(made)}
    return case.facts
