"""Whether the groups and senders that rules name are there."""

from collections.abc import Sequence
from typing import NamedTuple

from tavola.core import patterns
from tavola.core.operations import Operation
from tavola.core.rules import Effect, Ready, Rule
from tavola.flows.flow import Flow


class Gone(NamedTuple):
    """A rule that names what is not there."""

    rule: str
    problem: str


def find_gone(rules: Sequence[Ready]) -> Flow[list[Gone]]:
    """What is missing or deleted of what rules name, in their order."""
    named = [(ready.rule.name, *one) for ready in rules for one in _named(ready.rule)]
    if not named:
        return []
    reads: dict[tuple[str, str], Operation] = {
        (kind, one): _read(kind, one) for _, kind, one in named
    }
    items = yield tuple(reads.values())
    found = dict(zip(reads, items, strict=True))
    return [
        Gone(rule, f"there is no {kind} {one}")
        for rule, kind, one in named
        if found[kind, one] is None or "deleted_at" in found[kind, one]
    ]


def _named(rule: Rule) -> list[tuple[str, str]]:
    effects: list[Effect] = [rule.then] + ([rule.otherwise] if rule.otherwise else [])
    groups = [*rule.groups, *(one for effect in effects for one in effect.join + effect.leave)]
    named = [("group", one) for one in dict.fromkeys(groups)]
    welcome = rule.then.welcome
    return [*named, ("user", welcome.sender_id)] if welcome else named


def _read(kind: str, one: str) -> Operation:
    read = patterns.get_group if kind == "group" else patterns.get_user
    return read(one, consistent=True)
