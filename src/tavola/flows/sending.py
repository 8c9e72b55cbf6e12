"""Send a message: one flow for direct and group, for the first message and the next.

The tail is read, the next number is put on the condition that it is missing. Who loses to
somebody faster computes the entry again from theirs and tries the next number. A message's id
makes a repeat safe: it is looked for in what was written since `after`, and in what is lost to.
"""

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import (
    Busy,
    ConversationClosed,
    MessageIdReused,
    StaleAfter,
    UserNotFound,
    invalid,
)
from tavola.core.ids import Conversation, check_handle, check_id, direct, parse_conversation
from tavola.core.log import Draft, is_repeat, next_entry
from tavola.core.operations import Page
from tavola.core.times import Bucketing
from tavola.flows.access import access_direct, find, find_member, find_user
from tavola.flows.flow import Flow
from tavola.flows.tail import Tail, closed_to_writing, tail_of


class Target(msgspec.Struct, frozen=True):
    """Where a message goes: a conversation, or a person (`@handle` or user id)."""

    conversation: str | None = None
    to: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """The entry, and whether this call made it (or an earlier one did)."""

    entry: e.Message
    created: bool


def send(draft: Draft, to: Target, after: int | None, now: str, bucketing: Bucketing) -> Flow[Sent]:
    """Append a message to a conversation, or to the direct one with a person.

    `after` is the last number that the sender had seen. Raises `NotFound` and `UserNotFound`,
    `ConversationClosed`, `MessageIdReused`, `StaleAfter`, `Invalid` and `Busy`.
    """
    target = yield from _resolve(draft.sender_id, to)
    tail = yield from _open_tail(draft.sender_id, target, after)
    first_try = yield from _find_repeat(target, tail, draft, after)
    if first_try:
        return Sent(first_try, created=False)
    if closed_to_writing(tail, target):
        raise ConversationClosed
    if target.users:
        yield from _check_peer(target, tail, draft.sender_id)
    return (yield from _append(target, tail.head, draft, now, bucketing))


def _resolve(sender_id: str, to: Target) -> Flow[Conversation]:
    if to.to is not None and to.conversation is None:
        return (yield from resolve_recipient(sender_id, to.to))
    if to.to is not None or to.conversation is None:
        raise invalid("to", "one_of", "name either `to` or `conversation`")
    return parse_conversation(to.conversation)


def resolve_recipient(sender_id: str, to: str) -> Flow[Conversation]:
    """The direct conversation with `@handle` or a user id."""
    if to.startswith("@"):
        item = yield from find(patterns.get_handle(check_handle(to, "to").lower()))
        if item is None:
            raise UserNotFound(f"There is no user {to}.")
        to = table.HANDLE.parse(item).user_id
    if check_id(to, "to") == sender_id:
        raise invalid("to", "self", "must be somebody else")
    return direct(sender_id, to)


def _open_tail(sender_id: str, target: Conversation, after: int | None) -> Flow[Tail]:
    entries = limits.TAIL_ENTRIES if after is None else limits.TAIL_ENTRIES_AFTER
    if target.group_id is None:
        access_direct(sender_id, target)
        tail = tail_of((yield patterns.read_tail(target, entries)))
    else:
        member, page = yield (
            patterns.get_member(target.group_id, sender_id),
            patterns.read_tail(target, entries),
        )
        yield from find_member(target.group_id, sender_id, member)
        tail = tail_of(page)
    no_group = target.group_id is not None and tail.group is None
    if no_group or (after is not None and after > tail.head_seq):
        # An eventually consistent read may be behind what is there and what the client has seen.
        tail = tail_of((yield patterns.read_tail(target, entries, consistent=True)))
        if after is not None and after > tail.head_seq:
            if closed_to_writing(tail, target):  # what was written in a deleted group may be gone
                raise ConversationClosed
            raise invalid("after", "ahead", f"the newest message is {tail.head_seq}")
    return tail


def _find_repeat(
    target: Conversation, tail: Tail, draft: Draft, after: int | None
) -> Flow[e.Message | None]:
    entries = tail.entries
    if after is not None and entries and entries[-1].seq > after + 1:
        if tail.head_seq - after > limits.AFTER_SPAN_MAX:
            raise StaleAfter
        span = target, after + 1, entries[-1].seq - 1, limits.AFTER_SPAN_MAX
        page: Page = yield patterns.read_messages(*span)
        if len(page.items) < entries[-1].seq - 1 - after:  # this read was behind the tail's
            page = yield patterns.read_messages(*span, consistent=True)
        entries = [*entries, *map(table.MESSAGE.parse, page.items)]
    for entry in entries:
        if entry.id == draft.id:
            return _repeated(entry, draft)
    return None


def _repeated(entry: e.Message, draft: Draft) -> e.Message:
    if not is_repeat(entry, draft):
        raise MessageIdReused
    return entry


def _check_peer(target: Conversation, tail: Tail, sender_id: str) -> Flow[None]:
    """Until the feed has named the other one's joiner, which a block alone does not, their own
    record decides.
    """
    peer = target.peer_of(sender_id)
    joiner = tail.users.get(peer)
    if joiner is None or not joiner.names_rev:
        yield from find_user(peer)


def _append(
    target: Conversation, head: e.Message | None, draft: Draft, now: str, bucketing: Bucketing
) -> Flow[Sent]:
    """Put the next number until nobody was faster.

    The first loss tells the next number. Who loses again is behind others who write on meanwhile:
    number by number they would never be reached, so all that has come is read.
    """
    for losses in range(limits.APPEND_LOSSES_MAX):
        entry = next_entry(target.id, head, draft, now, bucketing)
        lost = yield patterns.append_message(entry)
        if lost is None:
            return Sent(entry, created=True)
        come = [table.MESSAGE.parse(lost.old)]
        if losses:
            come = yield from _come_since(target, entry.seq)
        for other in come:
            if other.id == draft.id:
                return Sent(_repeated(other, draft), created=False)
        head = come[0]
    raise Busy


def _come_since(target: Conversation, seq: int) -> Flow[list[e.Message]]:
    """The entries from a number on, newest first."""
    page: Page = yield patterns.read_messages(
        target, seq, limits.SEQ_MAX, limits.AFTER_SPAN_MAX, consistent=True
    )
    if page.next is not None or not page.items:  # nothing: the group's log is being removed
        raise Busy
    return [table.MESSAGE.parse(item) for item in page.items]
