"""Scripts of conversations: plain text, a line for each message.

    Person 1: Have you seen the tide tables?
    Person 2: Not yet.
    This line continues what Person 2 says.

A name is one to four words before a colon and a space. A line that does not begin so continues
the message before it, blank lines inside a message are kept, and an indented line always
continues, so that a text may hold a `Note: …`.
"""

import re
from typing import NamedTuple

from tavola.core.errors import ImportUnreadable

_SAID = re.compile(r"(?P<name>[^\s:][^\s:]*(?: [^\s:]+){0,3}):(?:[ \t]+(?P<text>.*))?")
_NAME_CHARS_MAX = 60


class Said(NamedTuple):
    """Who said what, and on which line of the file it begins (from 1)."""

    name: str
    text: str
    line: int


def parse(script: str, first_line: int = 1) -> list[Said]:
    """The messages of a script in order; `ImportUnreadable` with the line that is none."""
    found: list[tuple[str, list[str], int]] = []
    for number, line in enumerate(_lines(script), first_line):
        match = _SAID.fullmatch(line.rstrip())
        if match and len(match["name"]) <= _NAME_CHARS_MAX:
            found.append((match["name"], [match["text"] or ""], number))
        elif found:
            found[-1][1].append(line.strip())
        elif line.strip():
            raise ImportUnreadable(f"Line {number} does not begin with `Name: `.")
    return _checked(found)


def _lines(script: str) -> list[str]:
    return script.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _checked(found: list[tuple[str, list[str], int]]) -> list[Said]:
    said = [Said(name, "\n".join(lines).strip(), line) for name, lines, line in found]
    for message in said:
        if not message.text:
            raise ImportUnreadable(f"Line {message.line}: {message.name} says nothing.")
    if not said:
        raise ImportUnreadable("There is no line `Name: text`.")
    return said
