"""The log of a conversation: what the next entry is, given the head.

Numbers are 1..n without gaps, `created_at` never runs backwards, and a direct entry carries what
its reader's unread count needs (`peer_seq`).
"""

import hashlib

import msgspec

from tavola.core.entities import Bump, Kind, Message
from tavola.core.times import Bucketing, bucket_of


class Draft(msgspec.Struct, frozen=True):
    """A message before it has a place in a log."""

    id: str
    sender_id: str
    body: str
    kind: Kind = "text"


def digest_of(kind: Kind, body: str) -> str:
    """A short digest of a message's original content: tells a repeat from a reuse of its id."""
    return hashlib.sha256(f"{kind}\0{body}".encode()).hexdigest()[:32]


def next_entry(
    conversation: str,
    head: Message | None,
    draft: Draft,
    now: str,
    bucketing: Bucketing | None,
) -> Message:
    """The entry that follows `head`; without `bucketing` it carries no bump."""
    created_at = max(now, head.created_at) if head else now
    from_ = bucket_of(head.created_at, bucketing) if head and bucketing else None
    return Message(
        conversation=conversation,
        seq=head.seq + 1 if head else 1,
        id=draft.id,
        sender_id=draft.sender_id,
        kind=draft.kind,
        created_at=created_at,
        body=draft.body,
        digest=digest_of(draft.kind, draft.body),
        peer_seq=peer_seq_after(head, draft.sender_id) if conversation[0] == "d" else None,
        bump=bump_between(from_, bucket_of(created_at, bucketing)) if bucketing else None,
    )


def bump_between(from_: str | None, to: str) -> Bump | None:
    """What moves a conversation from one bucket (None: from nowhere) to another."""
    return None if from_ == to else Bump(to, from_)


def peer_seq_after(head: Message | None, sender_id: str) -> int:
    """The last `seq` that the other one of the two sent, 0 for none."""
    if head is None:
        return 0
    return (head.peer_seq or 0) if head.sender_id == sender_id else head.seq


def is_repeat(entry: Message, draft: Draft) -> bool:
    """Whether an entry with the draft's id is the draft's own first try, not other content."""
    if entry.sender_id != draft.sender_id:
        return False
    return entry.digest is None or entry.digest == digest_of(draft.kind, draft.body)


def read_seq_of(head: Message | None, user_id: str, marker: int, visible_from_seq: int = 1) -> int:
    """Up to where a user has read: the marker, or what they sent, whichever is further.

    Direct entries know what the reader last sent; a group's marker follows through the feed.
    """
    if head is None:
        return 0
    if head.sender_id == user_id:
        return head.seq
    return min(head.seq, max(marker, head.peer_seq or 0, visible_from_seq - 1))


def unread_of(head: Message | None, read_seq: int) -> int:
    """How many entries a user who has read up to `read_seq` has not read; never negative."""
    return max(0, head.seq - read_seq) if head else 0
