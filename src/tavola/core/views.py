"""What the outside sees: the shapes of replies. The OpenAPI document is generated from these."""

import msgspec
from msgspec import UNSET, UnsetType

from tavola.core import entities as e


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all replies. Fields that are not set are left out."""


class PersonView(View, frozen=True):
    """Who a user is, in short."""

    id: str
    handle: str
    display_name: str


class UserView(View, frozen=True):
    """A user. Only they themselves and admins see more than who they are."""

    id: str
    handle: str
    display_name: str
    created_at: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    interests: list[str] | UnsetType = UNSET
    admin: bool | UnsetType = UNSET


class MessageView(View, frozen=True):
    """An entry of a conversation. A deleted one has `body: null` and `deleted_at`."""

    id: str
    conversation: str
    seq: int
    sender_id: str
    kind: e.Kind
    body: str | None
    created_at: str
    edited_at: str | UnsetType = UNSET
    deleted_at: str | UnsetType = UNSET


class ConversationView(View, frozen=True):
    """A conversation as one of its members sees it; `head` is its newest message.

    `blocked` tells who blocks the other one of the two, and nobody else.
    """

    conversation: str
    kind: str
    title: str
    head: MessageView | None
    unread: int
    read_seq: int
    user: PersonView | UnsetType = UNSET
    blocked: bool | UnsetType = UNSET


class InboxView(View, frozen=True):
    """A page of a user's conversations, newest activity first.

    `exact` is false when the order inside a very full bucket is that of the keys, or when the
    change feed had not caught up in time.
    """

    conversations: list[ConversationView]
    next: str | None
    exact: bool | UnsetType = UNSET


class MessagesView(View, frozen=True):
    """A page of a conversation, newest first; `users` (when asked for) says who wrote."""

    messages: list[MessageView]
    head_seq: int
    more_before: bool
    more_after: bool
    users: list[PersonView] | UnsetType = UNSET


class ReadView(View, frozen=True):
    """Where a user's read marker is now, and what is left unread."""

    read_seq: int
    unread: int


class UsersView(View, frozen=True):
    """Users found by the beginning of their handle; or a page of all, and where the next begins."""

    users: list[UserView]
    next: str | UnsetType | None = UNSET


class GroupView(View, frozen=True):
    """A group; `role` is that of who asks, and absent for who is no member."""

    id: str
    name: str
    visibility: e.Visibility
    created_at: str
    role: e.Role | UnsetType = UNSET


class NamedGroupView(View, frozen=True):
    """A group in the list of all groups."""

    id: str
    name: str
    visibility: e.Visibility


class GroupsView(View, frozen=True):
    """A page of groups by name."""

    groups: list[NamedGroupView]
    next: str | None


class JoinedGroupView(View, frozen=True):
    """A group that a user is in."""

    id: str
    name: str
    joined_at: str


class JoinedGroupsView(View, frozen=True):
    """A page of a user's groups in the order of their ids."""

    groups: list[JoinedGroupView]
    next: str | None


class MemberView(View, frozen=True):
    """A member of a group."""

    id: str
    handle: str
    display_name: str
    role: e.Role
    joined_at: str


class MembersView(View, frozen=True):
    """A page of a group's members in the order of their ids."""

    users: list[MemberView]
    next: str | None


class SetView(View, frozen=True):
    """What an exact set has changed: ids of users, or of groups.

    `complete` is false where more were to be removed than one request does; a repeat goes on.
    """

    added: list[str]
    removed: list[str]
    complete: bool


class MembershipView(View, frozen=True):
    """One user's membership in one group."""

    group_id: str
    user_id: str
    role: e.Role
    joined_at: str


def person_of(record: e.User) -> PersonView:
    """A user, in short; of one who is erased, that there was somebody."""
    if record.deleted_at:
        return deleted_person(record.user_id)
    return PersonView(id=record.user_id, handle=record.handle, display_name=record.display_name)


def deleted_person(user_id: str) -> PersonView:
    """Somebody of whom nothing is left but that they wrote."""
    return PersonView(id=user_id, handle="", display_name="deleted user")


def other_of(record: e.User) -> UserView:
    """Who a user is, as all others see them."""
    return UserView(id=record.user_id, handle=record.handle, display_name=record.display_name)


def user_of(record: e.User) -> UserView:
    """A user's whole profile, for themselves and admins."""
    return UserView(
        id=record.user_id,
        handle=record.handle,
        display_name=record.display_name,
        created_at=record.created_at,
        location=record.location or UNSET,
        interests=sorted(record.interests) if record.interests else UNSET,
        admin=record.admin or UNSET,
    )


def message_of(record: e.Message) -> MessageView:
    """An entry of a log."""
    return MessageView(
        id=record.id,
        conversation=record.conversation,
        seq=record.seq,
        sender_id=record.sender_id,
        kind=record.kind,
        body=record.body,
        created_at=record.created_at,
        edited_at=record.edited_at or UNSET,
        deleted_at=record.deleted_at or UNSET,
    )


def group_of(record: e.Group, member: e.GroupUser | None = None) -> GroupView:
    """A group, to one of its members or somebody else."""
    return GroupView(
        id=record.group_id,
        name=record.name,
        visibility=record.visibility,
        created_at=record.created_at,
        role=member.role if member else UNSET,
    )


def named_group_of(record: e.GroupName) -> NamedGroupView:
    """A group in the list of all groups."""
    return NamedGroupView(id=record.group_id, name=record.name, visibility=record.visibility)


def joined_group_of(record: e.UserGroup) -> JoinedGroupView:
    """A group in the list of a user's groups."""
    return JoinedGroupView(id=record.group_id, name=record.name, joined_at=record.joined_at)


def member_of(record: e.GroupUser) -> MemberView:
    """A member in the list of a group's members."""
    return MemberView(
        id=record.user_id,
        handle=record.handle,
        display_name=record.display_name,
        role=record.role,
        joined_at=record.joined_at,
    )


def membership_of(record: e.GroupUser) -> MembershipView:
    """A membership."""
    return MembershipView(
        group_id=record.group_id,
        user_id=record.user_id,
        role=record.role,
        joined_at=record.joined_at,
    )
