"""The table for people and the JSON for machines."""

from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.figures import Figure
from bench.machine import Machine

_WIDTH_IN_A_FILE = 100
_COLOURS = {"ok": "green", "miss": "bold red", "": ""}


def print_report(machine: Machine, figures: list[Figure]) -> None:
    """Print what was measured, and whether it is what it should be."""
    table = Table("figure", "target", "")
    table.add_column("measured", justify="right")
    for figure in figures:
        colour = _COLOURS[figure.verdict]
        verdict = f"[{colour}]{figure.verdict}[/]" if colour else ""
        table.add_row(figure.name, figure.target, verdict, _measured(figure))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_A_FILE
    console.print(table)
    console.print(
        f"{machine.cores} cores ({machine.processor}), {machine.system}, Python {machine.python}, "
        f"SQLite {machine.sqlite}, a synced write takes {machine.fsync_ms:.2f} ms, "
        f"load before {machine.load_before:.1f}, "
        f"Tavola at {machine.commit or 'no commit'}",
        highlight=False,
    )


def write_json(path: Path, machine: Machine, figures: list[Figure]) -> None:
    """Write the same as JSON."""
    rows = [
        {**msgspec.to_builtins(figure), "target": figure.target, "verdict": figure.verdict}
        for figure in figures
    ]
    content = {"machine": msgspec.to_builtins(machine), "figures": rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content)) + b"\n")


def _measured(figure: Figure) -> str:
    digits = 0 if figure.value >= 100 else 1 if figure.value >= 10 else 2
    return f"{figure.value:,.{digits}f} {figure.unit}"
