"""The template as its tests read it, with parameters as they would be given."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cfnlint.decode import decode  # type: ignore[import-untyped] # it has no types

PATH = Path(__file__).resolve().parents[2] / "deploy" / "template.yaml"

Node = dict[str, Any]


@cache
def template() -> Node:
    """The whole template; its short forms, as `!Ref`, are written out."""
    read, wrong = decode(str(PATH))
    assert not wrong
    found: Node = read
    return found


def resources(kind: str) -> dict[str, Node]:
    """The properties of all resources of a type, by their names."""
    return {
        name: one["Properties"]
        for name, one in template()["Resources"].items()
        if one["Type"] == kind
    }


def chosen(node: Any, true: frozenset[str] = frozenset()) -> Any:
    """A part of the template where these conditions hold, and no others."""
    if isinstance(node, dict):
        if "Fn::If" in node:
            condition, then, otherwise = node["Fn::If"]
            return chosen(then if condition in true else otherwise, true)
        return {name: chosen(one, true) for name, one in node.items()}
    if isinstance(node, list):
        parts = (chosen(one, true) for one in node)
        return [part for part in parts if part != {"Ref": "AWS::NoValue"}]
    return node


def texts(node: Any) -> Iterator[str]:
    """All texts of a part of the template."""
    if isinstance(node, dict):
        for one in node.values():
            yield from texts(one)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)
    elif isinstance(node, str):
        yield str(node)
