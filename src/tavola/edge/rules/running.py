"""Applies rules to everybody who is there, as far as rules have not acted about them before.

It may be interrupted and repeated: marks tell what is done. Somebody who cannot be handled is
counted with the reason, and the rest goes on. Joinings of the past are past: rules about them wait
for the next one.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import msgspec

from tavola.core import limits
from tavola.core.errors import Changed
from tavola.core.rules import Ready, Undecided
from tavola.edge import clock
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Installation, Run
from tavola.flows.ruling import Outcome, apply_to_user, foresee_user
from tavola.flows.ruling.preparing import Moment
from tavola.flows.users import list_user_ids


class RuleCount(msgspec.Struct):
    """About how many users a rule did something."""

    rule: str
    users: int


class Trouble(msgspec.Struct):
    """Why a rule could not be applied, and to how many users."""

    rule: str
    problem: str
    users: int


class RunReport(msgspec.Struct):
    """What a run did, or would do."""

    dry_run: bool
    users: int
    rules: list[RuleCount]
    troubles: list[Trouble]


class Apply(Protocol):
    """Applies rules to a user, or tells what that would do."""

    async def __call__(
        self, run: Run, rules: Sequence[Ready], user_id: str, at: Moment
    ) -> list[Outcome]: ...


async def run_rules(
    installation: Installation, rules: Sequence[Ready], shown: Progress, *, dry_run: bool
) -> RunReport:
    """Apply all rules about users to all users. Raises what the store raises."""
    about_users = [ready for ready in rules if not ready.rule.is_about_joining]
    apply: Apply = _foresee if dry_run else _apply
    acted: Counter[str] = Counter()
    troubles: Counter[tuple[str, str]] = Counter()
    users = 0
    start: str | None = None
    shown.stage("users", None)
    while True:
        ids, start = await installation.run(list_user_ids(limits.RULES_AT_ONCE, start))
        at = Moment(clock.now(), installation.settings.bucket)
        found = await asyncio.gather(
            *(apply(installation.run, about_users, user_id, at) for user_id in ids)
        )
        for outcome in (one for outcomes in found for one in outcomes):
            if outcome.problem is None:
                acted[outcome.rule] += 1
            else:
                troubles[outcome.rule, outcome.problem] += 1
        users += len(ids)
        shown.advance(len(ids))
        if start is None:
            break
    return RunReport(
        dry_run=dry_run,
        users=users,
        rules=[RuleCount(one.rule.name, acted[one.rule.name]) for one in about_users],
        troubles=[Trouble(*place, count) for place, count in troubles.most_common()],
    )


async def _apply(run: Run, rules: Sequence[Ready], user_id: str, at: Moment) -> list[Outcome]:
    try:
        return await run(apply_to_user(rules, user_id, at))
    except Changed as error:
        return [Outcome(one.rule.name, user_id, problem=str(error)) for one in rules]


async def _foresee(run: Run, rules: Sequence[Ready], user_id: str, at: Moment) -> list[Outcome]:
    findings = await run(foresee_user(rules, user_id, at))
    outcomes: list[Outcome] = []
    for one in findings:
        reason = one.verdict.reason if isinstance(one.verdict, Undecided) else None
        if problem := one.problem or reason:
            outcomes.append(Outcome(one.rule, user_id, problem=problem))
        elif one.does:
            outcomes.append(Outcome(one.rule, user_id, one.does))
    return outcomes
