"""Access patterns of erasing a user: the record first, then whatever is left of them."""

from collections.abc import Sequence

from tavola.core import entities as e
from tavola.core import errors, table
from tavola.core.ids import Conversation, fold_name
from tavola.core.items import Key
from tavola.core.operations import (
    And,
    Delete,
    Equals,
    Exists,
    Missing,
    Part,
    Put,
    Query,
    Transact,
    Update,
)
from tavola.core.patterns.declared import ALIVE, pattern

_PERSONAL = ("handle", "display_name", "admin", "location", "interests")
_SAID = ("body", "digest", "edited_at")


@pattern(
    "Erase a user: the record",
    "the user as it was read; handle, name, password and identities deleted",
    "8-168 WRU",
)
def erase_user(user: e.User, now: str, identities: Sequence[e.UserIdentity]) -> Transact:
    """What says who they are, at once. Names get a rev that no older copy can overwrite."""
    name = fold_name(user.display_name)
    stamped = table.USER.stamp(deleted_at=now, names_rev=user.names_rev + 1)
    as_read = And((Exists(), Missing("deleted_at"), Equals("names_rev", user.names_rev)))
    key = table.USER.key(user_id=user.user_id)
    parts: list[Part] = [
        Update("erase_user", key, stamped, _PERSONAL, as_read, errors.Changed),
        Delete("erase_user", table.HANDLE.key(handle=user.handle.lower())),
        Delete("erase_user", table.USER_NAME.key(folded=name, user_id=user.user_id)),
        Delete("erase_user", table.PASSWORD.key(user_id=user.user_id)),
    ]
    for identity in identities:
        parts += _identity("erase_user", identity)
    return Transact("erase_user", tuple(parts))


@pattern("A user's identities", "pk = USER#u, sk from IDENTITY#", "1 RRU per 4 KB")
def identities_of_user(user_id: str, limit: int, start: str | None = None) -> Query:
    return Query(
        "identities_of_user",
        f"USER#{user_id}",
        "IDENTITY#",
        "IDENTITY~",
        limit,
        consistent=True,
        start=start,
    )


@pattern(
    "What is there of a user but the record?",
    "pk = USER#u, sk behind A",
    "1 RRU per 4 KB",
)
def traces_of_user(user_id: str, limit: int, start: str | None = None) -> Query:
    return Query("traces_of_user", f"USER#{user_id}", "B", "~", limit, consistent=True, start=start)


@pattern("Erase: a membership", "both joiners deleted, LeftGroup put", "6 WRU")
def erase_membership(edge: e.UserGroup, now: str) -> Transact:
    """The place stays known until what was written there is gone as well."""
    left = e.LeftGroup(user_id=edge.user_id, group_id=edge.group_id, left_at=now)
    place = {"group_id": edge.group_id, "user_id": edge.user_id}
    return Transact(
        "erase_membership",
        (
            Delete("erase_membership", table.GROUP_USER.key(**place)),
            Delete("erase_membership", table.USER_GROUP.key(**place)),
            Put("erase_membership", table.LEFT_GROUP.build(left)),
        ),
    )


@pattern("Erase: an identity", "Identity and its twin deleted", "4 WRU")
def erase_identity(identity: e.UserIdentity) -> Transact:
    return Transact("erase_identity", _identity("erase_identity", identity))


@pattern("Erase: one of a direct conversation", "update the joiner: closed, nameless", "1 WRU")
def erase_direct_user(conversation: Conversation, user_id: str, names_rev: int) -> Update:
    """Closes the conversation; `names_rev` is that of the erased record."""
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user_id)
    stamped = table.DIRECT_USER.stamp(erased=True, names_rev=names_rev)
    return Update("erase_direct_user", key, stamped, ("handle", "display_name", "blocked"))


@pattern("Erase: what somebody said", "update entries, put the next amendments", "2 WRU each")
def erase_messages(conversation: Conversation, amendments: Sequence[e.Amendment]) -> Transact:
    """Tombstones and their amendments; `Lost` when one is deleted already, or a number taken."""
    parts: list[Part] = []
    for one in amendments:
        stamped = table.MESSAGE.stamp(deleted_at=one.at)
        key = Key(conversation.pk, f"{one.target:012d}")
        parts.append(Update("erase_messages", key, stamped, _SAID, ALIVE))
        parts.append(Put("erase_messages", table.AMENDMENT.build(one), Missing()))
    return Transact("erase_messages", tuple(parts))


@pattern("Erase: nothing is left of them there", "delete LeftGroup", "1 WRU")
def forget_left_group(left: e.LeftGroup) -> Delete:
    key = table.LEFT_GROUP.key(user_id=left.user_id, group_id=left.group_id)
    return Delete("forget_left_group", key)


def _identity(name: str, identity: e.UserIdentity) -> tuple[Delete, Delete]:
    vouched = {"issuer": identity.issuer, "subject": identity.subject}
    return (
        Delete(name, table.IDENTITY.key(**vouched)),
        Delete(name, table.USER_IDENTITY.key(user_id=identity.user_id, **vouched)),
    )
