"""Rules: what follows from a person's being made, changed, or let into a group.

A rule is a value. What it does is decided here; whether its condition holds is judged elsewhere.
"""

from tavola.core.rules.deciding import USER_SCOPE, Step, acts_in_chain, decide
from tavola.core.rules.facts import (
    GROUP_FACTS,
    USER_FACTS,
    Facts,
    FactType,
    facts_of,
    group_facts,
    user_facts,
)
from tavola.core.rules.rule import (
    CREATED,
    JOINED,
    UPDATED,
    Effect,
    Event,
    Judge,
    Ready,
    Rule,
    RuleFault,
    Undecided,
    Verdict,
    Welcome,
    rule_of,
)

__all__ = [
    "CREATED",
    "GROUP_FACTS",
    "JOINED",
    "UPDATED",
    "USER_FACTS",
    "USER_SCOPE",
    "Effect",
    "Event",
    "FactType",
    "Facts",
    "Judge",
    "Ready",
    "Rule",
    "RuleFault",
    "Step",
    "Undecided",
    "Verdict",
    "Welcome",
    "acts_in_chain",
    "decide",
    "facts_of",
    "group_facts",
    "rule_of",
    "user_facts",
]
