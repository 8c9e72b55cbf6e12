"""Conditions and updates as DynamoDB's expressions.

Names and values never stand in an expression: `#0` and `:0` stand for them, so that neither a
reserved word nor a value can change its meaning.
"""

from typing import Any

from tavola.core.operations import And, Condition, Equals, Exists, LessThan, Missing, Or, Update
from tavola.core.wire import Wire, encode_value


class Placeholders:
    """What the placeholders of one request stand for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: list[Wire] = []

    def name(self, attribute: str) -> str:
        """The placeholder of an attribute's name."""
        return self._names.setdefault(attribute, f"#{len(self._names)}")

    def value(self, value: Any) -> str:
        """The placeholder of a value."""
        self._values.append(encode_value(value))
        return f":{len(self._values) - 1}"

    def fields(self) -> dict[str, Any]:
        """The fields of the request that say what the placeholders stand for."""
        fields: dict[str, Any] = {}
        if self._names:
            fields["ExpressionAttributeNames"] = {
                placeholder: name for name, placeholder in self._names.items()
            }
        if self._values:
            fields["ExpressionAttributeValues"] = {
                f":{index}": value for index, value in enumerate(self._values)
            }
        return fields


def condition_text(condition: Condition, stand_in: Placeholders) -> str:
    """A condition as text. An item is there when its `pk` is."""
    match condition:
        case Exists(attribute):
            return f"attribute_exists({stand_in.name(attribute or 'pk')})"
        case Missing(attribute):
            return f"attribute_not_exists({stand_in.name(attribute or 'pk')})"
        case Equals(attribute, value):
            return f"{stand_in.name(attribute)} = {stand_in.value(value)}"
        case LessThan(attribute, value):
            return f"{stand_in.name(attribute)} < {stand_in.value(value)}"
        case And(parts):
            return _joined(" AND ", parts, stand_in)
        case Or(parts):
            return _joined(" OR ", parts, stand_in)


def update_text(update: Update, stand_in: Placeholders) -> str:
    """What an update sets and removes, as text; empty when that is nothing."""
    sets = [
        f"{stand_in.name(name)} = {stand_in.value(value)}"
        for name, value in update.set.items()
        if name not in update.remove
    ]
    removes = [stand_in.name(name) for name in update.remove]
    clauses = [("SET", sets), ("REMOVE", removes)]
    return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)


def _joined(word: str, parts: tuple[Condition, ...], stand_in: Placeholders) -> str:
    return word.join(f"({condition_text(part, stand_in)})" for part in parts)
