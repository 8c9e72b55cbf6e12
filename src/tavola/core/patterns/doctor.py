"""Access patterns of `tavola doctor`: a second look at any item, and what mends it.

Every repair is conditional on what it follows from, so that whoever writes meanwhile wins.
"""

from collections.abc import Sequence

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    And,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Get,
    Missing,
    Or,
    Put,
    Transact,
    Update,
)
from tavola.core.patterns.declared import pattern

Basis = Sequence[tuple[Key, Condition]]
"""What a repair follows from: items, and what must still be true of them."""

GONE = Or((Missing(), Exists("deleted_at")))


@pattern("Doctor: what is this item now?", "pk and sk of the item", "1 RRU")
def inspect_item(key: Key) -> Get:
    return Get("inspect_item", key, consistent=True)


@pattern("Doctor: an item is missing", "put it; what says so as it was read", "2 WRU each")
def mend_missing(item: Item, condition: Condition, basis: Basis) -> Transact:
    """`Lost` when somebody else has written meanwhile."""
    put = Put("mend_missing", item, condition)
    return Transact("mend_missing", (put, *_checks("mend_missing", key_of(item), basis)))


@pattern("Doctor: an item is too much", "delete it; what says so as it was read", "2 WRU each")
def mend_stray(key: Key, condition: Condition, basis: Basis, left: Item | None = None) -> Transact:
    """`Lost` when somebody else has written meanwhile. `left` is put in its place."""
    puts = [Put("mend_stray", left)] if left else []
    delete = Delete("mend_stray", key, condition)
    return Transact("mend_stray", (delete, *puts, *_checks("mend_stray", key, basis)))


@pattern("Doctor: copied names are not the user's", "update the joiner, its rev as read", "1 WRU")
def mend_names(joiner: e.GroupUser | e.DirectUser, user: e.User) -> Update:
    """Names that a rename does not correct, because their rev is not older."""
    if isinstance(joiner, e.GroupUser):
        key = table.GROUP_USER.key(group_id=joiner.group_id, user_id=joiner.user_id)
    else:
        key = table.DIRECT_USER.key(conversation=joiner.conversation, user_id=joiner.user_id)
    names = {
        "handle": user.handle,
        "display_name": user.display_name,
        "names_rev": user.names_rev,
    }
    as_read = And((Exists(), Equals("names_rev", joiner.names_rev)))
    return Update("mend_names", key, names, condition=as_read)


@pattern("Doctor: an erased record still says who it was", "remove that, deleted", "1 WRU")
def mend_erased(user_id: str, names: tuple[str, ...]) -> Update:
    key = table.USER.key(user_id=user_id)
    return Update("mend_erased", key, table.USER.stamp(), names, Exists("deleted_at"))


def _checks(name: str, written: Key, basis: Basis) -> list[Check]:
    """An item is written or checked, not both."""
    return [Check(name, key, condition) for key, condition in basis if key != written]
