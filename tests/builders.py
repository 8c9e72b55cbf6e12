"""Small valid things to test with. Every default is one that no test depends on by its value."""

from typing import Any

import msgspec

from tavola.core import entities as e
from tavola.core.log import Draft, digest_of, next_entry
from tavola.core.times import Bucketing, from_epoch_ms, to_epoch_ms

T0 = "2026-11-21T08:00:00.000Z"
DIRECT = "dm:ann:bob"
GROUP = "group:club"


def shown(value: object) -> str:
    """A short name for a parameter, the same in every process."""
    if isinstance(value, frozenset):
        return f"set of {sorted(value, key=repr)}"
    return "object" if type(value) is object else repr(value)[:30]


def at(seconds: float) -> str:
    """The time so many seconds after `T0`."""
    return from_epoch_ms(to_epoch_ms(T0) + round(seconds * 1000))


def mid(n: int) -> str:
    """A message id."""
    return f"00000000-0000-4000-8000-{n:012x}"


def user(user_id: str, **changes: Any) -> e.User:
    """A user whose handle is their id."""
    fields: dict[str, Any] = {
        "handle": user_id,
        "display_name": user_id.title(),
        "names_rev": 1,
        "created_at": T0,
    }
    return e.User(user_id=user_id, **(fields | changes))


def group(group_id: str = "club", **changes: Any) -> e.Group:
    """A listed group."""
    fields: dict[str, Any] = {
        "name": group_id.title(),
        "names_rev": 1,
        "visibility": "listed",
        "created_at": T0,
        "created_by": "ann",
    }
    return e.Group(group_id=group_id, **(fields | changes))


def member(user_id: str, group_id: str = "club", **changes: Any) -> e.GroupUser:
    """A member of a group."""
    fields: dict[str, Any] = {
        "joined_at": T0,
        "role": "member",
        "handle": user_id,
        "display_name": user_id.title(),
        "names_rev": 1,
    }
    return e.GroupUser(group_id=group_id, user_id=user_id, **(fields | changes))


def draft(n: int, sender: str = "ann", body: str | None = None) -> Draft:
    """A message to send, known by its number `n`."""
    return Draft(mid(n), sender, f"message {n}" if body is None else body)


def entry(seq: int, sender: str = "ann", **changes: Any) -> e.Message:
    """An entry of the conversation of ann and bob, `seq` seconds after `T0`."""
    body = f"message {seq}"
    fields: dict[str, Any] = {
        "conversation": DIRECT,
        "id": mid(seq),
        "kind": "text",
        "created_at": at(seq),
        "body": body,
        "digest": digest_of("text", body),
        "peer_seq": 0,
    }
    return e.Message(seq=seq, sender_id=sender, **(fields | changes))


def log(
    senders: str | list[str], conversation: str = DIRECT, bucketing: Bucketing = "day"
) -> list[e.Message]:
    """A log as `next_entry` makes it, a second apart; letters `a` and `b` stand for ann and bob."""
    names = [{"a": "ann", "b": "bob"}.get(sender, sender) for sender in senders]
    entries: list[e.Message] = []
    for n, name in enumerate(names, start=1):
        head = entries[-1] if entries else None
        entries.append(next_entry(conversation, head, draft(n, name), at(n), bucketing))
    return entries


def replaced(record: e.Message, **changes: Any) -> e.Message:
    """The record with other values."""
    return msgspec.structs.replace(record, **changes)
