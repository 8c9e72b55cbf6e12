"""Derives again what the feed writes: pointers, copied names and senders' markers.

A `find_*` flow reads what is true, strongly consistent, and answers the repairs that are missing
for it, a slice of members or of a user's items at a time; it writes nothing. `mend` does repairs.
Where nothing is wrong there are none, so rebuilding twice changes nothing, and after an
interruption it is simply done again.

Every repair is safe beside whoever else writes: a pointer is put before another one is deleted,
and deleted only while what would make it right is missing; a name or marker only moves on. A
repair that lost to somebody else is looked for again.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.items import Item, Key
from tavola.core.operations import Operation, Page, Put, Transact, Update
from tavola.core.times import Bucketing, bucket_of
from tavola.flows.flow import Flow
from tavola.flows.tail import Tail, tail_of

Kind = Literal["pointers_put", "pointers_removed", "names_copied", "markers_moved"]


class Repair(NamedTuple):
    """A write that is missing. Without a kind it is one that another walk finds and counts."""

    kind: Kind | None
    write: Put | Update | Transact


class Slice(NamedTuple):
    """What is to be mended in a part of a walk, and where the next part starts."""

    repairs: list[Repair]
    next: str | None = None


class Sight(NamedTuple):
    """A user's pointer with what decides whether it is right."""

    pointer: e.InboxPointer
    target: Conversation
    tail: Tail
    is_member: bool


def mend(repairs: Sequence[Repair]) -> Flow[list[Repair]]:
    """Do repairs, pointers put before others are deleted; those that happened."""
    removals = [repair for repair in repairs if repair.kind == "pointers_removed"]
    others = [repair for repair in repairs if repair.kind != "pointers_removed"]
    happened: list[Repair] = []
    for part in (others, removals):
        if part:
            lost = yield tuple(repair.write for repair in part)
            happened += [one for one, failure in zip(part, lost, strict=True) if failure is None]
    return happened


def find_in_direct(target: Conversation, bucketing: Bucketing) -> Flow[Slice]:
    """A direct conversation's pointers and joiners, all in one slice."""
    tail = tail_of((yield patterns.head_of(target, consistent=True)))
    if tail.head is None:
        return Slice([])
    bucket = bucket_of(tail.head.created_at, bucketing)
    users = yield from _users(target.users)
    living = [user.user_id for user in users if user.deleted_at is None]
    repairs = yield from _missing_pointers(living, bucket, target)
    unnamed = [user for user in users if _names_rev(tail, user.user_id) < user.names_rev]
    if unnamed:
        page: Page = yield patterns.read_messages(target, 1, 1, 1, consistent=True)
        began = table.MESSAGE.parse(page.items[0]).created_at
        names = [
            patterns.erase_direct_user(target, user.user_id, user.names_rev)
            if user.deleted_at
            else patterns.name_direct_user(target, user, began)
            for user in unnamed
        ]
        repairs += [Repair("names_copied", write) for write in names]
    return Slice(repairs)


def find_in_group(
    target: Conversation, sent: Mapping[str, int], bucketing: Bucketing, start: str | None = None
) -> Flow[Slice]:
    """A slice of a group's members: their pointers, names, and markers up to what they sent."""
    group_id = target.group_id or ""
    page: Page = yield patterns.list_members(group_id, limits.MEMBER_SLICE, start)
    members = [table.GROUP_USER.parse(item) for item in page.items]
    users = yield from _users([member.user_id for member in members])
    tail = tail_of((yield patterns.head_of(target, consistent=True)))
    repairs: list[Repair] = []
    if tail.head:
        bucket = bucket_of(tail.head.created_at, bucketing)
        living = [user.user_id for user in users if user.deleted_at is None]
        repairs += yield from _missing_pointers(living, bucket, target)
    copied = {member.user_id: member.names_rev for member in members}
    for user in users:
        if user.deleted_at is None and copied[user.user_id] < user.names_rev:
            repairs.append(Repair("names_copied", patterns.name_group_user(group_id, user)))
    for member in members:
        seq = sent.get(member.user_id, 0)
        if member.read_seq < seq:
            marker = patterns.mark_read(target, member.user_id, seq)
            repairs.append(Repair("markers_moved", marker))
    return Slice(repairs, page.next)


def find_in_user(user_id: str, bucketing: Bucketing, start: str | None = None) -> Flow[Slice]:
    """A slice of a user's items: pointers that are wrong, and names of groups.

    Nothing is found for a user who is deleted: what is left of them is not the feed's to derive.
    """
    users = yield from _users([user_id])
    if not users or users[0].deleted_at:
        return Slice([])
    page: Page = yield patterns.places_of_names(user_id, limits.MEMBER_SLICE, start)
    repairs = yield from _misnamed_groups(page.items)
    repairs += yield from _wrong_pointers(page.items, bucketing)
    return Slice(repairs, page.next)


def _users(user_ids: Sequence[str]) -> Flow[list[e.User]]:
    """Those of the users that there are, as they are now."""
    if not user_ids:
        return []
    items = yield tuple(patterns.get_user(user_id, consistent=True) for user_id in user_ids)
    return [table.USER.parse(item) for item in items if item]


def _names_rev(tail: Tail, user_id: str) -> int:
    joiner = tail.users.get(user_id)
    return joiner.names_rev if joiner else 0


def _missing_pointers(
    user_ids: Sequence[str], bucket: str, target: Conversation
) -> Flow[list[Repair]]:
    if not user_ids:
        return []
    there = yield tuple(patterns.get_pointer(user_id, bucket, target.id) for user_id in user_ids)
    return [
        Repair("pointers_put", patterns.put_pointer(user_id, bucket, target.id))
        for user_id, item in zip(user_ids, there, strict=True)
        if item is None
    ]


def _misnamed_groups(items: Sequence[Item]) -> Flow[list[Repair]]:
    joined = [table.USER_GROUP.parse(item) for item in items if item["type"] == "UserGroup"]
    if not joined:
        return []
    tops = yield tuple(patterns.get_group(edge.group_id, consistent=True) for edge in joined)
    groups = [table.GROUP.parse(item) if item else None for item in tops]
    return [
        Repair("names_copied", patterns.name_user_group(edge, top.name))
        for edge, top in zip(joined, groups, strict=True)
        if top and top.name != edge.name
    ]


def _wrong_pointers(items: Sequence[Item], bucketing: Bucketing) -> Flow[list[Repair]]:
    """Removals of pointers that are not where their heads are, or of no conversation of the
    user's; and the true ones, should they not be there yet.
    """
    repairs: list[Repair] = []
    moving: set[tuple[str, str, str]] = set()
    for sight in (yield from _look_at(items)):
        head, pointer = sight.tail.head, sight.pointer
        bucket = bucket_of(head.created_at, bucketing) if head and sight.is_member else None
        if bucket == pointer.bucket:
            continue
        repairs.append(_removal(sight))
        if bucket:
            moving.add((pointer.user_id, bucket, pointer.conversation))
    if moving:
        places = sorted(moving)
        there = yield tuple(patterns.get_pointer(*place) for place in places)
        absent = [place for place, item in zip(places, there, strict=True) if item is None]
        repairs += [Repair(None, patterns.put_pointer(*place)) for place in absent]
    return repairs


def _look_at(items: Sequence[Item]) -> Flow[list[Sight]]:
    """Each pointer with its head, and for a group with whether the user is a member."""
    pointers = [table.INBOX_POINTER.parse(item) for item in items if item["type"] == "InboxPointer"]
    targets = [parse_conversation(pointer.conversation) for pointer in pointers]
    reads: list[Operation] = []
    for pointer, target in zip(pointers, targets, strict=True):
        reads.append(patterns.head_of(target, consistent=True))
        if target.group_id:
            reads.append(patterns.get_member(target.group_id, pointer.user_id, consistent=True))
    answers = iter((yield tuple(reads)) if reads else ())
    sights = []
    for pointer, target in zip(pointers, targets, strict=True):
        tail = tail_of(next(answers))
        is_member = bool(next(answers)) if target.group_id else pointer.user_id in target.users
        sights.append(Sight(pointer, target, tail, is_member))
    return sights


def _removal(sight: Sight) -> Repair:
    """Unless the user comes back, or the next message moves the head into this bucket."""
    missing = Key(sight.target.pk, f"{sight.tail.head_seq + 1:012d}")
    if sight.target.group_id and not sight.is_member:
        place = {"group_id": sight.target.group_id, "user_id": sight.pointer.user_id}
        missing = table.GROUP_USER.key(**place)
    return Repair("pointers_removed", patterns.remove_pointer(sight.pointer, missing))


def conversation_at(pk: str) -> Conversation:
    """The conversation whose log is in this item collection; raises `WrongKey`, `NotFound`."""
    return parse_conversation(table.MESSAGE.pk.read(pk)["conversation"])
