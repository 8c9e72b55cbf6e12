"""The declared table: every entity with its key templates. All else is derived from this.

Rules: every item has `type` (the entity's name) and `v` (the version of its shape). `build` and
`parse` are each other's reverse. An item of a newer shape than this code knows is refused, one
with attributes that it does not know is read without them.
"""

from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec

from tavola.core import entities as e
from tavola.core.items import Item, Key
from tavola.core.keys import Template

KEYS = {"pk": "HASH", "sk": "RANGE"}  # both are text
STREAM_VIEW = "NEW_AND_OLD_IMAGES"  # consumers of the change feed look at both
TTL_ATTRIBUTE = "expires_at"  # seconds since 1970; an item without it stays

_PK_READ_MAX = 4_096  # partition keys of an entity whose parts are remembered

R = TypeVar("R", bound=e.Record)


class UnknownItem(ValueError):
    """An item of no declared type, or of a newer version than this code knows."""


class Entity(Generic[R]):
    """One kind of item: its record type, its keys, the version of its shape."""

    def __init__(self, record: type[R], pk: str, sk: str, version: int = 1) -> None:
        self.record = record
        self.name = record.__name__
        self.pk = Template(pk)
        self.sk = Template(sk)
        self.version = version
        in_key = {*self.pk.names, *self.sk.names}
        self.attributes = tuple(field for field in record.__struct_fields__ if field not in in_key)
        defaults = {field.name: field.default for field in msgspec.structs.fields(record)}
        self._defaults = [(name, defaults[name]) for name in self.attributes]
        self._read_pk = lru_cache(maxsize=_PK_READ_MAX)(self.pk.read)  # all of a page have the same

    def key(self, **values: Any) -> Key:
        """The key of the item with these ids."""
        return Key(self.pk.build(values), self.sk.build(values))

    def build(self, record: R) -> Item:
        """The record as an item. Fields at their default are absent."""
        values = msgspec.structs.asdict(record)
        item: Item = {
            "pk": self.pk.build(values),
            "sk": self.sk.build(values),
            "type": self.name,
            "v": self.version,
        }
        for name, default in self._defaults:
            value = values[name]
            if value != default:
                item[name] = _stored(value)
        return item

    def parse(self, item: Item) -> R:
        """The item as a record; raises `UnknownItem`, `WrongKey` or `msgspec.ValidationError`."""
        self.check(item)
        ids = self._read_pk(item["pk"]) | self.sk.read(item["sk"])
        return msgspec.convert(item | ids, self.record)

    def check(self, item: Item) -> None:
        """Raises `UnknownItem` for an item of another kind, or of a newer version."""
        version = item.get("v", 0)
        if item.get("type") != self.name or type(version) is not int or version > self.version:
            raise UnknownItem(f"{item.get('type')} v{item.get('v')} is not {self.name}")

    def stamp(self, **attributes: Any) -> dict[str, Any]:
        """Attributes for an Update, which may create the item, with `type` and `v`."""
        return {"type": self.name, "v": self.version, **attributes}


def _stored(value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value


USER = Entity(e.User, "USER#{user_id}", "A")
USER_GROUP = Entity(e.UserGroup, "USER#{user_id}", "GROUP#{group_id}")
INBOX_POINTER = Entity(e.InboxPointer, "USER#{user_id}", "INBOX#{bucket}#{conversation}")
USER_IDENTITY = Entity(e.UserIdentity, "USER#{user_id}", "IDENTITY#{issuer}#{subject}")
LEFT_GROUP = Entity(e.LeftGroup, "USER#{user_id}", "LEFT#{group_id}")
RULE_MARK = Entity(e.RuleMark, "USER#{user_id}", "RULE#{scope}#{rule}")
PASSWORD = Entity(e.Password, "PASSWORD#{user_id}", "A")
USER_NAME = Entity(e.UserName, "USERS", "{folded}#{user_id}")
HANDLE = Entity(e.Handle, "HANDLE#{handle:first2}", "{handle}")
IDENTITY = Entity(e.Identity, "IDENTITY#{issuer}#{subject}", "A")
GROUP = Entity(e.Group, "GROUP#{group_id}", "A")
GROUP_USER = Entity(e.GroupUser, "GROUP#{group_id}", "USER#{user_id}")
GROUP_NAME = Entity(e.GroupName, "GROUPS", "{folded}#{group_id}")
DIRECT_USER = Entity(e.DirectUser, "{conversation:direct}", "USER#{user_id}")
MESSAGE = Entity(e.Message, "{conversation:log}", "{seq}")
AMENDMENT = Entity(e.Amendment, "{conversation:log}", "!{n}")
FEED_STATE = Entity(e.FeedState, "FEED#{feed}", "{part}")

ENTITIES: dict[str, Entity[Any]] = {
    entity.name: entity
    for entity in (
        USER,
        USER_GROUP,
        INBOX_POINTER,
        USER_IDENTITY,
        LEFT_GROUP,
        RULE_MARK,
        PASSWORD,
        USER_NAME,
        HANDLE,
        IDENTITY,
        GROUP,
        GROUP_USER,
        GROUP_NAME,
        DIRECT_USER,
        MESSAGE,
        AMENDMENT,
        FEED_STATE,
    )
}


def decode(item: Item) -> e.Record:
    """Any item as its record; raises `UnknownItem` for a type that is not declared."""
    record: e.Record = _entity_of(item).parse(item)
    return record


def check_known(item: Item) -> None:
    """Raises `UnknownItem` for an item of no declared type, or of a newer version."""
    _entity_of(item).check(item)


def _entity_of(item: Item) -> Entity[Any]:
    entity = ENTITIES.get(item.get("type", ""))
    if entity is None:
        raise UnknownItem(f"{item.get('type')!r} is no entity of the table")
    return entity
