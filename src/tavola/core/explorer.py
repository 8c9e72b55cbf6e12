"""The table as its explorer shows it: what it declares, and items with their keys decoded.

An item goes out with nothing lost but hashes: values are in DynamoDB's own form, each with its
type, and numbers are text, because they have up to 38 digits and JavaScript keeps 15.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tavola.core.hidden import without_hashes
from tavola.core.items import Item
from tavola.core.keys import KeyPart, Template
from tavola.core.leads import Lead, lead_of
from tavola.core.model.described import DynamoType, attributes_of, meaning_of
from tavola.core.patterns import PATTERNS
from tavola.core.patterns.params import AccessPattern
from tavola.core.table import ENTITIES, Entity, UnknownItem
from tavola.core.units import Prices
from tavola.core.views import View
from tavola.core.wire import encode_item

_KEY = frozenset(("pk", "sk"))
_KNOWN = _KEY | {"type", "v"}  # of what can be decoded

StoreKind = Literal["sqlite", "dynamodb", "memory"]


class ValueView(
    View,
    frozen=True,
    rename={
        "text": "S",
        "number": "N",
        "flag": "BOOL",
        "nothing": "NULL",
        "texts": "SS",
        "values": "L",
        "named": "M",
    },
):
    """A value as DynamoDB writes it: one of these, which says its type."""

    text: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    flag: bool | UnsetType = UNSET
    nothing: Literal[True] | UnsetType = UNSET
    texts: list[str] | UnsetType = UNSET
    values: list["ValueView"] | UnsetType = UNSET
    named: dict[str, "ValueView"] | UnsetType = UNSET


class KeyPartView(View, frozen=True):
    """A piece of a key's text. One with a `field` says its value."""

    text: str
    field: str | UnsetType = UNSET
    value: str | UnsetType = UNSET
    leads: Lead | UnsetType = UNSET


class AttributeView(View, frozen=True):
    """An attribute of an item."""

    name: str
    value: ValueView
    leads: Lead | UnsetType = UNSET


class ItemView(View, frozen=True):
    """An item of the table.

    `pk_parts` and `sk_parts` together are the text of its key. One that cannot be decoded has
    `entity: null`, says why it is `unreadable`, and has all its attributes as they are.
    """

    pk: str
    sk: str
    entity: str | None
    pk_parts: list[KeyPartView]
    sk_parts: list[KeyPartView]
    attributes: list[AttributeView]
    unreadable: str | UnsetType = UNSET


class ItemsView(View, frozen=True):
    """A page of items, and what reading it cost: units, and what it costs a million times.

    On DynamoDB the units are those that it charged, elsewhere those that it would have.
    """

    items: list[ItemView]
    next: str | None
    read_units: float
    usd_per_million: float


class FieldView(View, frozen=True):
    """A field of an entity: stored as an attribute, or standing in the key."""

    name: str
    type: DynamoType
    meaning: str
    optional: bool
    in_key: bool


class EntityView(View, frozen=True):
    """A kind of item: what it is, and how its key is built."""

    name: str
    meaning: str
    pk: str
    sk: str
    fields: list[FieldView]


class PricesView(View, frozen=True):
    """What a million units cost, in US dollars; `told` is of what, where and since when."""

    read_usd: float
    write_usd: float
    told: str


class TableView(View, frozen=True):
    """What the table declares, what kind of store it is in, and what units cost there."""

    store: StoreKind
    prices: PricesView
    entities: list[EntityView]
    patterns: list[AccessPattern]


def view_of(item: Item) -> ItemView:
    """An item with its key decoded, by its own word on what it is."""
    entity = ENTITIES.get(item["type"]) if type(item.get("type")) is str else None
    if entity is None:
        return _unreadable(item, f"{item.get('type')!r} is no entity of the table")
    try:
        values = msgspec.structs.asdict(entity.parse(item))
    except (UnknownItem, ValueError) as error:
        return _unreadable(item, str(error))
    return ItemView(
        pk=item["pk"],
        sk=item["sk"],
        entity=entity.name,
        pk_parts=_parts(entity, entity.pk, item["pk"], values),
        sk_parts=_parts(entity, entity.sk, item["sk"], values),
        attributes=[
            AttributeView(name=name, value=value, leads=lead_of(entity, name, values) or UNSET)
            for name, value in _attributes(item, _KNOWN, first=entity.attributes).items()
        ],
    )


def entities() -> list[EntityView]:
    """Every declared kind of item."""
    return [
        EntityView(
            name=entity.name,
            meaning=meaning_of(entity),
            pk=entity.pk.shown,
            sk=entity.sk.shown,
            fields=[FieldView(**field._asdict()) for field in attributes_of(entity)],
        )
        for entity in ENTITIES.values()
    ]


def table_view(store: StoreKind, prices: Prices) -> TableView:
    """What there is to explore in a store of this kind, at these prices."""
    return TableView(
        store=store,
        prices=PricesView(**prices._asdict()),
        entities=entities(),
        patterns=list(PATTERNS.values()),
    )


def _unreadable(item: Item, why: str) -> ItemView:
    """An item as it is."""
    attributes = _attributes(item, _KEY)
    return ItemView(
        pk=item["pk"],
        sk=item["sk"],
        entity=None,
        pk_parts=[KeyPartView(text=item["pk"])],
        sk_parts=[KeyPartView(text=item["sk"])],
        attributes=[AttributeView(name=name, value=value) for name, value in attributes.items()],
        unreadable=why,
    )


def _attributes(
    item: Item, without: frozenset[str], first: tuple[str, ...] = ()
) -> dict[str, ValueView]:
    """An item's attributes but these, in declared order as far as there is one; never a hash."""
    order = dict.fromkeys((*first, *sorted(item)))
    kept = {name: item[name] for name in order if name in item and name not in without}
    return msgspec.convert(encode_item(without_hashes(kept)), dict[str, ValueView])


def _parts(
    entity: Entity[Any], template: Template, text: str, values: dict[str, Any]
) -> list[KeyPartView]:
    return [_part(entity, part, values) for part in template.parts(text)]


def _part(entity: Entity[Any], part: KeyPart, values: dict[str, Any]) -> KeyPartView:
    if part.field is None:
        return KeyPartView(text=part.text)
    leads = lead_of(entity, part.field, values) or UNSET
    return KeyPartView(text=part.text, field=part.field, value=str(part.value), leads=leads)
