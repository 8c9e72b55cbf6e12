"""Read markers and single conversations: where a user is in a log."""

from typing import cast

from msgspec import UNSET

from tavola.core import entities as e
from tavola.core import patterns, table, views
from tavola.core.errors import NotFound, UserNotFound
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.log import read_seq_of, unread_of
from tavola.flows.access import access_direct, find, find_member, find_user
from tavola.flows.flow import Flow
from tavola.flows.tail import Tail, tail_of


def mark_read(user_id: str, conversation: str, seq: int) -> Flow[views.ReadView]:
    """Move a user's marker up to `seq`, at most to the head; it never moves back.

    Raises `NotFound`.
    """
    target, tail, member = yield from open_conversation(user_id, conversation)
    if seq > tail.head_seq:  # an eventually consistent read may be behind what the client has seen
        tail = tail_of((yield patterns.head_of(target, consistent=True)))
    if tail.head is None and member is None:
        yield from _peer_before_start(target, user_id)
    marker = member.read_seq if member else tail.marker_of(user_id)
    wanted = min(seq, tail.head_seq)
    if wanted > marker:
        lost = yield patterns.mark_read(target, user_id, wanted)
        marker = lost.old["read_seq"] if lost and lost.old else wanted
    return _read_view(user_id, tail, marker, member)


def get_conversation(user_id: str, conversation: str) -> Flow[views.ConversationView]:
    """One conversation as its row in the inbox; `head` is null before the first message."""
    target, tail, member = yield from open_conversation(user_id, conversation)
    if member:
        return group_row(target, tail, member)
    if tail.head is None:
        peer = yield from _peer_before_start(target, user_id)
        return direct_row(target, tail, user_id, views.person_of(peer))
    person = yield from peer_in(target, tail, user_id)
    return direct_row(target, tail, user_id, person)


def _peer_before_start(target: Conversation, user_id: str) -> Flow[e.User]:
    """The other one of the two; without them a conversation that has not begun is not there."""
    try:
        return (yield from find_user(target.peer_of(user_id)))
    except UserNotFound:
        raise NotFound from None


def open_conversation(
    user_id: str, conversation: str
) -> Flow[tuple[Conversation, Tail, e.GroupUser | None]]:
    """A conversation's head, and for a group the caller's membership; `NotFound`."""
    target = parse_conversation(conversation)
    if target.group_id is None:
        access_direct(user_id, target)
        return target, tail_of((yield patterns.direct_head(target))), None
    item, page = yield (
        patterns.get_member(target.group_id, user_id),
        patterns.group_head(target),
    )
    member = yield from find_member(target.group_id, user_id, item)
    return target, tail_of(page), member


def peer_in(target: Conversation, tail: Tail, user_id: str) -> Flow[views.PersonView]:
    """The other one, from the joiner; from their own record until the feed has written it."""
    person = named_peer(target, tail, user_id)
    if person:
        return person
    peer_id = target.peer_of(user_id)
    item = yield from find(patterns.get_user(peer_id))
    return views.person_of(table.USER.parse(item)) if item else views.deleted_person(peer_id)


def named_peer(target: Conversation, tail: Tail, user_id: str) -> views.PersonView | None:
    """The other one as their joiner names them; None until the feed has written it."""
    peer = tail.users.get(target.peer_of(user_id))
    if peer and peer.erased:
        return views.deleted_person(peer.user_id)
    if peer is None or peer.handle is None or peer.display_name is None:
        return None
    return views.PersonView(id=peer.user_id, handle=peer.handle, display_name=peer.display_name)


def direct_row(
    target: Conversation, tail: Tail, user_id: str, person: views.PersonView
) -> views.ConversationView:
    """A direct conversation as one of the two sees it."""
    read = _read_view(user_id, tail, tail.marker_of(user_id), None)
    own = tail.users.get(user_id)
    return views.ConversationView(
        conversation=target.id,
        kind="direct",
        title=person.display_name,
        user=person,
        head=views.message_of(tail.head) if tail.head else None,
        read_seq=read.read_seq,
        unread=read.unread,
        blocked=(own and own.blocked) or UNSET,
    )


def group_row(target: Conversation, tail: Tail, member: e.GroupUser) -> views.ConversationView:
    """A group's conversation as a member sees it: nothing from before `visible_from_seq`."""
    read = _read_view(member.user_id, tail, member.read_seq, member)
    visible = tail.head if tail.head_seq >= member.visible_from_seq else None
    return views.ConversationView(
        conversation=target.id,
        kind="group",
        title=cast(e.Group, tail.group).name,
        head=views.message_of(visible) if visible else None,
        read_seq=read.read_seq,
        unread=read.unread,
    )


def _read_view(user_id: str, tail: Tail, marker: int, member: e.GroupUser | None) -> views.ReadView:
    visible_from = member.visible_from_seq if member else 1
    read_seq = read_seq_of(tail.head, user_id, marker, visible_from)
    return views.ReadView(read_seq=read_seq, unread=unread_of(tail.head, read_seq))
