"""Access patterns asked by name, with texts for their parameters: for operators and for forms.

Only questions: what writes is decided by flows, never by hand.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from msgspec.structs import replace

from tavola.core.errors import invalid
from tavola.core.items import BadItem, Key, check_key
from tavola.core.operations import Get, Query
from tavola.core.patterns import BUILDERS, PATTERNS
from tavola.core.patterns.params import AccessPattern, values_of


def question(name: str) -> AccessPattern:
    """The access pattern of a name that reads; raises `Invalid` where there is none to run."""
    declared = PATTERNS.get(name)
    if declared is None:
        near = get_close_matches(name, PATTERNS, cutoff=0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise invalid("pattern", "unknown", f"there is none of this name{hint}")
    if not declared.reads:
        raise invalid("pattern", "not_a_question", f"{name} is not asked with texts alone")
    return declared


def build_read(name: str, texts: Mapping[str, str]) -> Get | Query:
    """The operation that answers a question.

    Raises `Invalid`, which names each parameter that is unknown, missing or wrong.
    """
    declared = question(name)
    operation = BUILDERS[name](**values_of(declared.params, texts))
    assert isinstance(operation, Get | Query)
    try:
        for key in _keys(operation):
            check_key(key)
    except BadItem as error:
        raise invalid("values", "key", f"make no key: {error}") from None
    return operation


def pages_on(name: str) -> bool:
    """Whether what a question leaves over is asked for next: not where it is bounded by itself."""
    return any(param.name == "limit" for param in question(name).params)


def continued(read: Get | Query, start: str) -> Query:
    """The same question behind a sort key; raises `Invalid` for one that has no second page."""
    if isinstance(read, Get):
        raise invalid("cursor", "cursor", "does not go with a question of one item")
    return replace(read, start=start)


def _keys(read: Get | Query) -> list[Key]:
    """The keys that a read names."""
    if isinstance(read, Get):
        return [read.key]
    bounds = [read.low, read.high]
    return [Key(read.pk, sk) for sk in (bounds if read.start is None else [*bounds, read.start])]
