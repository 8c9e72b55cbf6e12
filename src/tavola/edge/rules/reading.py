"""Reads the rules of an installation from a file of TOML; what is wrong is told with its line.

All that is wrong is told at once. TOML knows no lines once it is read; so the beginnings of tables
and keys are looked for in the text, and counted where the text before them is whole TOML by itself.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from tavola.core import limits
from tavola.core.errors import FieldError, FileUnusable, RulesInvalid
from tavola.core.rules import Ready, Rule, RuleFault, rule_of
from tavola.edge.rules.judging import MISSING, BadCondition, Bench

_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.M)
_AT_LINE = re.compile(
    r"^(?P<message>.*?) ?\(at (?:line (?P<line>\d+), column \d+|end of document)\)$"
)


class Fault(NamedTuple):
    """Something wrong in a file, and where."""

    line: int
    message: str


class RuleFile(NamedTuple):
    """The rules of a file, with the line on which each begins."""

    path: Path
    rules: list[Ready]
    lines: dict[str, int]


def load_rules(path: Path) -> RuleFile:
    """The rules of a file. Raises `FileUnusable`, and `RulesInvalid` naming file and lines."""
    text = _text_of(path)
    lines = text.splitlines()
    try:
        written = tomllib.loads(text)
    except RecursionError:
        raise _invalid(path, [Fault(1, "is nested too deeply")]) from None
    except ValueError as error:  # also of a number with too many digits, which has no line
        found = _AT_LINE.match(str(error))
        line = int(found["line"] or len(lines)) if found else 1
        raise _invalid(path, [Fault(line, found["message"] if found else str(error))]) from None
    tables, faults = _tables_of(written, lines)
    places = _places(text, len(tables))
    loaded = RuleFile(path, [], {})
    bench = _bench(path) if tables else None
    for n, table in enumerate(tables):
        end = places[n + 1] - 1 if n + 1 < len(places) else len(lines)
        section = _Section(lines[places[n] - 1 : end], places[n])
        ready = _ready(table, section, bench, loaded, faults)
        if ready:
            loaded.rules.append(ready)
    if faults:
        raise _invalid(path, faults)
    return loaded


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(limits.RULES_BYTES_MAX + 1)  # a device may have no end
    except OSError as error:
        raise FileUnusable(f"rules: {path}: {error.strerror}") from None
    if len(data) > limits.RULES_BYTES_MAX:
        raise _invalid(path, [Fault(1, f"must be at most {limits.RULES_BYTES_MAX >> 10} KB")])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _invalid(path, [Fault(line, "is no UTF-8 text")]) from None


def _bench(path: Path) -> Bench:
    try:
        return Bench()
    except ImportError:
        raise RulesInvalid(f"{path}: {MISSING}.") from None


def _tables_of(written: dict[str, Any], lines: list[str]) -> tuple[list[Any], list[Fault]]:
    faults = [
        Fault(_line_of(key, lines, 1), f"{key}: is unknown; a rule begins with [[rule]]")
        for key in written
        if key != "rule"
    ]
    tables = written.get("rule", [])
    if not isinstance(tables, list):
        return [], [*faults, Fault(_line_of("rule", lines, 1), "a rule begins with [[rule]]")]
    if len(tables) > limits.RULES_MAX:
        faults.append(Fault(1, f"must be at most {limits.RULES_MAX} rules"))
    return tables, faults


class _Section(NamedTuple):
    """The lines of one rule, and the number of the first."""

    lines: list[str]
    first: int

    def line_of(self, key: str) -> int:
        """The line on which a key of the rule begins."""
        return _line_of(key, self.lines, self.first) if key else self.first


def _ready(
    written: Any, section: _Section, bench: Bench | None, loaded: RuleFile, faults: list[Fault]
) -> Ready | None:
    try:
        rule = rule_of(written)
    except RuleFault as fault:
        faults.append(Fault(section.line_of(fault.key), str(fault)))
        return None
    if rule.name in loaded.lines:
        message = f"name: {rule.name} is the name of the rule in line {loaded.lines[rule.name]}"
        faults.append(Fault(section.line_of("name"), message))
        return None
    loaded.lines[rule.name] = section.first
    return _judged(rule, section, bench, faults)


def _judged(
    rule: Rule, section: _Section, bench: Bench | None, faults: list[Fault]
) -> Ready | None:
    if bench is None:
        return None
    try:
        return Ready(rule, bench.judge_of(rule))
    except BadCondition as error:
        begins = section.line_of("if")
        opening = section.lines[begins - section.first].partition("=")[2].strip()
        below = error.line if opening in ('"""', "'''") else error.line - 1
        faults.append(Fault(begins + below, f"if: {error}"))
        return None


def _places(text: str, count: int) -> list[int]:
    """The lines on which the rules begin; where they cannot be told, the first line for each."""
    found = [
        text.count("\n", 0, match.start()) + 1
        for match in _TABLE.finditer(text)
        if _is_whole(text[: match.start()])
    ]
    return found if len(found) == count else [1] * count


def _line_of(key: str, lines: list[str], first: int) -> int:
    """The line of a key, or of a table of that name."""
    name = re.escape(key)
    begins = re.compile(rf"""\s*(?:["']?{name}["']?\s*[.=]|\[\[?[^\]]*\b{name}\b)""")
    for n, line in enumerate(lines):
        if begins.match(line) and _is_whole("\n".join(lines[:n])):
            return first + n
    return first


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _invalid(path: Path, faults: list[Fault]) -> RulesInvalid:
    told = sorted(faults)
    detail = "\n".join(f"{path}:{fault.line}: {fault.message}" for fault in told)
    return RulesInvalid(
        detail,
        errors=tuple(FieldError(f"{path}:{fault.line}", "rule", fault.message) for fault in told),
    )
