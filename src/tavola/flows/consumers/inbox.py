"""Consumer `inbox`: keeps every member's pointers where their conversations' heads are.

- The insertion of an entry with a bump moves the pointers of all members to the head's bucket.
- A new member gets a pointer to where the head is.
- Who has left loses theirs, unless they came back meanwhile.
- A sender in a group has read what they wrote: their marker follows (one write for the newest
  entry of a batch).

Of entries only insertions count: an edit of an old one never drags an inbox back. Put before
delete: a crash between leaves a stale pointer, which the next read mends, and never loses a row. So
does a message that moves the pointers of a group while somebody leaves it: what is left over shows
nothing, and the next read removes it.
"""

from collections.abc import Sequence
from functools import partial

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.apply import Change
from tavola.core.ids import Conversation, group, parse_conversation
from tavola.core.operations import Operation, Page
from tavola.core.times import Bucketing, bucket_of
from tavola.flows.consumers.groups import remove_rest
from tavola.flows.consumers.task import Task
from tavola.flows.erasing import erase_late
from tavola.flows.flow import Flow
from tavola.flows.tail import Tail, tail_of


def plan(changes: Sequence[Change], bucketing: Bucketing) -> list[Task]:
    """The tasks of a batch of changes."""
    tasks: list[Task] = []
    markers: dict[tuple[str, str], Task] = {}
    for change in changes:
        item = change.new
        if change.old is not None:
            if item is None and change.old["type"] == "GroupUser":
                left = table.GROUP_USER.parse(change.old)
                tasks.append(Task(change, partial(_leave, left, bucketing)))
            continue
        if item is None:
            continue
        if item["type"] == "Message":
            if "bump" in item:
                entry = table.MESSAGE.parse(item)
                tasks.append(Task(change, partial(_bump, entry, bucketing)))
            if change.key.pk.startswith("GROUP#"):
                place = change.key.pk, item["sender_id"]
                if place not in markers or markers[place].change.key.sk < change.key.sk:
                    marker = partial(_move_marker, table.MESSAGE.parse(item), bucketing)
                    markers[place] = Task(change, marker)
        elif item["type"] == "GroupUser":
            member = table.GROUP_USER.parse(item)
            tasks.append(Task(change, partial(_join, member, bucketing)))
    return [*tasks, *markers.values()]


def _bump(entry: e.Message, bucketing: Bucketing) -> Flow[None]:
    target = parse_conversation(entry.conversation)
    tail = tail_of((yield patterns.head_of(target, consistent=True)))
    if tail.head is None or entry.bump is None:
        return
    bucket = bucket_of(tail.head.created_at, bucketing)
    stale = {entry.bump.from_, entry.bump.to} - {bucket, None}
    start: str | None = None
    while True:
        users, start = yield from _members(target, tail, start)
        if users:
            yield tuple(patterns.put_pointer(user, bucket, target.id) for user in users)
        gone: list[Operation] = [
            patterns.delete_pointer(user, old, target.id) for user in users for old in stale if old
        ]
        lost = (yield tuple(gone)) if gone else []
        if target.users and any(lost):
            yield from _leave_erased(target, bucket)
        if start is None:
            break
    for user in tail.users.values():
        if user.erased:  # only an import writes there, perhaps what they wrote elsewhere
            yield from erase_late(user.user_id, target.id)


def _leave_erased(target: Conversation, bucket: str) -> Flow[None]:
    """Somebody else has taken away the old pointer: perhaps who erases its user."""
    tail = tail_of((yield patterns.head_of(target, consistent=True)))
    gone = tuple(
        patterns.delete_pointer(user.user_id, bucket, target.id)
        for user in tail.users.values()
        if user.erased
    )
    if gone:
        yield gone


def _join(member: e.GroupUser, bucketing: Bucketing) -> Flow[None]:
    target = group(member.group_id)
    there = yield patterns.get_member(member.group_id, member.user_id, consistent=True)
    head = tail_of((yield patterns.head_of(target, consistent=True))).head
    if there is None or head is None:
        return
    yield patterns.put_pointer(member.user_id, bucket_of(head.created_at, bucketing), target.id)
    if head.seq > member.read_seq:
        yield from _move_marker_of_who_came_back(target, member)


def _move_marker_of_who_came_back(target: Conversation, member: e.GroupUser) -> Flow[None]:
    """Something of theirs was on its way while they left and came back: no joiner, no marker."""
    page: Page = yield patterns.read_messages(
        target, member.read_seq + 1, limits.SEQ_MAX, limits.AFTER_SPAN_MAX, consistent=True
    )
    own = [int(item["sk"]) for item in page.items if item["sender_id"] == member.user_id]
    if own:
        yield patterns.mark_read(target, member.user_id, max(own))


def _leave(left: e.GroupUser, bucketing: Bucketing) -> Flow[None]:
    target = group(left.group_id)
    bucket = yield from _head_bucket(target, bucketing)
    if bucket is None:
        return
    place = e.InboxPointer(user_id=left.user_id, bucket=bucket, conversation=target.id)
    member = table.GROUP_USER.key(group_id=left.group_id, user_id=left.user_id)
    yield patterns.remove_pointer(place, member)


def _move_marker(entry: e.Message, bucketing: Bucketing) -> Flow[None]:
    """A failed condition means that the marker is further on, or that the sender has left.

    Who has left may be erased, or the group deleted, and the entry may have come behind what was
    done away with.
    """
    target = parse_conversation(entry.conversation)
    lost = yield patterns.mark_read(target, entry.sender_id, entry.seq)
    if lost and lost.old is None:
        yield from erase_late(entry.sender_id, target.id)
        yield from remove_rest(target.group_id or "", bucketing)


def _head_bucket(target: Conversation, bucketing: Bucketing) -> Flow[str | None]:
    page = yield patterns.head_of(target, consistent=True)
    head = tail_of(page).head
    return bucket_of(head.created_at, bucketing) if head else None


def _members(
    target: Conversation, tail: Tail, start: str | None
) -> Flow[tuple[tuple[str, ...], str | None]]:
    """A slice of a conversation's users who are not erased, and where the next slice starts."""
    if target.users:
        erased = {user.user_id for user in tail.users.values() if user.erased}
        return tuple(user for user in target.users if user not in erased), None
    page: Page = yield patterns.list_members(target.group_id or "", limits.MEMBER_SLICE, start)
    return tuple(table.GROUP_USER.parse(item).user_id for item in page.items), page.next
