"""The entities: what each item of the table says. Their keys are declared in `table`.

Fields that stand in an entity's key are not stored as attributes again. A field that is `None`
is absent from the item. Times are text (see `times`). Each entity's docstring and each field's
description are what the exported models and the documentation say about them.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Kind = Literal["text", "system"]
Role = Literal["member", "admin"]
Visibility = Literal["listed", "private"]


class Of(msgspec.Struct, frozen=True):
    """A field names items of another entity: how many of those, and how many of this one."""

    entity: str
    theirs: Literal["1", "0..1", "2"] = "1"
    ours: Literal["0..n", "0..1", "1"] = "0..n"


UserId = Annotated[str, Meta(description="id of the user"), Of("User")]
GroupId = Annotated[str, Meta(description="id of the group"), Of("Group")]
ConversationId = Annotated[
    str, Meta(description="id of the conversation, `dm:{a}:{b}` or `group:{id}`")
]
CopiedHandle = Annotated[str, Meta(description="copy of the user's handle")]
CopiedName = Annotated[str, Meta(description="copy of the user's display name")]
CopiedRev = Annotated[int, Meta(description="the user's `names_rev` that the copied names have")]
ReadSeq = Annotated[int, Meta(description="up to which entry the user has read; it only grows")]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all entities: plain data."""


class User(Record, frozen=True, kw_only=True):
    """A person: the top record of everything under their id, first of their groups and inbox.

    It stays for ever, also when the person is deleted, so that no id is given out twice.
    """

    user_id: Annotated[str, Meta(description="id, as the host app chose it; never reused")]
    handle: Annotated[
        str, Meta(description="as written; `Handle` holds the form compared; absent when erased")
    ] = ""
    display_name: Annotated[
        str, Meta(description="the name for people to read; absent when erased")
    ] = ""
    names_rev: Annotated[int, Meta(description="grows with each change of handle or name")]
    created_at: Annotated[str, Meta(description="when the user was made")]
    admin: Annotated[bool | None, Meta(description="may manage users and groups")] = None
    location: Annotated[str | None, Meta(description="where they say they are")] = None
    interests: Annotated[
        frozenset[str] | None, Meta(description="what they like; never an empty set")
    ] = None
    deleted_at: Annotated[str | None, Meta(description="when the user was deleted")] = None


class UserGroup(Record, frozen=True):
    """A membership, as the user's item: half of a pair with `GroupUser`.

    Both halves are written in one transaction, so that there are both or neither.
    """

    user_id: UserId
    group_id: GroupId
    joined_at: Annotated[str, Meta(description="when the user joined")]
    name: Annotated[str, Meta(description="copy of the group's name")]


class InboxPointer(Record, frozen=True):
    """This conversation was active in this bucket: a row of the user's inbox, newest bucket last.

    The key says it all. The feed moves it when a message opens a new bucket; the order inside a
    bucket is that of the conversations' heads.
    """

    user_id: UserId
    bucket: Annotated[str, Meta(description="the UTC day, or hour, of the newest message")]
    conversation: Annotated[ConversationId, Of("Message", theirs="0..1")]


class UserIdentity(Record, frozen=True):
    """Twin of `Identity` under the user, so that erasing finds it."""

    user_id: UserId
    issuer: Annotated[
        str, Meta(description="who vouches: the issuer's URL"), Of("Identity", ours="1")
    ]
    subject: Annotated[str, Meta(description="who they are there")]


class LeftGroup(Record, frozen=True):
    """Where somebody was a member, for export and erasure."""

    user_id: UserId
    group_id: GroupId
    left_at: Annotated[str, Meta(description="when the user left")]
    rule: Annotated[
        str | None, Meta(description="the rule that took them out; absent: a person did")
    ] = None


class RuleMark(Record, frozen=True, kw_only=True):
    """What a rule has done about a user, so that it does it once.

    A rule about joining has one for each group, in the scope of that group.
    """

    user_id: UserId
    scope: Annotated[str, Meta(description="id of the group that was joined; `@` for none")]
    rule: Annotated[str, Meta(description="name of the rule")]
    held: Annotated[bool, Meta(description="whether the condition held when it last acted")] = False
    joined_at: Annotated[
        str | None, Meta(description="of a joining: that of the membership it looked at")
    ] = None
    welcomed: Annotated[bool, Meta(description="its welcome was written, or is not due")] = False


class Password(Record, frozen=True):
    """The argon2 hash for the built-in sign-in; never shown, logged or exported.

    It has a partition key of its own, so that no query of a user's items can return it.
    """

    user_id: Annotated[str, Meta(description="id of the user"), Of("User", ours="0..1")]
    hash: Annotated[str, Meta(description="argon2id, with its salt and parameters")]
    set_at: Annotated[str, Meta(description="when it was set; older sessions end")]


class UserName(Record, frozen=True):
    """A user's place in the list of all users by name, paged, for admins."""

    folded: Annotated[str, Meta(description="the display name, NFKC and case folded")]
    user_id: Annotated[str, Meta(description="id of the user"), Of("User", ours="0..1")]


class Handle(Record, frozen=True):
    """Makes handles unique, and searchable by how they begin."""

    handle: Annotated[str, Meta(description="in lower case")]
    user_id: Annotated[str, Meta(description="whose it is"), Of("User", ours="0..1")]


class Identity(Record, frozen=True):
    """Which user a subject of Cognito or another OpenID Connect issuer is."""

    issuer: Annotated[str, Meta(description="who vouches: the issuer's URL")]
    subject: Annotated[str, Meta(description="who they are there")]
    user_id: Annotated[str, Meta(description="who they are here"), Of("User")]


class Group(Record, frozen=True):
    """A named set of users, and the top record of its conversation.

    It stays for ever, also when the group is deleted, so that no id is given out twice.
    """

    group_id: Annotated[str, Meta(description="id, as the host app chose it; never reused")]
    name: Annotated[str, Meta(description="the name for people to read")]
    names_rev: Annotated[int, Meta(description="grows with each change of the name")]
    visibility: Annotated[
        Visibility, Meta(description="`listed` for everybody or `private` to its members")
    ]
    created_at: Annotated[str, Meta(description="when the group was made")]
    created_by: Annotated[str, Meta(description="id of the user who made it"), Of("User")]
    deleted_at: Annotated[str | None, Meta(description="when the group was deleted")] = None
    purge: Annotated[bool | None, Meta(description="deleted with all that was written in it")] = (
        None
    )


class GroupUser(Record, frozen=True):
    """A membership, as the group's item, with the member's names and read marker."""

    group_id: GroupId
    user_id: UserId
    joined_at: Annotated[str, Meta(description="when the user joined")]
    role: Annotated[Role, Meta(description="`admin` changes the group and its members")]
    handle: CopiedHandle
    display_name: CopiedName
    names_rev: CopiedRev
    read_seq: ReadSeq = 0
    visible_from_seq: Annotated[
        int, Meta(description="the first entry that the member may see; absent: all")
    ] = 1
    rules: Annotated[
        frozenset[str] | None, Meta(description="rules that led here; absent: people did")
    ] = None


class GroupName(Record, frozen=True):
    """A group's place in the list of all groups by name, paged.

    Who reads the list is not shown the private groups that are not theirs.
    """

    folded: Annotated[str, Meta(description="the name, NFKC and case folded")]
    group_id: Annotated[str, Meta(description="id of the group"), Of("Group", ours="0..1")]
    name: Annotated[str, Meta(description="the name as written")]
    visibility: Annotated[Visibility, Meta(description="copy of the group's")]


class DirectUser(Record, frozen=True):
    """One of the two of a direct conversation. Written by Update only; absent means 0 or false.

    It may be there before the first message, with a block, and is not needed for it.
    """

    conversation: Annotated[str, Meta(description="id of the conversation, `dm:{a}:{b}`")]
    user_id: UserId
    joined_at: Annotated[str | None, Meta(description="when the first message was written")] = None
    handle: Annotated[str | None, Meta(description="copy of the user's handle")] = None
    display_name: Annotated[str | None, Meta(description="copy of the user's display name")] = None
    names_rev: CopiedRev = 0
    read_seq: ReadSeq = 0
    blocked: Annotated[bool, Meta(description="this user blocks the other one")] = False
    erased: Annotated[bool, Meta(description="this user was deleted")] = False


class Bump(msgspec.Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """A message moved its conversation to another bucket."""

    to: str
    from_: str | None = None


class Message(Record, frozen=True):
    """One entry of a conversation's log, numbered 1, 2, 3, … without gaps.

    The one with the highest number is the head. A deleted one stays as a tombstone without body.
    """

    conversation: Annotated[
        ConversationId,
        Of("Group", theirs="0..1"),
        Of("DirectUser", theirs="2"),
    ]
    seq: Annotated[int, Meta(description="its number in the log")]
    id: Annotated[str, Meta(description="UUID that the client chose; makes a retry safe")]
    sender_id: Annotated[str, Meta(description="id of the user who wrote it"), Of("User")]
    kind: Annotated[Kind, Meta(description="`text` of a person, or `system`")]
    created_at: Annotated[str, Meta(description="when it was written; grows along the log")]
    body: Annotated[str | None, Meta(description="what it says; absent when deleted")] = None
    digest: Annotated[str | None, Meta(description="of the first body: tells a repeat")] = None
    edited_at: Annotated[str | None, Meta(description="when it was last edited")] = None
    deleted_at: Annotated[str | None, Meta(description="when it was deleted")] = None
    peer_seq: Annotated[
        int | None, Meta(description="direct: last entry of the other one before this")
    ] = None
    bump: Annotated[
        Bump | None, Meta(description="from which bucket to which it moves the conversation")
    ] = None


class Amendment(Record, frozen=True):
    """What changed in an older entry: a second gapless log. It holds no text.

    Who has read the log up to an amendment reads the entries again that the later ones name.
    """

    conversation: ConversationId
    n: Annotated[int, Meta(description="its number in the log of amendments")]
    target: Annotated[int, Meta(description="number of the entry that changed"), Of("Message")]
    kind: Annotated[Literal["edit", "delete", "reaction"], Meta(description="what was done")]
    by: Annotated[str, Meta(description="id of the user who did it"), Of("User")]
    at: Annotated[str, Meta(description="when it was done")]


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where items were brought from, and up to which key of it all of them are here."""

    source: str
    revision: str | None = None
    pk: str | None = None
    sk: str | None = None
    ended_at: str | None = None


class FeedState(Record, frozen=True):
    """A checkpoint, lease or change set aside; never handed to consumers, exported or copied."""

    feed: Annotated[str, Meta(description="name of the feed")]
    part: Annotated[str, Meta(description="which of these, and of which shard")]
    position: Annotated[int | None, Meta(description="number of the last change handled")] = None
    sequence: Annotated[
        str | None, Meta(description="of a stream's shard: the last record handled")
    ] = None
    ended: Annotated[bool, Meta(description="the shard was read to its end")] = False
    owner: Annotated[str | None, Meta(description="which worker has the lease")] = None
    beat: Annotated[int | None, Meta(description="grows with each sign of its life")] = None
    at: Annotated[str | None, Meta(description="when this was written")] = None
    error: Annotated[str | None, Meta(description="why the change was set aside")] = None
    change: Annotated[str | None, Meta(description="the change that was set aside")] = None
    origin: Annotated[
        Origin | None, Meta(description="of a copy or an import: from where, and up to which key")
    ] = None
