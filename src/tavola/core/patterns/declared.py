"""How an access pattern is declared: above the function that builds its operation.

And the ranges and conditions that several of them share.
"""

from collections.abc import Callable
from typing import TypeVar

from tavola.core import limits
from tavola.core.operations import And, Equals, Exists, Get, Missing, Operation, Query
from tavola.core.patterns.params import AccessPattern, params_of

NEWEST_FIRST = True
USERS_LOW, USERS_HIGH = "USER#", "USER#~"
# Below and above every name: folding can put a space in front, and 51 such letters are too long.
LISTED_LOW, LISTED_HIGH = " ", "\U0010ffff" * (limits.NAME_BYTES_MAX // 4 + 1)
ALIVE = And((Exists(), Missing("deleted_at")))

PATTERNS: dict[str, AccessPattern] = {}
BUILDERS: dict[str, Callable[..., Operation]] = {}

F = TypeVar("F", bound=Callable[..., Operation])


def same_names(names_rev: int) -> And:
    """A top record that is alive and has the names that were read."""
    return And((Exists(), Missing("deleted_at"), Equals("names_rev", names_rev)))


def pattern(question: str, key: str, units: str) -> Callable[[F], F]:
    """Declare an access pattern under the name of the function that builds it."""

    def declare(build: F) -> F:
        name, params = build.__name__, params_of(build, (Get, Query))
        reads = params is not None
        PATTERNS[name] = AccessPattern(name, question, key, units, None, reads, params or ())
        BUILDERS[name] = build
        return build

    return declare
