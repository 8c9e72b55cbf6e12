"""Prints items as they come: a table may have millions."""

from typing import Any

import click
import msgspec

from tavola.edge.cli.output import print_json, safe

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Shown:
    """What was printed so far, up to a limit."""

    def __init__(self, *, as_json: bool, limit: int | None) -> None:
        self._as_json = as_json
        self._limit = limit
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether as many are shown as were asked for."""
        return self._limit is not None and self._count >= self._limit

    def add(self, decoded: dict[str, Any]) -> None:
        """Show a decoded item unless there are enough."""
        if self.full:
            return
        if self._as_json:
            opening = ",\n  " if self._count else '{"items": [\n  '
            click.echo(opening + _encode(decoded).decode(), nl=False)
        else:
            click.echo(_line(decoded))
        self._count += 1

    def end(self, **more: Any) -> None:
        """Close what is open, count, and tell what else there is to tell."""
        if not self._as_json:
            told = [f"{self._count:,} items", *(f"{n:,} {name}" for name, n in more.items())]
            click.echo(", ".join(told).replace("_", " "))
        elif self._count:
            fields = "".join(f', "{name}": {_encode(n).decode()}' for name, n in more.items())
            click.echo(f"\n]{fields}}}")
        else:
            print_json({"items": [], **more})


def _line(decoded: dict[str, Any]) -> str:
    rest = {name: value for name, value in decoded.items() if name not in ("pk", "sk", "type", "v")}
    told = safe(_encode(rest).decode())
    if "pk" not in decoded or "sk" not in decoded:
        return safe(_encode(decoded).decode())
    kind = click.style(f"{safe(decoded.get('type'))}", bold=True)
    key = click.style(f"{safe(decoded['pk'])}  {safe(decoded['sk'])}", fg="cyan")
    return f"{key}  {kind}  {told}"
