"""Access patterns of the directory: users, their handles, names and passwords."""

from tavola.core import entities as e
from tavola.core import errors, limits, table
from tavola.core.ids import fold_name
from tavola.core.items import Item, key_of
from tavola.core.operations import (
    Check,
    Delete,
    Get,
    Missing,
    Part,
    Put,
    Query,
    Transact,
    Update,
)
from tavola.core.patterns.declared import (
    ALIVE,
    LISTED_HIGH,
    LISTED_LOW,
    pattern,
    same_names,
)


@pattern("Who is this user?", "pk = USER#u and sk = A", "0.5 RRU")
def get_user(user_id: str, *, consistent: bool = False) -> Get:
    return Get("get_user", table.USER.key(user_id=user_id), consistent)


@pattern("Who has this handle?", "pk = HANDLE#ha and sk = handle", "0.5 RRU")
def get_handle(handle: str, *, consistent: bool = False) -> Get:
    return Get("get_handle", table.HANDLE.key(handle=handle), consistent)


@pattern("Whose handle begins so?", "pk = HANDLE#ha, sk from prefix", "0.5 RRU")
def handles_by_prefix(prefix: str) -> Query:
    return Query(
        "handles_by_prefix",
        f"HANDLE#{prefix[:2]}",
        prefix,
        prefix + "~",
        limits.PREFIX_USERS_MAX,
        peek=False,
    )


@pattern("All users by name", "pk = USERS", "0.5 RRU per 4 KB")
def list_users(limit: int, start: str | None = None) -> Query:
    return Query("list_users", "USERS", LISTED_LOW, LISTED_HIGH, limit, start=start)


@pattern("A user's password hash", "pk = PASSWORD#u and sk = A", "1 RRU")
def get_password(user_id: str) -> Get:
    return Get("get_password", table.PASSWORD.key(user_id=user_id), consistent=True)


@pattern("A user with their groups", "pk = USER#u, sk from A to GROUP~", "1 RRU per 4 KB")
def user_with_groups(user_id: str, limit: int, start: str | None = None) -> Query:
    return Query(
        "user_with_groups", f"USER#{user_id}", "A", "GROUP~", limit, consistent=True, start=start
    )


@pattern("Create a user", "User, Handle, UserName, Password?: all missing before", "6-8 WRU")
def create_user(user: e.User, password: e.Password | None) -> Transact:
    parts: list[Part] = [
        Put("create_user", table.USER.build(user), Missing(), errors.IdTaken),
        Put("create_user", handle_item(user), Missing(), errors.HandleTaken),
        Put("create_user", listed_user(user)),
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
    same = same_names(before.names_rev)
    key = key_of(new)
    parts: list[Part] = [Update("update_user", key, changed, removed, same, errors.Changed)]
    parts += _moved(handle_item(before), handle_item(after), errors.HandleTaken)
    parts += _moved(listed_user(before), listed_user(after), None)
    return Transact("update_user", tuple(parts))


@pattern("Set a password", "put PASSWORD#u, the user exists", "4 WRU")
def set_password(password: e.Password) -> Transact:
    exists = Check(
        "set_password", table.USER.key(user_id=password.user_id), ALIVE, errors.UserNotFound
    )
    return Transact("set_password", (exists, Put("set_password", table.PASSWORD.build(password))))


def handle_item(user: e.User) -> Item:
    """The item that makes a user's handle theirs."""
    return table.HANDLE.build(e.Handle(handle=user.handle.lower(), user_id=user.user_id))


def listed_user(user: e.User) -> Item:
    """A user's place in the list of names."""
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
