"""Judges conditions: CEL, the Common Expression Language, by the package `cel-expr-python`.

It is an extra, imported only where there are rules. A condition is compiled twice: first against
the exact names and types of what it may look at, so that a slip of the pen is found at once; then
for being run, where a name that is absent of somebody is an error which `has` avoids. Running one
has the bounds that the package sets (10,000 steps of a list, 32 levels) and cannot reach the world.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tavola.core.rules import GROUP_FACTS, USER_FACTS, Facts, FactType, Judge, Rule, Undecided

_ERROR = re.compile(r"ERROR: <input>:(?P<line>-?\d+):(?P<column>-?\d+): (?P<message>.*)")
_STATUS = re.compile(r"^[A-Z_]+: |\s*\[[A-Z_]+\]$")
_EXPECTING = re.compile(r" expecting \{.*")
MISSING = "rules need the package cel-expr-python: install tavola[rules]"


class BadCondition(ValueError):
    """A condition that cannot be compiled: why, and on which of its lines."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Bench:
    """Compiles conditions. Raises `ImportError` where the package is missing."""

    def __init__(self) -> None:
        from cel_expr_python import cel  # type: ignore[import-untyped]  # its stubs are not marked

        self._cel = cel
        types = {
            "text": cel.Type.STRING,
            "bool": cel.Type.BOOL,
            "texts": cel.Type.List(cel.Type.STRING),
        }
        anything = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
        user = _named("user", USER_FACTS, types)
        self._user = _Scope(
            cel.NewEnv(variables=user), cel.NewEnv(variables={"user": anything}), ("user",)
        )
        self._joined = _Scope(
            cel.NewEnv(variables=user | _named("group", GROUP_FACTS, types)),
            cel.NewEnv(variables={"user": anything, "group": anything}),
            ("user", "group"),
        )

    def judge_of(self, rule: Rule) -> Judge:
        """What judges a rule's condition. Raises `BadCondition`."""
        scope = self._joined if rule.is_about_joining else self._user
        try:
            checked = scope.exact.compile(_without_has(rule.condition))
            compiled = scope.loose.compile(rule.condition)
        except RuntimeError as error:
            raise _told(error) from None
        result = checked.return_type()
        if result != self._cel.Type.BOOL:
            raise BadCondition(f"must be true or false, but is {result.name()}", 1)

        def judge(facts: Facts) -> bool | Undecided:
            data = {name: facts[name] for name in scope.names}
            try:
                value = compiled.eval(data=data).value()
            except RuntimeError as error:  # so it ends what takes too long
                return Undecided(_reason(str(error)))
            return value if isinstance(value, bool) else Undecided(_reason(str(value)))

        return judge


class _Scope(NamedTuple):
    exact: Any
    loose: Any
    names: tuple[str, ...]


def _named(name: str, facts: Mapping[str, FactType], types: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}.{fact}": types[kind] for fact, kind in facts.items()}


_NAMED = (("user", USER_FACTS), ("group", GROUP_FACTS))
_KNOWN = "|".join(rf"{scope}\s*\.\s*{name}" for scope, facts in _NAMED for name in facts)
_HAS = re.compile(rf"\bhas\s*\(\s*(?:{_KNOWN})\s*\)")


def _without_has(condition: str) -> str:
    """The condition with `true` for each `has`, in the same places.

    The exact names are variables of their own, of which `has` makes no sense.
    """
    return _HAS.sub(lambda found: _padded(found[0]), condition)


def _padded(text: str) -> str:
    blank = re.sub(r"[^\n]", " ", text)
    return "true" + blank[len("true") :]


def _told(error: RuntimeError) -> BadCondition:
    found = _ERROR.search(str(error))
    if found is None:
        return BadCondition(_reason(str(error)), 1)
    message = _EXPECTING.sub("", found["message"]).replace(" (in container '')", "")
    return BadCondition(_STATUS.sub("", message), max(int(found["line"]), 1))


def _reason(text: str) -> str:
    """What a status says, without its codes."""
    first = text.partition("\n")[0]
    return _STATUS.sub("", _STATUS.sub("", first))
