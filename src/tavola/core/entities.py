"""The entities: what each item of the table says. Their keys are declared in `table`.

Fields that stand in an entity's key are not stored as attributes again. A field that is `None`
is absent from the item. Times are text (see `times`).
"""

from typing import Literal

import msgspec

Kind = Literal["text", "system"]
Role = Literal["member", "admin"]
Visibility = Literal["listed", "private"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all entities: plain data."""


class User(Record, frozen=True):
    """A person. The handle is as written; `Handle` holds the form that is compared."""

    user_id: str
    handle: str
    display_name: str
    names_rev: int
    created_at: str
    admin: bool | None = None
    location: str | None = None
    interests: frozenset[str] | None = None
    deleted_at: str | None = None


class UserGroup(Record, frozen=True):
    """A membership, as the user's item: half of a pair with `GroupUser`."""

    user_id: str
    group_id: str
    joined_at: str
    name: str


class InboxPointer(Record, frozen=True):
    """This conversation was active in this bucket."""

    user_id: str
    bucket: str
    conversation: str


class UserIdentity(Record, frozen=True):
    """Twin of `Identity` under the user, so that erasing finds it."""

    user_id: str
    issuer: str
    subject: str


class LeftGroup(Record, frozen=True):
    """Where somebody was a member, for export and erasure."""

    user_id: str
    group_id: str
    left_at: str


class Password(Record, frozen=True):
    """The argon2 hash for the built-in sign-in; never shown, logged or exported."""

    user_id: str
    hash: str
    set_at: str


class UserName(Record, frozen=True):
    """Lists all users by name."""

    folded: str
    user_id: str


class Handle(Record, frozen=True):
    """Makes handles unique and searchable by prefix."""

    handle: str
    user_id: str


class Identity(Record, frozen=True):
    """Which user an issuer's subject is."""

    issuer: str
    subject: str
    user_id: str


class Group(Record, frozen=True):
    """A named set of users, and the top record of its conversation."""

    group_id: str
    name: str
    names_rev: int
    visibility: Visibility
    created_at: str
    created_by: str
    deleted_at: str | None = None


class GroupUser(Record, frozen=True):
    """A membership, as the group's item, with the member's names and read marker."""

    group_id: str
    user_id: str
    joined_at: str
    role: Role
    handle: str
    display_name: str
    names_rev: int
    read_seq: int = 0
    visible_from_seq: int = 1


class GroupName(Record, frozen=True):
    """Lists all groups by name."""

    folded: str
    group_id: str
    name: str
    visibility: Visibility


class DirectUser(Record, frozen=True):
    """One of the two of a direct conversation. Written by Update only; absent means 0 or false."""

    conversation: str
    user_id: str
    joined_at: str | None = None
    handle: str | None = None
    display_name: str | None = None
    names_rev: int = 0
    read_seq: int = 0
    blocked: bool = False  # this user blocks the other one
    erased: bool = False


class Bump(msgspec.Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """A message moved its conversation to another bucket."""

    to: str
    from_: str | None = None


class Message(Record, frozen=True):
    """One entry of a conversation's log."""

    conversation: str
    seq: int
    id: str
    sender_id: str
    kind: Kind
    created_at: str
    body: str | None = None
    digest: str | None = None
    edited_at: str | None = None
    deleted_at: str | None = None
    peer_seq: int | None = None  # direct: last entry of the other one of the two before this
    bump: Bump | None = None


class Amendment(Record, frozen=True):
    """What changed in an older entry: a second gapless log. It holds no text."""

    conversation: str
    n: int
    target: int
    kind: Literal["edit", "delete", "reaction"]
    by: str
    at: str


class FeedState(Record, frozen=True):
    """A checkpoint, lease or change set aside; never handed to consumers, exported or copied."""

    feed: str
    part: str
    position: int | None = None
    at: str | None = None
    error: str | None = None
    change: str | None = None
