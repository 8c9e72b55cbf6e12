"""The model for people: entities with their keys and attributes, and the access patterns."""

from collections.abc import Iterable
from typing import Any

from tavola.core.model.described import Attribute, attributes_of, meaning_of
from tavola.core.patterns import PATTERNS
from tavola.core.table import ENTITIES, Entity

_INTRODUCTION = """# The table

One table with the keys `pk` and `sk`, both text, and no index. Every item has `type`, the name of
its entity, and `v`, the version of its shape. Items of one `pk` are an item collection and are read
with one Query, in the order of `sk`.
"""

_TYPES = """Types are DynamoDB's: `S` text, `N` number, `BOOL` true or false, `SS` set of text, `M`
map. Times are text: UTC, RFC 3339, milliseconds, fixed width, so that they sort. `key` marks what
stands in the key and is not stored again; `?` what an item need not have.
"""

_PATTERNS = """## Access patterns

Every question and every write that is asked of the table. Units are DynamoDB's request units, for
items under 1 KB; a strongly consistent read costs twice as much. None needs an index.
"""


def markdown() -> str:
    """The whole page."""
    parts = [
        _INTRODUCTION,
        _table(("type", "pk", "sk"), (_keys(entity) for entity in ENTITIES.values())),
        "## Entities\n",
        _TYPES,
        *(_section(entity) for entity in ENTITIES.values()),
        _PATTERNS,
        _table(("pattern", "question", "key condition", "units"), _patterns()),
    ]
    return "\n".join(parts)


def _section(entity: Entity[Any]) -> str:
    heading = f"### {entity.name}\n\n{meaning_of(entity)}\n\n"
    key = f"- pk: {_code(entity.pk.shown)}\n- sk: {_code(entity.sk.shown)}\n"
    rows = (_row(attribute) for attribute in attributes_of(entity))
    return f"{heading}{key}\n{_table(('attribute', 'type', '', 'meaning'), rows)}"


def _keys(entity: Entity[Any]) -> tuple[str, ...]:
    link = f"[{entity.name}](#{entity.name.lower()})"
    return link, _code(entity.pk.shown), _code(entity.sk.shown)


def _row(attribute: Attribute) -> tuple[str, ...]:
    mark = "key" if attribute.in_key else "?" if attribute.optional else ""
    return f"`{attribute.name}`", f"`{attribute.type}`", mark, attribute.meaning


def _patterns() -> Iterable[tuple[str, ...]]:
    return ((f"`{one.name}`", one.question, one.key, one.units) for one in PATTERNS.values())


def _code(shown: str) -> str:
    return ", ".join(f"`{part}`" for part in shown.split(" or "))


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"
