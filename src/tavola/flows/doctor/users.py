"""Examines what is kept under a user: the record, memberships, identities and the inbox."""

from collections.abc import Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import keys_written
from tavola.core.ids import parse_conversation
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import Equals, Exists, Missing, Operation, Or, Page, Transact, Update
from tavola.core.times import Bucketing, bucket_of
from tavola.core.traces import trace_in
from tavola.flows.doctor import checks
from tavola.flows.doctor.finding import Finding, by
from tavola.flows.doctor.people import inspect_all, is_alive, look_up, same, user_key
from tavola.flows.doctor.seen import Seen
from tavola.flows.erasing import erase_all
from tavola.flows.flow import Flow
from tavola.flows.identities import list_identities
from tavola.flows.rebuilding import Repair, Slice, find_in_user
from tavola.flows.tail import tail_of


def examine_user(seen: Seen, now: str, bucketing: Bucketing) -> Flow[list[Finding]]:
    """All that is under a user's id. `now` is when a membership ends that is no more than half."""
    user_id = seen.pk.partition("#")[2]
    user = (yield from look_up([user_id])).get(user_id)
    if user is None or not is_alive(user):
        return (yield from _remains(user_id, user))
    found = yield from _in_directory(user)
    halves = (yield from _memberships(user, now)) if "UserGroup" in seen.types else []
    if "UserIdentity" in seen.types:
        found += yield from _identities(user)
    if seen.types & {"UserGroup", "InboxPointer"}:
        halves, derived = _joined(halves, (yield from _derived(user, bucketing)))
        found += derived
    return [*found, *halves]


def _remains(user_id: str, user: e.User | None) -> Flow[list[Finding]]:
    """What is left of somebody who is deleted, or whose record is lost."""
    page: Page = yield patterns.traces_of_user(user_id, limits.DOCTOR_KEYS_MAX)
    left = tuple(map(key_of, page.items))
    if user is None:
        told = "the record is missing"
        return [Finding(checks.USER_MISSING, user_key(user_id), told, left)] if left else []
    trace = trace_in(table.USER.build(user), user_id)
    if trace:
        names = tuple(trace.split(", "))
        repair = by(patterns.mend_erased(user_id, names))
        return [Finding(checks.LEFT_OF_USER, user_key(user_id), f"it has {trace}", left, repair)]
    if not left:
        return []
    told = f"{len(left)} items or more are left" if page.next else f"{len(left)} items are left"
    repair = partial(erase_all, user_id)
    return [Finding(checks.LEFT_OF_USER, user_key(user_id), told, left, repair)]


def _in_directory(user: e.User) -> Flow[list[Finding]]:
    """The handle and the place in the list of names."""
    handle, listed = patterns.handle_item(user), patterns.listed_user(user)
    there, in_list = yield from inspect_all([key_of(handle), key_of(listed)])
    basis = ((user_key(user.user_id), same(user)),)
    found = []
    if there is None or there["user_id"] != user.user_id:
        found.append((yield from _handle(user, handle, there)))
    if in_list is None:
        repair = by(patterns.mend_missing(listed, Missing(), basis))
        told = f"{user.user_id} is not listed as {user.display_name!r}"
        found.append(Finding(checks.USER_UNLISTED, key_of(listed), told, (), repair))
    return found


def _handle(user: e.User, handle: Item, there: Item | None) -> Flow[Finding]:
    owner_id = there["user_id"] if there else None
    owner = (yield from look_up([owner_id])).get(owner_id) if owner_id else None
    if owner and is_alive(owner) and owner.handle.lower() == user.handle.lower():
        told = f"@{owner.handle} is {owner.user_id}, and {user.user_id} has it as well"
        others = (key_of(handle), user_key(owner.user_id))
        return Finding(checks.HANDLE_SHARED, user_key(user.user_id), told, others)
    as_found = Equals("user_id", owner_id) if owner_id else Missing()
    write = patterns.mend_missing(handle, as_found, ((user_key(user.user_id), same(user)),))
    leads = f"it leads to {owner_id}" if owner_id else "it is missing"
    told = f"{user.user_id} has @{user.handle}, and {leads}"
    return Finding(checks.HANDLE_MISSING, key_of(handle), told, (), by(write))


def _memberships(user: e.User, now: str) -> Flow[list[Finding]]:
    """Memberships whose other half is missing."""
    found: list[Finding] = []
    start: str | None = None
    while True:
        page: Page = yield patterns.user_with_groups(user.user_id, limits.MEMBER_SLICE, start)
        edges = [table.USER_GROUP.parse(item) for item in page.items if item["sk"] != "A"]
        places = [{"group_id": edge.group_id, "user_id": edge.user_id} for edge in edges]
        halves = yield from inspect_all([table.GROUP_USER.key(**place) for place in places])
        for edge, half in zip(edges, halves, strict=True):
            if half is None:
                found.append(_half(edge, now))
        start = page.next
        if start is None:
            return found


def _half(edge: e.UserGroup, now: str) -> Finding:
    """Where somebody was stays known, so that erasing finds what they wrote there."""
    place = {"group_id": edge.group_id, "user_id": edge.user_id}
    key, missing = table.USER_GROUP.key(**place), table.GROUP_USER.key(**place)
    left = table.LEFT_GROUP.build(e.LeftGroup(**place, left_at=now))
    repair = by(patterns.mend_stray(key, Exists(), ((missing, Missing()),), left))
    told = f"the group {edge.group_id} does not have {edge.user_id}"
    return Finding(checks.MEMBERSHIP_ONE_SIDED, key, told, (missing,), repair)


def _identities(user: e.User) -> Flow[list[Finding]]:
    """Twins of identities that are missing or somebody else's."""
    twins = yield from list_identities(user.user_id)
    keys = [table.IDENTITY.key(issuer=one.issuer, subject=one.subject) for one in twins]
    items = yield from inspect_all(keys)
    found = []
    for twin, key, item in zip(twins, keys, items, strict=True):
        if item and item["user_id"] == user.user_id:
            continue
        whose = f"is {item['user_id']}'s" if item else "is missing"
        as_found = Or((Missing(), Equals("user_id", item["user_id"]))) if item else Missing()
        own = key_of(table.USER_IDENTITY.build(twin))
        repair = by(patterns.mend_stray(own, Exists(), ((key, as_found),)))
        told = f"the identity of {twin.subject} {whose}"
        found.append(Finding(checks.IDENTITY_ONE_SIDED, own, told, (), repair))
    return found


def _derived(user: e.User, bucketing: Bucketing) -> Flow[list[Finding]]:
    """Pointers that are wrong, and names of groups, as a rebuild finds them."""
    found: list[Finding] = []
    start: str | None = None
    while True:
        part: Slice = yield from find_in_user(user.user_id, bucketing, start)
        for repair in part.repairs:
            if isinstance(repair.write, Transact):
                found += yield from _pointer(repair, user.user_id, repair.write, bucketing)
            elif isinstance(repair.write, Update):
                key, told = repair.write.key, f"the group is {repair.write.set['name']!r} by now"
                found.append(Finding(checks.GROUP_NAME_STALE, key, told, (), by(repair.write)))
        start = part.next
        if start is None:
            return found


def key_of_write(repair: Repair) -> Key:
    """The item that a rebuild's repair writes."""
    return keys_written(repair.write)[-1]


def _pointer(
    repair: Repair, user_id: str, removal: Transact, bucketing: Bucketing
) -> Flow[list[Finding]]:
    """Whether a pointer that is to be removed is double, stale, or leads nowhere."""
    key = key_of_write(repair)
    place = table.INBOX_POINTER.sk.read(key.sk)
    target = parse_conversation(place["conversation"])
    reads: list[Operation] = [
        patterns.head_of(target, consistent=True),
        patterns.get_message(target, 1, consistent=True),
    ]
    if target.group_id:
        reads.append(patterns.get_member(target.group_id, user_id, consistent=True))
    page, first, *member = yield tuple(reads)
    head = tail_of(page).head
    if first and head is None:
        return []  # somebody else's joiner stands before the head: that is told by itself
    if head is None or not (any(member) or user_id in target.users):
        told = f"{target.id} is not theirs" if head else f"{target.id} has no messages"
        return [Finding(checks.POINTER_STRAY, key, told, (), by(removal))]
    bucket = bucket_of(head.created_at, bucketing)
    if (yield patterns.get_pointer(user_id, bucket, target.id)):
        told = f"the right one is in {bucket}"
        return [Finding(checks.POINTER_DOUBLE, key, told, (), by(removal))]
    put = patterns.put_pointer(user_id, bucket, target.id)
    told = f"it should be in {bucket}"
    return [Finding(checks.POINTER_STALE, key, told, (key_of(put.item),), by(put, removal))]


def _joined(
    halves: Sequence[Finding], derived: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Pointers to a group of which only the user's half is there go with that half."""
    rest = list(derived)
    told = []
    for half in halves:
        group_id = table.USER_GROUP.sk.read(half.key.sk)["group_id"]
        own = [one for one in rest if one.key.sk.endswith(f"#group:{group_id}")]
        rest = [one for one in rest if one not in own and one.key != half.key]
        told.append(_with(half, own))
    return told, rest


def _with(half: Finding, pointers: Sequence[Finding]) -> Finding:
    repairs = [one.repair for one in (half, *pointers) if one.repair]

    def all_of() -> Flow[None]:
        for repair in repairs:
            yield from repair()

    others = (*half.others, *(one.key for one in pointers))
    return half._replace(others=others, repair=all_of)
