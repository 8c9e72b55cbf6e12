"""Where the fields of an item lead: an id to its item collection, a number or handle to one item.

Derived from what the entities say of their fields (`Of`) and from what stands in their keys. What
would lead to no key, because an item holds nonsense, leads nowhere.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import UNSET, UnsetType

from tavola.core import table
from tavola.core.errors import NotFound
from tavola.core.ids import fold_handle
from tavola.core.keys import WrongKey
from tavola.core.model.described import relations_of
from tavola.core.table import Entity
from tavola.core.views import View

Values = Mapping[str, Any]


class Lead(View, frozen=True):
    """Where a value leads: to an item collection, or with `sk` to one item of it."""

    pk: str
    sk: str | UnsetType = UNSET


def lead_of(entity: Entity[Any], field: str, values: Values) -> Lead | None:
    """Where a field leads in an item with these values; None for most."""
    find = _FINDERS.get(_meant(entity.name).get(field, field))
    value = values.get(field)
    if find is None or value is None:
        return None
    try:
        return find(value, values)
    except (WrongKey, NotFound):
        return None


def _collection(entity: Entity[Any], values: Values) -> Lead:
    pk = entity.pk.build(dict(values))
    entity.pk.read(pk)
    return Lead(pk=pk)


def _item(entity: Entity[Any], values: Values) -> Lead:
    sk = entity.sk.build(dict(values))
    entity.sk.read(sk)
    return Lead(pk=_collection(entity, values).pk, sk=sk)


_FINDERS: dict[str, Callable[[Any, Values], Lead]] = {
    "user_id": lambda value, _: _collection(table.USER, {"user_id": value}),
    "group_id": lambda value, _: _collection(table.GROUP, {"group_id": value}),
    "conversation": lambda value, _: _collection(table.MESSAGE, {"conversation": value}),
    "entry": lambda value, values: _item(table.MESSAGE, {**values, "seq": value}),
    "handle": lambda value, _: _item(table.HANDLE, {"handle": fold_handle(value)}),
    "issuer": lambda _, values: _collection(table.IDENTITY, values),
    "subject": lambda _, values: _collection(table.IDENTITY, values),
}
_NAMED = {"User": "user_id", "Group": "group_id", "Message": "entry"}  # what names an entity


@cache
def _meant(entity: str) -> dict[str, str]:
    """What each field of an entity holds that names another one; `conversation` says so itself."""
    return {
        relation.field: _NAMED[relation.of.entity]
        for relation in relations_of(table.ENTITIES[entity])
        if relation.of.entity in _NAMED and relation.field != "conversation"
    }
