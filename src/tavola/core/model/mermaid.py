"""The model as an entity-relationship diagram in Mermaid's notation.

A solid line: the related item's id stands in the key. A dashed one: it is an attribute. No
attribute may be called `pk` there: Mermaid takes that word for the mark of a primary key.
"""

from collections.abc import Iterator
from typing import Any

from tavola.core.model.described import Attribute, Relation, attributes_of, relations_of
from tavola.core.table import ENTITIES, Entity

_THEIRS = {"1": "||", "0..1": "|o", "2": "}|"}
_OURS = {"1": "||", "0..1": "o|", "0..n": "o{"}


def mermaid() -> str:
    """The diagram: entities with key templates and attributes, then their relations."""
    lines = ["erDiagram"]
    for entity in ENTITIES.values():
        lines += [f"    {entity.name} {{", *_rows(entity), "    }"]
    for entity in ENTITIES.values():
        lines += [f"    {_line(relation)}" for relation in relations_of(entity)]
    return "\n".join(lines) + "\n"


def _rows(entity: Entity[Any]) -> Iterator[str]:
    yield f'        S partition_key PK "{entity.pk.shown}"'
    yield f'        S sort_key PK "{entity.sk.shown}"'
    for attribute in attributes_of(entity):
        if not attribute.in_key:
            yield f'        {attribute.type} {attribute.name} "{_comment(attribute)}"'


def _comment(attribute: Attribute) -> str:
    return attribute.meaning.replace('"', "'") + (" (may be absent)" if attribute.optional else "")


def _line(relation: Relation) -> str:
    of = relation.of
    stroke = "--" if relation.in_key else ".."
    ends = f"{_THEIRS[of.theirs]}{stroke}{_OURS[of.ours]}"
    return f"{of.entity} {ends} {relation.entity} : {relation.field}"
