"""Examines what is kept of a group and of a direct conversation: who is in it, and their copies."""

from collections.abc import Mapping, Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.ids import Conversation
from tavola.core.items import Item, Key, is_same, key_of
from tavola.core.operations import Exists, Missing, Or, Page, Update
from tavola.core.times import Bucketing
from tavola.flows.consumers.groups import remove_rest
from tavola.flows.doctor import checks
from tavola.flows.doctor.finding import Finding, by
from tavola.flows.doctor.people import (
    Users,
    has_pointer,
    inspect_all,
    is_alive,
    is_lost,
    look_up,
    same,
    unchanged,
    user_key,
)
from tavola.flows.doctor.seen import Seen
from tavola.flows.doctor.users import key_of_write
from tavola.flows.erasing import erase_in_direct, erase_late
from tavola.flows.flow import Flow
from tavola.flows.rebuilding import Repair, Slice, conversation_at, find_in_direct, find_in_group
from tavola.flows.tail import Tail, tail_of


def examine_group(seen: Seen, bucketing: Bucketing) -> Flow[list[Finding]]:
    """A group's record, place in the list, members, and what erased users said in it."""
    target = conversation_at(seen.pk)
    group_id = target.group_id or ""
    item = yield patterns.get_group(group_id, consistent=True)
    top = table.GROUP.parse(item) if item else None
    if top is None or not is_alive(top):
        return (yield from _remains(target, top, bucketing))
    found = yield from _in_list(top)
    members: set[str] = set()
    start: str | None = None
    while True:
        part: Slice = yield from find_in_group(target, seen.sent, bucketing, start)
        page: Page = yield patterns.list_members(group_id, limits.MEMBER_SLICE, start)
        joiners = [table.GROUP_USER.parse(item) for item in page.items]
        members.update(joiner.user_id for joiner in joiners)
        users = yield from look_up([joiner.user_id for joiner in joiners])
        found += yield from _members(top, joiners, users)
        found += yield from _derived(_of_living(part.repairs, users), Tail([], {}))
        start = part.next
        if start is None:
            break
    others = [user_id for user_id in seen.saying if user_id not in members]
    found += yield from _still_said(target, seen.saying, (yield from look_up(others)))
    return found


def _remains(
    target: Conversation, top: e.Group | None, bucketing: Bucketing
) -> Flow[list[Finding]]:
    """What is left of a group that is deleted, or whose record is lost."""
    group_id = target.group_id or ""
    page: Page = yield patterns.list_members(group_id, limits.DOCTOR_KEYS_MAX)
    left = list(map(key_of, page.items))
    if top is None or top.purge:
        log: Page = yield patterns.read_log(target, limits.DOCTOR_KEYS_MAX)
        left += map(key_of, log.items)
    if not left:
        return []
    key, others = table.GROUP.key(group_id=group_id), tuple(left[: limits.DOCTOR_KEYS_MAX])
    if top is None:
        return [Finding(checks.GROUP_MISSING, key, "the record is missing", others)]
    repair = partial(remove_rest, group_id, bucketing)
    return [Finding(checks.LEFT_OF_GROUP, key, "something of it is left", others, repair)]


def _in_list(top: e.Group) -> Flow[list[Finding]]:
    listed = patterns.listed_group(top)
    there: Item | None = yield patterns.inspect_item(key_of(listed))
    if there is not None and is_same(there, listed):
        return []
    basis = ((table.GROUP.key(group_id=top.group_id), same(top)),)
    as_found = Or((Missing(), Exists()))
    repair = by(patterns.mend_missing(listed, as_found, basis))
    told = f"{top.group_id} is not listed as {top.name!r}, {top.visibility}"
    return [Finding(checks.GROUP_UNLISTED, key_of(listed), told, (), repair)]


def _members(top: e.Group, members: Sequence[e.GroupUser], users: Users) -> Flow[list[Finding]]:
    """Members who are nobody, or whose half is missing, or whose names are not the user's."""
    places = [{"group_id": one.group_id, "user_id": one.user_id} for one in members]
    halves = yield from inspect_all([table.USER_GROUP.key(**place) for place in places])
    found: list[Finding] = []
    for member, half in zip(members, halves, strict=True):
        user = users.get(member.user_id)
        if half is None and user and is_alive(user):
            found.append(_half(top, member, user))
        elif half is None and (user or not (yield from is_lost(member.user_id))):
            found.append(_stray(member, user))
        if user and is_alive(user):
            found += _misnamed(member, user)
    return found


def _half(top: e.Group, member: e.GroupUser, user: e.User) -> Finding:
    place = {"group_id": top.group_id, "user_id": user.user_id}
    edge = e.UserGroup(**place, joined_at=member.joined_at, name=top.name)
    item, own = table.USER_GROUP.build(edge), table.GROUP_USER.key(**place)
    basis = (
        (own, Exists()),
        (table.GROUP.key(group_id=top.group_id), same(top)),
        (user_key(user.user_id), same(user)),
    )
    repair = by(patterns.mend_missing(item, Missing(), basis))
    told = f"{user.user_id} does not have the group {top.group_id}"
    return Finding(checks.MEMBERSHIP_ONE_SIDED, key_of(item), told, (own,), repair)


def _stray(member: e.GroupUser, user: e.User | None) -> Finding:
    key = table.GROUP_USER.key(group_id=member.group_id, user_id=member.user_id)
    basis = ((user_key(member.user_id), unchanged(user)),)
    told = f"{member.user_id} is {'deleted' if user else 'nobody'}"
    repair = by(patterns.mend_stray(key, Exists(), basis))
    return Finding(checks.JOINER_STRAY, key, told, (), repair)


def _misnamed(joiner: e.GroupUser | e.DirectUser, user: e.User) -> list[Finding]:
    """Names that are not the user's although their rev is not older, so that no rename helps."""
    copied = (joiner.names_rev, joiner.handle, joiner.display_name)
    if joiner.names_rev < user.names_rev or copied == (
        user.names_rev,
        user.handle,
        user.display_name,
    ):
        return []
    write = patterns.mend_names(joiner, user)
    told = f"it says {joiner.display_name!r} @{joiner.handle}, not {_named(user)}"
    return [Finding(checks.NAMES_STALE, write.key, told, (), by(write))]


def _named(user: e.User) -> str:
    return f"{user.display_name!r} @{user.handle}"


def _derived(repairs: Sequence[Repair], tail: Tail) -> Flow[list[Finding]]:
    """What a rebuild would do, as findings."""
    found = []
    for repair in repairs:
        if isinstance(repair.write, Update):
            found.append(_behind(repair.write, tail))
            continue
        key = key_of_write(repair)
        place = table.INBOX_POINTER.sk.read(key.sk)
        user_id = key.pk.partition("#")[2]
        if not (yield from has_pointer(user_id, place["conversation"])):
            told = f"{place['conversation']} is not in the inbox of {user_id}"
            found.append(Finding(checks.POINTER_MISSING, key, told, (), by(repair.write)))
    return found


def _behind(update: Update, tail: Tail) -> Finding:
    """A joiner that is missing, or that is not up to date."""
    key, values = update.key, update.set
    if "read_seq" in values:
        told = f"the marker is before the member's own message {values['read_seq']:,}"
        return Finding(checks.MARKER_BEHIND, key, told, (), by(update))
    if key.pk.startswith("DM#") and key.sk.partition("#")[2] not in tail.users:
        told = "the joiner is missing"
        return Finding(checks.DIRECT_JOINER_MISSING, key, told, (), by(update))
    told = f"the names are older than rev {values['names_rev']:,} of the user"
    return Finding(checks.NAMES_STALE, key, told, (), by(update))


def examine_direct(seen: Seen, bucketing: Bucketing) -> Flow[list[Finding]]:
    """A direct conversation's two users, their joiners and pointers."""
    target = conversation_at(seen.pk)
    strangers = yield from _strangers(target, seen)
    tail = tail_of((yield patterns.head_of(target, consistent=True)))
    if tail.head is None:
        return strangers
    found = list(strangers)
    users = yield from look_up(target.users)
    for user_id in target.users:
        user, joiner = users.get(user_id), tail.users.get(user_id)
        key = table.DIRECT_USER.key(conversation=target.id, user_id=user_id)
        if user is None:
            found.append(
                Finding(checks.USER_MISSING, user_key(user_id), "the record is missing", (key,))
            )
        elif not is_alive(user):
            found += yield from _of_erased(target, user, joiner, seen.saying)
        elif joiner:
            found += _misnamed(joiner, user)
    part: Slice = yield from find_in_direct(target, bucketing)
    return [*found, *(yield from _derived(_of_living(part.repairs, users), tail))]


def _strangers(target: Conversation, seen: Seen) -> Flow[list[Finding]]:
    """Joiners of who is none of the two. Who has them before the head hides it from readers."""
    own = {f"USER#{user_id}" for user_id in target.users}
    keys = [Key(target.pk, sk) for sk in seen.joiners if sk not in own]
    items = yield from inspect_all(keys)
    return [
        Finding(
            checks.JOINER_STRAY,
            key,
            f"{key.sk.partition('#')[2]} is none of the two",
            (),
            by(patterns.mend_stray(key, Exists(), ())),
        )
        for key, item in zip(keys, items, strict=True)
        if item
    ]


def _of_living(repairs: Sequence[Repair], users: Users) -> list[Repair]:
    """Repairs but those of joiners of erased users, of whom more is told than a name or marker."""
    return [
        repair
        for repair in repairs
        if repair.kind == "pointers_put"
        or is_alive(users.get(key_of_write(repair).sk.partition("#")[2]))
    ]


def _of_erased(
    target: Conversation, user: e.User, joiner: e.DirectUser | None, saying: Mapping[str, int]
) -> Flow[list[Finding]]:
    """The conversation is closed for an erased user, and nothing in it says who they were."""
    said = yield from _still_said(target, saying, {user.user_id: user})
    if joiner and joiner.erased and not joiner.handle and not joiner.display_name:
        return said
    key = table.DIRECT_USER.key(conversation=target.id, user_id=user.user_id)
    repair = partial(erase_in_direct, target, user)
    others = tuple(finding.key for finding in said)
    return [Finding(checks.LEFT_OF_USER, key, "it is not closed and nameless", others, repair)]


def _still_said(
    target: Conversation, saying: Mapping[str, int], users: Users
) -> Flow[list[Finding]]:
    """The first entry of each erased user that still says something: the last to be buried."""
    erased = [one for one in users if one in saying and not is_alive(users[one])]
    keys = [Key(target.pk, f"{saying[user_id]:012d}") for user_id in erased]
    items = yield from inspect_all(keys)
    return [
        Finding(
            checks.LEFT_OF_USER,
            key,
            f"{user_id} is erased, and this and perhaps later messages are not",
            (),
            partial(erase_late, user_id, target.id),
        )
        for user_id, key, item in zip(erased, keys, items, strict=True)
        if item and "deleted_at" not in item
    ]
