"""What people write: users, groups and messages."""

from typing import Any

from tavola.core import entities as e
from tavola.core import errors, table
from tavola.core.ids import Conversation, fold_name
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    And,
    Check,
    Delete,
    Equals,
    Exists,
    LessThan,
    Missing,
    Or,
    Part,
    Put,
    Transact,
    Update,
)
from tavola.core.patterns.declared import pattern

_ALIVE = And((Exists(), Missing("deleted_at")))

# --- users and groups ------------------------------------------------------------------------


@pattern("Create a user", "User, Handle, UserName, Password?: all missing before", "6-8 WRU")
def create_user(user: e.User, password: e.Password | None) -> Transact:
    parts: list[Part] = [
        Put("create_user", table.USER.build(user), Missing(), errors.IdTaken),
        Put("create_user", _handle_item(user), Missing(), errors.HandleTaken),
        Put("create_user", _name_item(user)),
    ]
    if password:
        parts.append(Put("create_user", table.PASSWORD.build(password)))
    return Transact("create_user", tuple(parts))


@pattern("Change a profile", "the user as it was read; handle and name moved", "2-10 WRU")
def update_user(before: e.User, after: e.User) -> Transact:
    """What has changed of the record, and with it the handle and the place in the list of names."""
    old, new = table.USER.build(before), table.USER.build(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    removed = tuple(name for name in old if name not in new)
    same = _same(before.names_rev)
    key = key_of(new)
    parts: list[Part] = [Update("update_user", key, changed, removed, same, errors.Changed)]
    parts += _moved(_handle_item(before), _handle_item(after), errors.HandleTaken)
    parts += _moved(_name_item(before), _name_item(after), None)
    return Transact("update_user", tuple(parts))


@pattern("Set a password", "put PASSWORD#u, the user exists", "4 WRU")
def set_password(password: e.Password) -> Transact:
    exists = Check(
        "set_password", table.USER.key(user_id=password.user_id), _ALIVE, errors.UserNotFound
    )
    return Transact("set_password", (exists, Put("set_password", table.PASSWORD.build(password))))


@pattern("Create a group", "Group and GroupName: the group missing before", "4 WRU")
def create_group(group: e.Group) -> Transact:
    name = e.GroupName(
        folded=fold_name(group.name),
        group_id=group.group_id,
        name=group.name,
        visibility=group.visibility,
    )
    return Transact(
        "create_group",
        (
            Put("create_group", table.GROUP.build(group), Missing(), errors.IdTaken),
            Put("create_group", table.GROUP_NAME.build(name)),
        ),
    )


@pattern("Join a group", "both joiners missing; user and group as they were read", "8 WRU")
def join_group(user: e.User, group: e.Group, member: e.GroupUser) -> Transact:
    """Both joiners, with the names that both top records still have."""
    edge = e.UserGroup(
        user_id=user.user_id,
        group_id=group.group_id,
        joined_at=member.joined_at,
        name=group.name,
    )
    user_key = table.USER.key(user_id=user.user_id)
    group_key = table.GROUP.key(group_id=group.group_id)
    return Transact(
        "join_group",
        (
            Put("join_group", table.GROUP_USER.build(member), Missing()),
            Put("join_group", table.USER_GROUP.build(edge)),
            Check("join_group", user_key, _same(user.names_rev), errors.Changed),
            Check("join_group", group_key, _same(group.names_rev), errors.Changed),
        ),
    )


# --- conversations ---------------------------------------------------------------------------


@pattern("Append a message", "put the next number, missing before", "1 WRU")
def append_message(entry: e.Message) -> Put:
    return Put("append_message", table.MESSAGE.build(entry), Missing())


@pattern("Append imported messages", "put the next numbers, missing before", "2 WRU each")
def append_imported(entries: tuple[e.Message, ...]) -> Transact:
    return Transact(
        "append_imported",
        tuple(
            Put("append_imported", table.MESSAGE.build(entry), Missing(), errors.Busy)
            for entry in entries
        ),
    )


@pattern("Edit or delete a message", "update the entry, put the next amendment", "4 WRU")
def amend_message(
    conversation: Conversation,
    amendment: e.Amendment,
    changed: dict[str, Any],
    removed: tuple[str, ...] = (),
) -> Transact:
    """The entry in place and the amendment behind it; `Lost` when its number was taken."""
    key = Key(conversation.pk, f"{amendment.target:012d}")
    stamped = table.MESSAGE.stamp(**changed)
    update = Update("amend_message", key, stamped, removed, _ALIVE, errors.MessageDeleted)
    put = Put("amend_message", table.AMENDMENT.build(amendment), Missing())
    return Transact("amend_message", (update, put))


@pattern("Move a read marker on", "update the joiner, only upwards", "1 WRU")
def mark_read(conversation: Conversation, user_id: str, seq: int) -> Update:
    further = Or((Missing("read_seq"), LessThan("read_seq", seq)))
    if conversation.group_id:
        key = table.GROUP_USER.key(group_id=conversation.group_id, user_id=user_id)
        stamped = table.GROUP_USER.stamp(read_seq=seq)
        return Update("mark_read", key, stamped, condition=And((Exists(), further)))
    key = table.DIRECT_USER.key(conversation=conversation.id, user_id=user_id)
    return Update("mark_read", key, table.DIRECT_USER.stamp(read_seq=seq), condition=further)


@pattern("Restore an exported item", "put, missing before", "1 WRU")
def restore_item(item: Item) -> Put:
    return Put("restore_item", item, Missing(), errors.IdTaken)


def _same(names_rev: int) -> And:
    return And((Exists(), Missing("deleted_at"), Equals("names_rev", names_rev)))


def _handle_item(user: e.User) -> Item:
    return table.HANDLE.build(e.Handle(handle=user.handle.lower(), user_id=user.user_id))


def _name_item(user: e.User) -> Item:
    folded = fold_name(user.display_name)
    return table.USER_NAME.build(e.UserName(folded=folded, user_id=user.user_id))


def _moved(old: Item, new: Item, taken: type[errors.TavolaError] | None) -> list[Part]:
    """A put and a delete where the key changes; nothing where it does not."""
    if key_of(old) == key_of(new):
        return []
    return [
        Put("update_user", new, Missing() if taken else None, taken),
        Delete("update_user", key_of(old)),
    ]
