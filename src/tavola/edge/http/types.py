"""What requests say: bodies and query strings. Unknown fields are refused."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tavola.core import limits
from tavola.core.entities import Role, Visibility
from tavola.flows.groups import History

Seq = Annotated[int, Meta(ge=0, le=limits.SEQ_MAX)]
Limit = Annotated[int, Meta(ge=1, description="At most 200; a larger one is cut to that.")]


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all request shapes."""


class OptionalInput(Input, frozen=True):
    """Base of bodies that may be left out."""


class NoQuery(Input, frozen=True):
    """No query string."""


class SendBody(Input, frozen=True):
    """A message to send, to a person (`to`) or into a `conversation`.

    `id` is a UUID of the client's making and makes a retry safe, together with `after`: the last
    `seq` that the client had seen. Repeat both on a retry. Without `after` only the newest 12
    messages are searched for the id.
    """

    id: str
    body: str
    to: str | None = None
    conversation: str | None = None
    after: Seq | None = None


class EditBody(Input, frozen=True):
    """Another body for a message."""

    body: str


class ReadBody(Input, frozen=True):
    """Up to where the conversation has been read."""

    seq: Seq


class UserBody(Input, frozen=True):
    """A user to make. Without `id` one is made up; without `password` only tokens sign in."""

    handle: str
    display_name: str
    id: str | None = None
    location: str | None = None
    interests: frozenset[str] | None = None
    password: str | None = None
    admin: bool = False


class ProfileBody(Input, frozen=True):
    """What to change of one's profile; what is left out stays, null removes."""

    handle: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    location: str | UnsetType | None = UNSET
    interests: frozenset[str] | UnsetType | None = UNSET


class UserChangesBody(ProfileBody, frozen=True):
    """What to change of somebody, their rights among it; what is left out stays, null removes."""

    admin: bool | UnsetType = UNSET


class GroupBody(Input, frozen=True):
    """A group to make. Without `id` one is made up; a `private` one is shown to its members."""

    name: str
    id: str | None = None
    visibility: Visibility = "listed"


class GroupChangeBody(Input, frozen=True):
    """What to change of a group; what is left out stays."""

    name: str | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET


class DeleteGroupQuery(Input, frozen=True):
    """Whether what was written in the group is kept or purged."""

    log: Literal["keep", "purge"] = "keep"


class MembersBody(Input, frozen=True):
    """All users that are to be a group's, by id or `@handle`; at most 1,000."""

    users: list[str]


class JoinedBody(Input, frozen=True):
    """All groups that are to be a user's; at most 1,000."""

    groups: list[str]


class MemberBody(OptionalInput, frozen=True):
    """How somebody is to be a member.

    Without `role` a member's stays, and a new one is a `member`. `history: "none"` keeps what was
    written before they joined from a new member; of one who is there it changes nothing.
    """

    role: Role | None = None
    history: History = "all"


class SignInBody(Input, frozen=True):
    """A handle and its password."""

    handle: str
    password: str


class OwnPasswordBody(Input, frozen=True):
    """One's password, and the one to have instead."""

    current: str
    new: str


class PasswordBody(Input, frozen=True):
    """A password to give to somebody."""

    password: str


class InboxQuery(Input, frozen=True):
    """Which part of the inbox."""

    limit: Limit = limits.INBOX_PAGE_DEFAULT
    cursor: str | None = None


class MessagesQuery(Input, frozen=True, rename={"from_": "from"}):
    """Which part of a conversation: by `seq` (exclusive), around a time, or in a range of time."""

    limit: Limit = limits.PAGE_DEFAULT
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    at: str | None = None
    from_: str | None = None
    to: str | None = None
    year: Annotated[int, Meta(ge=1, le=9999)] | None = None
    include: Annotated[str, Meta(pattern="^users$")] | None = None


class PageQuery(Input, frozen=True):
    """Which page of a list; `cursor` is the `next` of the page before."""

    limit: Limit = limits.PAGE_DEFAULT
    cursor: str | None = None


class GroupsQuery(PageQuery, frozen=True):
    """Which page of the groups; with `prefix` of those whose name begins so."""

    prefix: str | None = None


class AskBody(Input, frozen=True):
    """An access pattern to run, with a text for each of its parameters.

    With `cursor` it is the next page of the same question.
    """

    pattern: str
    values: dict[str, str] = {}
    cursor: str | None = None


class UsersQuery(PageQuery, frozen=True):
    """The beginning of a handle, at least two characters; or, for admins, a page of all users."""

    prefix: str | None = None
