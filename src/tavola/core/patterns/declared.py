"""How an access pattern is declared: beside the function that builds its operation."""

from collections.abc import Callable
from typing import TypeVar

from tavola.core.access import AccessPattern, params_of
from tavola.core.operations import Get, Operation, Query

PATTERNS: dict[str, AccessPattern] = {}
BUILDERS: dict[str, Callable[..., Operation]] = {}

F = TypeVar("F", bound=Callable[..., Operation])


def pattern(question: str, key: str, units: str) -> Callable[[F], F]:
    """Declare an access pattern under the name of the function that builds it."""

    def declare(build: F) -> F:
        name, params = build.__name__, params_of(build, (Get, Query))
        reads = params is not None
        PATTERNS[name] = AccessPattern(name, question, key, units, None, reads, params or ())
        BUILDERS[name] = build
        return build

    return declare
