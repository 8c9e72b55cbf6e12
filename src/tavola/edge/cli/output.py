"""How results look: JSON for machines, tables and lines for people.

What people wrote is printed without its control characters, so that no message can steer the
terminal, and never as markup.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDTH_PIPED = 200  # columns of a table that goes into a file


def safe(text: object) -> str:
    """A text without what would steer a terminal."""
    return _CONTROL.sub("\ufffd", str(text))


def time_of(text: str | None) -> str:
    """A time as people read it, in UTC."""
    return f"{text[:10]} {text[11:16]}" if text else ""


def print_json(value: Any) -> None:
    """Print a value as one JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; numbers to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for n, column in enumerate(columns):
        numbers = bool(listed) and all(isinstance(row[n], int | float) for row in listed)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(shown(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_PIPED, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().splitlines()
    click.echo("\n".join(line.rstrip() for line in lines))


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values, a line each; without those that have no value."""
    known = [(name, value) for name, value in facts if value not in (None, "", msgspec.UNSET)]
    width = max(len(name) for name, _ in known)
    for name, value in known:
        click.echo(f"{name:<{width}}  {shown(value)}")


def shown(value: object) -> str:
    """A value in a table: numbers with their thousands apart and what they need of decimals."""
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and value is not True else safe(value)
