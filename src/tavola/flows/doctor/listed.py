"""Examines items that stand alone and lead to a user or a group: handles, names, identities.

They are looked at many at a time. Which of them are wrong follows from the users and groups they
lead to; what is told is first read again, because a scan may have been behind.
"""

from collections.abc import Sequence

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.ids import fold_name, group
from tavola.core.items import Item, Key, is_same, key_of
from tavola.core.operations import Equals, Exists, Missing
from tavola.flows.doctor import checks
from tavola.flows.doctor.finding import Finding, by
from tavola.flows.doctor.people import (
    inspect_all,
    is_alive,
    is_lost,
    look_up,
    same,
    unchanged,
    user_key,
)
from tavola.flows.flow import Flow


def examine_listed(items: Sequence[Item]) -> Flow[list[Finding]]:
    """Items of any of these types."""
    found: list[Finding] = []
    names = [item for item in items if item["type"] == "GroupName"]
    found += yield from _group_names(names)
    owned = {key_of(item): _owner(item) for item in items if item["type"] != "GroupName"}
    users = yield from look_up(set(owned.values()))
    stray = [
        item
        for item in items
        if key_of(item) in owned and not _is_right(item, users.get(owned[key_of(item)]))
    ]
    for item in (yield from _still(stray)):
        user_id = owned[key_of(item)]
        user = users.get(user_id)
        if user or not (yield from is_lost(user_id)):
            found.append(_stray(item, user_id, user))
    living = [item for item in items if item["type"] == "Identity" and item not in stray]
    found += yield from _twins(living, {key: users.get(one) for key, one in owned.items()})
    return found


def _owner(item: Item) -> str:
    """The user to whom an item leads."""
    record = table.decode(item)
    user_id: str = getattr(record, "user_id")  # noqa: B009 - four kinds of records have it
    return user_id


def _is_right(item: Item, user: e.User | None) -> bool:
    """Whether an item is where its user says."""
    if user is None or not is_alive(user):
        return False
    if item["type"] == "Handle":
        return user.handle.lower() == table.HANDLE.parse(item).handle
    if item["type"] == "UserName":
        return fold_name(user.display_name) == table.USER_NAME.parse(item).folded
    return True


def _still(items: Sequence[Item]) -> Flow[list[Item]]:
    """Those that are there, unchanged."""
    now = yield from inspect_all([key_of(item) for item in items])
    return [item for item, there in zip(items, now, strict=True) if there and is_same(item, there)]


def _stray(item: Item, user_id: str, user: e.User | None) -> Finding:
    check = {
        "Handle": checks.HANDLE_STRAY,
        "UserName": checks.LISTING_STRAY,
        "Identity": checks.IDENTITY_STRAY,
        "Password": checks.PASSWORD_STRAY,
    }[item["type"]]
    as_found = Equals("user_id", user_id) if "user_id" in item else Exists()
    basis = ((user_key(user_id), unchanged(user)),)
    repair = by(patterns.mend_stray(key_of(item), as_found, basis))
    return Finding(check, key_of(item), _told(user_id, user), (), repair)


def _told(user_id: str, user: e.User | None) -> str:
    if user is None:
        return f"{user_id} is nobody"
    if user.deleted_at:
        return f"{user_id} is deleted"
    return f"{user_id} is {user.display_name!r} @{user.handle}"


def _twins(items: Sequence[Item], users: dict[Key, e.User | None]) -> Flow[list[Finding]]:
    """Identities of living users without their twin."""
    records = [table.IDENTITY.parse(item) for item in items]
    twins = [
        table.USER_IDENTITY.build(
            e.UserIdentity(user_id=one.user_id, issuer=one.issuer, subject=one.subject)
        )
        for one in records
    ]
    there = yield from inspect_all([key_of(twin) for twin in twins])
    absent = [
        (item, twin) for item, twin, one in zip(items, twins, there, strict=True) if one is None
    ]
    still = yield from _still([item for item, _ in absent])
    found = []
    for item, twin in absent:
        user = users[key_of(item)]
        if item in still and user:
            basis = (
                (key_of(item), Equals("user_id", user.user_id)),
                (user_key(user.user_id), same(user)),
            )
            repair = by(patterns.mend_missing(twin, Missing(), basis))
            told = f"the twin of {table.IDENTITY.parse(item).subject} is missing"
            found.append(
                Finding(checks.IDENTITY_ONE_SIDED, key_of(twin), told, (key_of(item),), repair)
            )
    return found


def _group_names(items: Sequence[Item]) -> Flow[list[Finding]]:
    """Places in the list of groups that are no group's."""
    names = [table.GROUP_NAME.parse(item) for item in items]
    keys = [table.GROUP.key(group_id=name.group_id) for name in names]
    tops = yield from inspect_all(keys)
    groups = [table.GROUP.parse(top) if top else None for top in tops]
    wrong = {
        key_of(item): (key, top)
        for item, name, key, top in zip(items, names, keys, groups, strict=True)
        if top is None or not is_alive(top) or fold_name(top.name) != name.folded
    }
    found = []
    for item in (yield from _still([item for item in items if key_of(item) in wrong])):
        key, top = wrong[key_of(item)]
        group_id = table.GROUP_NAME.parse(item).group_id
        if top is None and (yield from _is_group_lost(group_id)):
            continue
        told = f"{group_id} is called {top.name!r}" if top else f"{group_id} is no group"
        repair = by(patterns.mend_stray(key_of(item), Exists(), ((key, unchanged(top)),)))
        found.append(Finding(checks.LISTING_STRAY, key_of(item), told, (), repair))
    return found


def _is_group_lost(group_id: str) -> Flow[bool]:
    """Whether there are members or messages of a group without a record."""
    members, log = yield (
        patterns.list_members(group_id, 1),
        patterns.read_log(group(group_id), 1),
    )
    return bool(members.items or log.items)
