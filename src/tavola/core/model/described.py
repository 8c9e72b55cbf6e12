"""What entities say about themselves: attributes, types, meanings and relations."""

from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from tavola.core.entities import Of
from tavola.core.table import Entity

DynamoType = Literal["S", "N", "BOOL", "SS", "M"]

_PLAIN: dict[Any, DynamoType] = {str: "S", int: "N", bool: "BOOL"}


class Attribute(NamedTuple):
    """A field of an entity: stored as an attribute, or standing in the key."""

    name: str
    type: DynamoType
    meaning: str
    optional: bool
    in_key: bool


class Relation(NamedTuple):
    """A field of `entity` names items of `of`, which has how many of these."""

    entity: str
    field: str
    of: Of
    in_key: bool


def attributes_of(entity: Entity[Any]) -> list[Attribute]:
    """All fields of an entity, in their order."""
    return [
        Attribute(
            name=field.name,
            type=dynamo_type(field.type),
            meaning=_meaning(field.type),
            optional=not field.required,
            in_key=field.name not in entity.attributes,
        )
        for field in msgspec.structs.fields(entity.record)
    ]


def stored_attributes(entity: Entity[Any]) -> list[Attribute]:
    """Those fields that are not in the key."""
    return [attribute for attribute in attributes_of(entity) if not attribute.in_key]


def relations_of(entity: Entity[Any]) -> list[Relation]:
    """Which other entities the fields of an entity name."""
    return [
        Relation(entity.name, field.name, part, field.name not in entity.attributes)
        for field in msgspec.structs.fields(entity.record)
        for part in _notes(field.type)
        if isinstance(part, Of)
    ]


def meaning_of(entity: Entity[Any]) -> str:
    """What an entity is: its docstring, as one paragraph for each of its own."""
    paragraphs = (entity.record.__doc__ or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def dynamo_type(annotation: Any) -> DynamoType:
    """The DynamoDB type in which a field's values are stored."""
    if get_origin(annotation) is Annotated:
        return dynamo_type(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return dynamo_type(type(get_args(annotation)[0]))
    if get_origin(annotation) is frozenset:
        return "SS"
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return "M"
    kinds = [part for part in get_args(annotation) if part is not NoneType]
    return dynamo_type(kinds[0]) if kinds else _PLAIN[annotation]


def _notes(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def _meaning(annotation: Any) -> str:
    told = [
        part.description
        for part in _notes(annotation)
        if isinstance(part, msgspec.Meta) and part.description
    ]
    return told[-1] if told else ""
