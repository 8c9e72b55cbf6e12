"""Which access patterns a function can come to run: all that its code names, executed or not.

From where an invocation begins, the code is followed by the names in it, through functions, methods
and the modules that they are in. So it may find a little more than is ever run, and never less.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from inspect import isclass, isfunction, ismodule
from types import CodeType, FunctionType
from typing import Any

from tavola.core import patterns
from tavola.edge.aws import http  # noqa: F401 - it declares the endpoints
from tavola.edge.cognito.confirmed import confirmed
from tavola.edge.feed.handling import Handler
from tavola.edge.http.callers import Callers
from tavola.edge.http.endpoints import ENDPOINTS
from tavola.edge.transfer.copying import check_whole
from tavola.flows.consumers import CONSUMERS
from tavola.flows.consumers.rules import consumer_of

ROOTS: dict[str, list[Callable[..., Any]]] = {
    "HttpRole": [check_whole, *(one.handler for one in ENDPOINTS)],
    "StreamRole": [check_whole, *CONSUMERS, consumer_of],
    "CognitoRole": [check_whole, confirmed],
}
ROOTS["HttpRole"] += [one for one in vars(Callers).values() if isfunction(one)]
ROOTS["StreamRole"] += [one for one in vars(Handler).values() if isfunction(one)]

FOLLOWED = (
    *("tavola.flows.", "tavola.edge.http.", "tavola.edge.transfer.copying"),
    *("tavola.edge.feed.handling", "tavola.edge.cognito.confirmed"),
)


def patterns_of(role: str) -> set[str]:
    """The names of all access patterns that the function of a role can come to run."""
    left = list(ROOTS[role])
    seen: set[FunctionType] = set()
    found: set[str] = set()
    while left:
        function = left.pop()
        if not isfunction(function) or function in seen:
            continue
        seen.add(function)
        for name, value in _named(function):
            if value is patterns.BUILDERS.get(name):
                found.add(name)
            else:
                left += _functions(value)
    return found


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the names in a function's code stand for, and those behind the name of a module."""
    names = set(_names(function.__code__))
    known = {name: function.__globals__[name] for name in names & function.__globals__.keys()}
    yield from known.items()
    for module in filter(ismodule, known.values()):
        yield from ((name, vars(module)[name]) for name in names & vars(module).keys())


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _functions(value: Any) -> Iterable[FunctionType]:
    """The functions of ours that a value is or holds."""
    if isinstance(value, partial):
        return _functions(value.func)
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _functions(inner)]
    if isinstance(value, list | tuple):
        return [one for inner in value for one in _functions(inner)]
    if isclass(value) and value.__module__.startswith(FOLLOWED):
        return [one for one in vars(value).values() if isfunction(one)]
    if isfunction(value) and value.__module__.startswith(FOLLOWED):
        return [value]
    return []
