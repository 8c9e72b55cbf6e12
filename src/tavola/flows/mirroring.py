"""Users as a directory elsewhere has them: made, linked and changed until they are so here.

Who somebody is there is said by an `Identity` whose issuer is the directory's name. It is written
with the user, or when the record's person is found here: because their id is the record's, or
because the issuer's subject that the record names is them. Never by a handle. Who has such an
identity came from the directory; of nobody else is it ever said that they are gone from there.

The directory is right about handle, display name and the issuer's subject, the one that somebody
has there; everything else of a user is people's own, and `created_at` is taken once. A record is
taken whole or not at all, as far as can be seen before; several writes are finished by repeating.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, Changed, HandleTaken, IdentityTaken, IdTaken
from tavola.core.ids import fold_handle
from tavola.core.items import Item
from tavola.core.operations import Get
from tavola.core.records import Record
from tavola.flows.erasing import erase_all, erase_user
from tavola.flows.flow import Flow
from tavola.flows.identities import link_user, list_identities
from tavola.flows.users import Profile, new_user, update_user

Deed = Literal["created", "linked", "updated", "unchanged"]
"""What a record leads to; `linked` is somebody who was here before, of whom it turns out to be."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be done about a record; `holder` is somebody else who has its handle."""

    deed: Deed
    user: e.User | None = None
    link: bool = True
    vouch: bool = False
    stale: tuple[e.UserIdentity, ...] = ()
    holder: str | None = None


class Linked(msgspec.Struct, frozen=True):
    """A user who came from a directory, and who they are there."""

    user_id: str
    subject: str


def find_changed(records: Sequence[Record]) -> Flow[list[Record]]:
    """Those records of a page that seem not to be here as they are there.

    The reads may be a moment behind, for half the price; `mirror` looks again.
    """
    people = [record.person for record in records if record.person]
    items = yield (
        *(patterns.get_identity(record.source, record.subject) for record in records),
        *(patterns.get_identity(person.issuer, person.subject) for person in people),
    )
    owners = [_owner(item) for item in items]
    linked = dict(zip((record.subject for record in records), owners, strict=False))
    vouched = dict(zip(people, owners[len(records) :], strict=True))
    known = [user_id for user_id in owners[: len(records)] if user_id]
    found = (yield tuple(map(patterns.get_user, known))) if known else []
    users = {user_id: _alive(item) for user_id, item in zip(known, found, strict=True)}
    changed: list[Record] = []
    for record in records:
        user = users.get(linked[record.subject] or "")
        right = user is not None and not _renames(record, user)
        if record.person:
            right = right and user is not None and vouched[record.person] == user.user_id
        if not right:
            changed.append(record)
    return changed


def plan(record: Record) -> Flow[Plan]:
    """What is to be done about a record, by strongly consistent reads.

    Raises `IdTaken` for somebody who was erased here, and `IdentityTaken` where the record would
    make two people of one, or one of two.
    """
    linked, vouched, same_id = yield from _read(record)
    user_id = linked or (record.user_id if same_id else None) or vouched
    if user_id is None:
        return Plan("created", holder=(yield from _holder(record, None)))
    item = same_id if user_id == record.user_id else None
    if item is None:  # or it was read before the identity, and made between
        item = yield patterns.get_user(user_id, consistent=True)
    user = _alive(item)
    if user is None:
        raise IdTaken(f"The user {user_id} was erased here; ids are never given out again.")
    if vouched not in {None, user_id}:
        raise IdentityTaken(f"The cognito_user_id is linked with the user {vouched}.")
    known = yield from list_identities(user_id)
    other = [one.subject for one in known if _is_other(one, record.source, record.subject)]
    if other:
        raise IdentityTaken(
            f"This would be the user {user_id}, who is linked with the row {other[0]}."
        )
    person = record.person
    stale = [one for one in known if person and _is_other(one, person.issuer, person.subject)]
    vouch = person is not None and vouched is None
    changes = vouch or bool(stale) or _renames(record, user)
    return Plan(
        "linked" if linked is None else "updated" if changes else "unchanged",
        user,
        linked is None,
        vouch,
        tuple(stale),
        holder=(yield from _holder(record, user)),
    )


def mirror(record: Record, new_id: str) -> Flow[Deed]:
    """Do what is to be done about a record; an id that cannot be one here gives way to `new_id`.

    Raises `HandleTaken`, what `plan` raises, and `Busy` when others always were faster.
    """
    for _ in range(limits.MIRROR_TRIES_MAX):
        planned = yield from plan(record)
        if planned.holder:
            raise HandleTaken
        try:
            if (yield from _carry_out(record, planned, new_id)):
                return planned.deed
        except Changed:
            continue
    raise Busy


def find_circles(holders: Mapping[str, str]) -> list[str]:
    """One of each circle of users who want each other's handles, by who has the one of whom."""
    found: list[str] = []
    passed: set[str] = set()
    for first in holders:
        path: list[str] = []
        one = first
        while one in holders and one not in passed:
            passed.add(one)
            path.append(one)
            one = holders[one]
        if one in path:
            found.append(one)
    return found


def step_aside(user_id: str) -> Flow[None]:
    """Give somebody another handle for the moment, so that theirs is free for who is to have it."""
    digits = hashlib.sha256(user_id.encode()).hexdigest()[:16]
    yield from update_user(user_id, Profile(handle=f"moving-{digits}"))


def list_user_ids(start: str | None) -> Flow[tuple[list[str], str | None]]:
    """The ids of a page of all users, and where the next one starts."""
    page = yield patterns.list_users(limits.PAGE_MAX, start)
    return [table.USER_NAME.parse(item).user_id for item in page.items], page.next


def find_linked(source: str, user_ids: Sequence[str]) -> Flow[list[Linked]]:
    """Those of some users who came from a directory."""
    if not user_ids:
        return []
    pages = yield tuple(patterns.list_identities(one, limits.PAGE_MAX) for one in user_ids)
    found: list[Linked] = []
    for user_id, page in zip(user_ids, pages, strict=True):
        known = [table.USER_IDENTITY.parse(item) for item in page.items]
        if page.next:
            known = yield from list_identities(user_id)
        found += [Linked(user_id, one.subject) for one in known if one.issuer == source]
    return found


def erase_linked(source: str, linked: Linked, now: str) -> Flow[bool]:
    """Erase a user to the end; False, and nothing is touched, unless they are this one there."""
    for _ in range(limits.MIRROR_TRIES_MAX):
        known = yield from list_identities(linked.user_id)
        if not any(one.issuer == source and one.subject == linked.subject for one in known):
            return False
        try:
            yield from erase_user(linked.user_id, now)
        except Changed:
            continue
        yield from erase_all(linked.user_id)
        return True
    raise Busy


def _read(record: Record) -> Flow[tuple[str | None, str | None, Item | None]]:
    """Who is linked with the record, who with its person, and who has its id."""
    gets: list[Get] = [patterns.get_identity(record.source, record.subject, consistent=True)]
    if record.person:
        person = record.person
        gets.append(patterns.get_identity(person.issuer, person.subject, consistent=True))
    if record.user_id:
        gets.append(patterns.get_user(record.user_id, consistent=True))
    items = yield tuple(gets)
    vouched = _owner(items[1]) if record.person else None
    return _owner(items[0]), vouched, items[-1] if record.user_id else None


def _holder(record: Record, user: e.User | None) -> Flow[str | None]:
    if user and fold_handle(user.handle) == fold_handle(record.handle):
        return None
    item = yield patterns.get_handle(fold_handle(record.handle), consistent=True)
    owner = table.HANDLE.parse(item).user_id if item else None
    themselves = user.user_id if user else record.user_id  # whom somebody was faster to change
    return None if owner == themselves else owner


def _carry_out(record: Record, planned: Plan, new_id: str) -> Flow[bool]:
    """False when what was planned by has changed. What is stale goes first: see `find_changed`."""
    if planned.user is None:
        return (yield from _make(record, new_id))
    user = planned.user
    for identity in planned.stale:
        yield patterns.erase_identity(identity)
    profile = Profile(handle=record.handle, display_name=record.display_name)
    yield from update_user(user.user_id, profile)
    if planned.link:
        link = e.Identity(issuer=record.source, subject=record.subject, user_id=user.user_id)
        if (yield patterns.link_identity(link)) is not None:
            return False
    if planned.vouch and record.person:
        there = yield from link_user(record.person, user.user_id)
        return there.user_id == user.user_id
    return True


def _make(record: Record, new_id: str) -> Flow[bool]:
    user_id = record.user_id or new_id
    user = new_user(user_id, record.handle, record.display_name, record.created_at)
    vouchers = [(record.source, record.subject)]
    if record.person:
        vouchers.append((record.person.issuer, record.person.subject))
    identities = [
        e.Identity(issuer=issuer, subject=subject, user_id=user_id) for issuer, subject in vouchers
    ]
    lost = yield patterns.create_linked_user(user, *identities)
    return lost is None


def _is_other(identity: e.UserIdentity, issuer: str, subject: str) -> bool:
    return identity.issuer == issuer and identity.subject != subject


def _renames(record: Record, user: e.User) -> bool:
    return (user.handle, user.display_name) != (record.handle, record.display_name)


def _owner(item: Item | None) -> str | None:
    return table.IDENTITY.parse(item).user_id if item else None


def _alive(item: Item | None) -> e.User | None:
    user = table.USER.parse(item) if item else None
    return user if user and user.deleted_at is None else None
