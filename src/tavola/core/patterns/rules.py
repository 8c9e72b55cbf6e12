"""Access patterns of rules: what a rule has done, and doing it.

All that a rule does about a user at once is one transaction with the mark that says so, on the
condition that everything is as it was when this was decided. So it is done once, however often it
is tried, and whoever else is at it.
"""

from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import key_of
from tavola.core.operations import (
    And,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Get,
    Missing,
    Or,
    Part,
    Put,
    Query,
    Transact,
)
from tavola.core.patterns.declared import pattern, same_names
from tavola.core.patterns.groups import Joining, joiners, unchanged

_SEEN = ("handle", "display_name", "admin", "location", "interests")


class Deed(NamedTuple):
    """What a rule does about a user, all of it as it was read.

    `member` is the joining that it is about; `left` are memberships that end.
    """

    user: e.User
    before: e.RuleMark | None
    mark: e.RuleMark
    member: e.GroupUser | None = None
    joinings: tuple[Joining, ...] = ()
    left: tuple[e.LeftGroup, ...] = ()
    entry: e.Message | None = None


@pattern("What have rules done about this user?", "pk = USER#u, sk from RULE#@#", "1 RRU per 4 KB")
def marks_of_user(user_id: str, limit: int) -> Query:
    """The marks of rules about the user alone."""
    pk = f"USER#{user_id}"
    return Query("marks_of_user", pk, "RULE#@#", "RULE#@#~", limit, consistent=True)


@pattern("What has this rule done about this user?", "pk = USER#u and sk = RULE#g#r", "1 RRU")
def get_mark(user_id: str, scope: str, rule: str) -> Get:
    """In the scope of a group that was joined, or `@`."""
    key = table.RULE_MARK.key(user_id=user_id, scope=scope, rule=rule)
    return Get("get_mark", key, consistent=True)


@pattern("Has this user left this group?", "pk = USER#u and sk = LEFT#g", "1 RRU")
def get_left(user_id: str, group_id: str) -> Get:
    key = table.LEFT_GROUP.key(user_id=user_id, group_id=group_id)
    return Get("get_left", key, consistent=True)


@pattern(
    "Apply a rule",
    "mark put, user and all else as read; joiners, a message",
    "4-168 WRU",
)
def apply_rule(deed: Deed) -> Transact:
    """`Lost` when something is no longer as it was read."""
    name, parts = "apply_rule", list[Part]()
    parts.append(Check(name, table.USER.key(user_id=deed.user.user_id), _as_read(deed.user)))
    parts.append(Put(name, table.RULE_MARK.build(deed.mark), _mark_as_read(deed.before)))
    for joining in deed.joinings:
        parts += joiners(name, joining)
        parts.append(unchanged(name, joining.group))
        parts.append(_not_left(name, joining.member))
    for left in deed.left:
        place = {"group_id": left.group_id, "user_id": left.user_id}
        parts.append(Delete(name, table.GROUP_USER.key(**place), Exists()))
        parts.append(Delete(name, table.USER_GROUP.key(**place)))
        parts.append(Put(name, table.LEFT_GROUP.build(left)))
    if deed.member and deed.member.group_id not in {left.group_id for left in deed.left}:
        same = Equals("joined_at", deed.member.joined_at)
        parts.append(Check(name, key_of(table.GROUP_USER.build(deed.member)), same))
    if deed.entry:
        parts.append(Put(name, table.MESSAGE.build(deed.entry), Missing()))
    return Transact(name, tuple(parts))


@pattern("Erase: what a rule has done", "delete RuleMark", "1 WRU")
def erase_mark(mark: e.RuleMark) -> Delete:
    key = table.RULE_MARK.key(user_id=mark.user_id, scope=mark.scope, rule=mark.rule)
    return Delete("erase_mark", key)


def _as_read(user: e.User) -> And:
    """A user who is there, and says the same of themselves."""
    item = table.USER.build(user)
    seen = (Equals(name, item[name]) if name in item else Missing(name) for name in _SEEN)
    return And((same_names(user.names_rev), *seen))


def _mark_as_read(before: e.RuleMark | None) -> Condition:
    if before is None:
        return Missing()
    held = Equals("held", True) if before.held else Missing("held")
    if before.joined_at is None:
        return And((Exists(), held))
    return And((held, Equals("joined_at", before.joined_at)))


def _not_left(name: str, member: e.GroupUser) -> Check:
    """Whom no person has taken out of the group since, nor they themselves."""
    key = table.LEFT_GROUP.key(user_id=member.user_id, group_id=member.group_id)
    return Check(name, key, Or((Missing(), Exists("rule"))))
