"""A rule, made of what somebody wrote, with everything checked that needs no store.

The condition stays text here: whoever can judge it makes a `Ready` rule of it. Judging never
raises: what cannot be judged is `Undecided`, with the reason, and holds as little as it does not.
"""

import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

from tavola.core import limits
from tavola.core.errors import Invalid
from tavola.core.ids import check_id, check_text
from tavola.core.rules.facts import Facts

Event = Literal["user.created", "user.updated", "user.joined"]
CREATED: Event = "user.created"
UPDATED: Event = "user.updated"
JOINED: Event = "user.joined"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLACES = ("display_name", "handle", "group")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")


class Welcome(msgspec.Struct, frozen=True):
    """A direct message from a user, by id; names stand for `{display_name}` and their like."""

    sender_id: str
    text: str

    def said(self, display_name: str, handle: str, group: str) -> str:
        """The message to somebody; `group` is the name of the group that they joined."""
        known = {"display_name": display_name, "handle": handle, "group": group}
        text = _PLACEHOLDER.sub(lambda found: known[found[1]], self.text)
        return text[: limits.BODY_CODE_POINTS_MAX]


class Effect(msgspec.Struct, frozen=True):
    """What a rule does: groups, by id, to join and to leave, and a welcome."""

    join: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    welcome: Welcome | None = None


class Rule(msgspec.Struct, frozen=True):
    """When something happens to a user, and if a condition holds, then do this.

    `groups` are those whose joining matters, all when there are none. `otherwise` is done when a
    condition that held no longer does.
    """

    name: str
    events: frozenset[Event]
    condition: str
    then: Effect
    otherwise: Effect | None = None
    groups: tuple[str, ...] = ()

    @property
    def is_about_joining(self) -> bool:
        """Whether it is about one joining of a group, not about the user alone."""
        return JOINED in self.events

    @property
    def follows(self) -> bool:
        """Whether it looks again when the user changes."""
        return UPDATED in self.events


class Undecided(msgspec.Struct, frozen=True):
    """A condition that could not be judged, and why."""

    reason: str


Verdict = bool | Undecided
Judge = Callable[[Facts], Verdict]


class Ready(NamedTuple):
    """A rule with what judges its condition."""

    rule: Rule
    judge: Judge


class RuleFault(ValueError):
    """What is wrong with a rule, and with which of its keys."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key


class _Welcome(msgspec.Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    from_: str
    message: str


class _Effect(msgspec.Struct, forbid_unknown_fields=True):
    join: str | list[str] = []
    leave: str | list[str] = []
    welcome: _Welcome | None = None


class _Written(msgspec.Struct, forbid_unknown_fields=True, rename={"if_": "if"}):
    name: str
    when: Event | list[Event]
    then: _Effect
    if_: str = "true"
    otherwise: _Effect | None = None
    group: str | list[str] = []


def rule_of(written: Any) -> Rule:
    """The rule that a table of the file says; raises `RuleFault`."""
    try:
        raw = msgspec.convert(written, _Written)
    except msgspec.ValidationError as error:
        raise _fault_of(str(error)) from None
    rule = Rule(
        name=_checked("name", raw.name),
        events=frozenset([raw.when] if isinstance(raw.when, str) else raw.when),
        condition=raw.if_,
        then=_effect("then", raw.then),
        otherwise=_effect("otherwise", raw.otherwise) if raw.otherwise else None,
        groups=_ids("group", raw.group),
    )
    _check_sense(rule)
    return rule


def _fault_of(told: str) -> RuleFault:
    """What msgspec says, by the key of the rule that it is about."""
    path, message = _PATH.search(told), _PATH.sub("", told)
    key = re.split(r"[.\[]", path["path"].lstrip("."))[0] if path else ""
    if unknown := _UNKNOWN.fullmatch(message):
        return RuleFault(key or unknown[1], f"{unknown[1]} is unknown" if key else "is unknown")
    return RuleFault(key, message)


def _check_sense(rule: Rule) -> None:
    if not rule.events:
        raise RuleFault("when", "names no event")
    if rule.is_about_joining and len(rule.events) > 1:
        raise RuleFault("when", "user.joined stands alone: only there is a `group` to look at")
    if rule.groups and not rule.is_about_joining:
        raise RuleFault("group", "goes with user.joined alone")
    if rule.otherwise and not rule.follows:
        raise RuleFault("otherwise", "needs user.updated: nothing else ends a condition")
    if len(rule.condition) > limits.RULE_CONDITION_CHARS_MAX:
        message = f"must be at most {limits.RULE_CONDITION_CHARS_MAX:,} characters"
        raise RuleFault("if", message)
    welcome = rule.then.welcome
    if welcome and not rule.is_about_joining and "{group}" in welcome.text:
        raise RuleFault("then", "{group} is known with user.joined alone")


def _effect(key: str, raw: _Effect) -> Effect:
    join, leave = _ids(key, raw.join), _ids(key, raw.leave)
    if both := set(join) & set(leave):
        raise RuleFault(key, f"cannot both join and leave {min(both)}")
    if len(join) + len(leave) > limits.RULE_GROUPS_MAX:
        raise RuleFault(key, f"must name at most {limits.RULE_GROUPS_MAX} groups")
    if not join and not leave and raw.welcome is None:
        raise RuleFault(key, "does nothing: name `join`, `leave` or `welcome`")
    if raw.welcome and key == "otherwise":
        raise RuleFault(key, "welcomes nobody: `welcome` goes with `then`")
    return Effect(join, leave, _welcome(key, raw.welcome) if raw.welcome else None)


def _welcome(key: str, raw: _Welcome) -> Welcome:
    for name in _PLACEHOLDER.findall(raw.message):
        if name not in _PLACES:
            known = ", ".join(f"{{{place}}}" for place in _PLACES)
            raise RuleFault(key, f"{{{name}}} is unknown in a message; known are {known}")
    try:
        text = check_text(raw.message, "message", limits.BODY_CODE_POINTS_MAX)
    except Invalid as error:
        raise RuleFault(
            key, f"welcome {error.errors[0].field}: {error.errors[0].message}"
        ) from None
    return Welcome(_checked(key, raw.from_), text)


def _ids(key: str, raw: str | list[str]) -> tuple[str, ...]:
    """Ids of groups, each once."""
    listed = [raw] if isinstance(raw, str) else raw
    return tuple(dict.fromkeys(_checked(key, one) for one in listed))


def _checked(key: str, text: str) -> str:
    try:
        return check_id(text)
    except Invalid as error:
        raise RuleFault(key, f"{text!r} {error.errors[0].message}") from None
