"""Exact sets: these users are the group's, these groups are the user's.

What is too much for one transaction is done in several, one after another. Each membership is
whole at any time, the set is not: the reply says what was done, and a repeat does the rest, also
after a crash. Where somebody else changes the same set meanwhile, or a name changes, what stands in
one transaction with that is done one by one; every membership ends as one of them wanted it.

A group may have many more members than can be set: of those that are too many, a bounded number
is removed with each repeat.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tavola.core import limits, patterns, table
from tavola.core.errors import Changed, invalid
from tavola.core.ids import check_handle, check_id, group
from tavola.core.items import Item
from tavola.core.operations import Operation, Page, Query
from tavola.core.patterns import Joining, Place
from tavola.flows.access import Asker, access_user, manage_group, resolve_user
from tavola.flows.flow import Flow
from tavola.flows.groups import join_group, leave_all, new_member, slices
from tavola.flows.tail import Tail, tail_of

_TRIES_MAX = 3  # of one join whose user or group is just being renamed
_TOLD_MAX = 10  # unknown ones that an error names


class Done(NamedTuple):
    """Who came and went, or which groups; and whether nothing is left to be removed."""

    added: list[str]
    removed: list[str]
    complete: bool


class Present(NamedTuple):
    """Those of the wanted that are there, those to remove, and whether these are all."""

    kept: set[str]
    surplus: list[str]
    complete: bool


def set_members(asker: Asker, group_id: str, users: Sequence[str], now: str) -> Flow[Done]:
    """Make exactly these users, by id or `@handle`, the members of a group.

    For the group's admins and admins of all. Raises `NotFound`, `Forbidden`, and `Invalid` for
    more than 1,000 or unknown users: then nothing was written. `Changed` may come in the middle.
    """
    _check_count(users, "users")
    top = (yield from manage_group(asker, group_id)).group
    wanted = yield from _user_ids(users)
    present = yield from _present(
        wanted,
        lambda start: patterns.list_members(group_id, limits.MEMBER_SLICE, start),
        lambda item: table.GROUP_USER.parse(item).user_id,
        lambda user_id: patterns.get_member(group_id, user_id, consistent=True),
    )
    absent = [user_id for user_id in wanted if user_id not in present.kept]
    items = yield from _all_of(patterns.get_user(one, consistent=True) for one in absent)
    found = [table.USER.parse(item) if item else None for item in items]
    users_there = [user for user in found if user and user.deleted_at is None]
    _check_known(absent, {user.user_id for user in users_there}, "users", "user")
    page: Page = yield patterns.group_head(group(group_id), consistent=True)
    head_seq = tail_of(page).head_seq
    joinings = [
        Joining(user, top, new_member(user, top, "member", now, head_seq=head_seq))
        for user in users_there
    ]
    added = yield from _join_all(joinings, now)
    removed = yield from leave_all([Place(group_id, one) for one in present.surplus], now)
    return Done(
        [place.user_id for place in added], [place.user_id for place in removed], present.complete
    )


def set_groups(user: str, group_ids: Sequence[str], now: str) -> Flow[Done]:
    """Make exactly these groups those of a user, by id or `@handle`.

    Raises `UserNotFound`, and `Invalid` for more than 1,000 or unknown groups: then nothing was
    written. `Changed` may come in the middle.
    """
    _check_count(group_ids, "groups")
    user_id = yield from resolve_user(user)
    joiner = access_user((yield patterns.get_user(user_id, consistent=True)))
    wanted = list(dict.fromkeys(check_id(one, "groups") for one in group_ids))
    present = yield from _present(
        wanted,
        lambda start: patterns.user_with_groups(user_id, limits.MEMBER_SLICE, start),
        lambda item: table.USER_GROUP.parse(item).group_id,
        lambda group_id: patterns.get_member(group_id, user_id, consistent=True),
    )
    absent = [group_id for group_id in wanted if group_id not in present.kept]
    pages = yield from _all_of(patterns.group_head(group(one), consistent=True) for one in absent)
    tails: list[Tail] = [tail_of(page) for page in pages]
    joinings = [
        Joining(
            joiner,
            tail.group,
            new_member(joiner, tail.group, "member", now, head_seq=tail.head_seq),
        )
        for tail in tails
        if tail.group and tail.group.deleted_at is None
    ]
    _check_known(absent, {joining.group.group_id for joining in joinings}, "groups", "group")
    added = yield from _join_all(joinings, now)
    removed = yield from leave_all([Place(one, user_id) for one in present.surplus], now)
    return Done(
        [place.group_id for place in added],
        [place.group_id for place in removed],
        present.complete,
    )


def _check_count(ids: Sequence[str], field: str) -> None:
    if len(ids) > limits.EXACT_SET_IDS_MAX:
        raise invalid(field, "too_many", f"must be at most {limits.EXACT_SET_IDS_MAX:,}")


def _check_known(wanted: Iterable[str], known: set[str], field: str, what: str) -> None:
    unknown = [one for one in wanted if one not in known]
    if unknown:
        more = ", …" if len(unknown) > _TOLD_MAX else ""
        told = ", ".join(unknown[:_TOLD_MAX]) + more
        raise invalid(field, "unknown", f"there is no such {what}: {told}")


def _user_ids(users: Sequence[str]) -> Flow[list[str]]:
    """The ids that are meant, each once, in the order in which they are named."""
    meant = {
        one: check_handle(one, "users").lower() if one.startswith("@") else check_id(one, "users")
        for one in users
    }
    handles = [one for one in meant if one.startswith("@")]
    items = yield from _all_of(patterns.get_handle(meant[one], consistent=True) for one in handles)
    known = {one for one, item in zip(handles, items, strict=True) if item}
    _check_known(handles, known, "users", "user")
    meant |= {
        one: table.HANDLE.parse(item).user_id for one, item in zip(handles, items, strict=True)
    }
    return list(dict.fromkeys(meant.values()))


def _present(
    wanted: Sequence[str],
    page_at: Callable[[str | None], Query],
    id_of: Callable[[Item], str],
    look_up: Callable[[str], Operation],
) -> Flow[Present]:
    """Compare a set with what is there, as far as that may be removed in one request."""
    kept: set[str] = set()
    surplus: list[str] = []
    start: str | None = None
    most = limits.EXACT_SET_REMOVALS_MAX
    while len(surplus) <= most:
        page: Page = yield page_at(start)
        there = [id_of(item) for item in page.items if item["type"] in ("GroupUser", "UserGroup")]
        kept.update(set(there).intersection(wanted))
        surplus += [one for one in there if one not in kept]
        start = page.next
        if start is None:
            return Present(kept, surplus[:most], len(surplus) <= most)
    unseen = [one for one in wanted if one not in kept]
    items = yield from _all_of(look_up(one) for one in unseen)
    kept.update(one for one, item in zip(unseen, items, strict=True) if item)
    return Present(kept, surplus[:most], complete=False)


def _all_of(operations: Iterable[Operation]) -> Flow[list[Any]]:
    several = tuple(operations)
    return (yield several) if several else []


def _join_all(joinings: Sequence[Joining], now: str) -> Flow[list[Place]]:
    """Those who were no members before."""
    added: list[Place] = []
    for some in slices(joinings, limits.JOINS_AT_ONCE):
        places = [Place(one.group.group_id, one.user.user_id) for one in some]
        try:
            lost = yield patterns.join_all(some)
        except Changed:
            lost = Changed
        if lost is None:
            added += places
            continue
        for place in places:
            if (yield from _join(place, now)):
                added.append(place)
    return added


def _join(place: Place, now: str) -> Flow[bool]:
    for tries in range(_TRIES_MAX):
        try:
            member = yield from join_group(place.group_id, place.user_id, "member", now)
        except Changed:
            if tries == _TRIES_MAX - 1:
                raise
        else:
            return member.joined_at == now
    return False
