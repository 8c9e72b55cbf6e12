"""The reference pages, written from the code: `python -m tavola.reference docs`.

A test fails when a page is not what this would write.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import click
import msgspec

from tavola.core.errors import CATALOGUE
from tavola.edge.bill import RATES_OF, Bill, Habits, Measured, Rates, assumptions, bill
from tavola.edge.cli import main
from tavola.edge.cli.common import run_async
from tavola.edge.cli.costs import COLUMNS, measure, prices_told, rows_of
from tavola.edge.cli.model import FORMATS, TABLE_NAME
from tavola.edge.cli.output import shown
from tavola.edge.costs import BODY_BYTES, MEMBERS, Shape
from tavola.edge.doctor.page import doctor_page_parts
from tavola.settings import Settings, prices_of, variable_of

HELP_COLUMNS = 96

_BILLED = (100, 10_000, 1_000_000)
_COSTS_BEGIN = "<!-- Costs, written by `python -m tavola.reference docs`: -->\n"
_COSTS_END = "<!-- End of what is written. -->\n"

_NOTE = "<!-- Written by `python -m tavola.reference docs`; change the code, not this page. -->\n"

_SETTINGS = """# Settings

A flag beats the environment, that beats the settings file, that beats the default. The file is
`tavola.toml` in the folder where the command runs, or the one that `--config` or `TAVOLA_CONFIG`
names. A setting has the same name there as here. An unknown name in the file is an error.

    # tavola.toml
    store = "sqlite:////srv/tavola/tavola.db"
    port = 8080
"""

_ERRORS = """# Errors

Every error has a stable `code`. Over HTTP it comes as `application/problem+json` with `code`,
`status`, `title`, `detail`, `request_id` and `retryable`: whether the same request may succeed
later. A 422 carries `errors`, a list of `{field, code, message}`. In the terminal an error is one
line on standard error with its code in brackets; the exit code is 2 for `invalid` and
`not_confirmed`, else 1.

`detail` and `title` are for people and may change.
"""

_COMMANDS = """# Commands

Every command takes `--json` where it reads or reports, and `--store` and `--config` before or
behind its name. Exit codes: 0 done, 1 it failed, 2 it was called wrongly, 130 interrupted. Results
go to standard output, errors and progress to standard error.

Commands that read work beside a running server. `users` and `groups` that write go through it.
`seed`, `import`, `copy`, `cognito sync`, `postgres sync`, `feed rebuild` and `doctor --fix` write
much and ask to stop it first.

A command that writes to a DynamoDB table asks for the table's name, unless its endpoint is on
loopback. `--yes NAME` answers that, for scripts; every writing command takes it, on any store.
"""

_MODEL = """A solid line: the id of the one stands in the key of the other. A dashed one: it is an
attribute.

## For other tools

- [table-workbench.json](table-workbench.json): the model for NoSQL Workbench, a facet for each
  entity, with the demo's people and the end of their conversations as sample. Import it under
  *Data modeler*.
- [table-cloudformation.json](table-cloudformation.json): the template that makes the table.

`tavola model export` writes each of them, and what stands on this page.
"""


_COSTS = f"""# What it costs

On DynamoDB you pay for what you read, write and store. What the use cases of Tavola read and
write is measured here, on a small world in memory: messages of {BODY_BYTES} bytes, which make items
of 250, and a group of {MEMBERS} members. `tavola costs --message-bytes N --members N` does it for
yours, by the prices of your settings, and `--json` prints it for a program.
"""

_COUNTING = """## How units are counted

- **A read** (RRU) costs a unit for each started 4 KB of the items that it reads, taken together;
  half of that when it may be a moment behind. Nothing found costs as much as one small item.
- **A write** (WRU) costs a unit for each started KB of the item before or after it, whichever is
  larger. So does a write whose condition does not hold: each race that a message loses to a faster
  one costs a write more.
- **A transaction** costs twice that for each item it writes or checks.
- **An item's size** counts names and values: text in UTF-8, a number about half a byte for each
  digit, a map or list three bytes and one more for each part.

The feed works behind a request: it moves inboxes, copies names and follows senders' read markers.
It is charged in the same table.

On a table of DynamoDB the units are those that each answer tells. On the embedded stores, where
nothing is charged, the same figures are computed from the sizes of the items, so that you know what
a table would cost before you have one. Tests hold both against an engine that counts.

- `/metrics` counts them by access pattern: `tavola_read_units_total`, `tavola_write_units_total`.
- `tavola patterns list` has what each access pattern promises, for items under 1 KB;
  [the model](model.md) has it, too.
- `tavola patterns run NAME PARAMETER=VALUE…` asks one, on your store, with its units and price.

## What is not in the table

- Who calls with a token is looked up once a minute in each server: half a read unit, a whole one
  for an issuer's token. The first of those makes the user: 10 write units, once. A sign-in with a
  password is checked with each request, as the table says.
- A worker writes its place in each shard of the stream at most every five seconds, and its lease
  every ten: with one shard less than a dollar a month.
- Storage, backups, requests to the stream and traffic have prices of their own, and so has
  provisioned capacity. Prices differ by region and change: set
  [`read_units_usd`](settings.md#read_units_usd), [`write_units_usd`](settings.md#write_units_usd)
  and [`prices_of`](settings.md#prices_of).
"""


def settings_page() -> str:
    """Every setting with its variable, flag, default and meaning."""
    flags = _flags()
    parts = [_SETTINGS]
    for field in msgspec.structs.fields(Settings):
        lines = [
            f"- environment: `{variable_of(field.name)}`",
            f"- file: `{field.name}`",
            f"- default: {_default(field.default)}",
        ]
        if field.name in flags:
            lines.insert(0, f"- flag: {', '.join(f'`{flag}`' for flag in flags[field.name])}")
        parts.append(f"## {field.name}\n\n{_description(field.type)}\n\n" + "\n".join(lines) + "\n")
    return _page(parts)


def errors_page() -> str:
    """Every error of the catalogue."""
    rows = [
        f"| `{error.code}` | {error.status} | {'yes' if error.retryable else ''} | {error.title} |"
        for error in sorted(CATALOGUE.values(), key=lambda error: (error.status, error.code))
    ]
    table = ["| code | status | retryable | title |", "|---|---|---|---|", *rows]
    return _page([_ERRORS, "\n".join(table) + "\n"])


def commands_page() -> str:
    """The help of every command."""
    parts = [_COMMANDS]
    for context in _commands(
        click.Context(main, info_name="tavola", **_width(), **main.context_settings)
    ):
        text = context.command.get_help(context)
        lines = "\n".join(line.rstrip() for line in text.splitlines())
        parts.append(f"## {context.command_path}\n\n```text\n{lines}\n```\n")
    return _page(parts)


def model_page() -> str:
    """The entities with their keys and attributes, the access patterns, and the diagram."""
    diagram = f"## Diagram\n\n```mermaid\n{_model('mermaid')}```\n"
    return _page([_model("markdown"), diagram, _MODEL])


def costs_page() -> str:
    """What each use case costs, measured, and how that is counted."""
    prices = prices_of(Settings())
    rows = [
        f"| {' | '.join(map(shown, row))} |" for row in rows_of(run_async(measure(Shape())), prices)
    ]
    rule = "|---|" + "---:|" * (len(COLUMNS) - 1)
    table = [f"| {' | '.join(COLUMNS)} |", rule, *rows]
    return _page([_COSTS, "\n".join(table) + "\n", f"{prices_told(prices)}\n", _COUNTING])


def doctor_page() -> str:
    """What `tavola doctor` does, and each of its checks."""
    return _page(doctor_page_parts())


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
    "model.md": model_page,
    "costs.md": costs_page,
    "doctor.md": doctor_page,
    "table-workbench.json": lambda: _model("workbench"),
    "table-cloudformation.json": lambda: _model("cloudformation"),
}


def with_costs(page: str) -> str:
    """The page about Lambda with its tables of costs written anew, between their marks."""
    before, begin, rest = page.partition(_COSTS_BEGIN)
    _, end, after = rest.partition(_COSTS_END)
    return f"{before}{begin}\n{_monthly()}{end}{after}"


def _monthly() -> str:
    """What a month costs, for a few, for many, and for very many; and all that is assumed."""
    shape, prices = Shape(), prices_of(Settings())
    measured = Measured(shape, run_async(measure(shape)))
    asking, silent = (
        [bill(users, habits, measured, prices, Rates()) for users in _BILLED]
        for habits in (Habits(), Habits(hours=0))
    )
    rows = [
        ["**all**, in dollars", *(f"**{one.usd:,.0f}**" for one in asking)],
        *_services(asking),
        ["requests a second on average", *(f"{one.requests_a_second:,.1f}" for one in asking)],
        ["**all**, with a client that does not ask", *(f"**{one.usd:,.0f}**" for one in silent)],
    ]
    head = ["a month", *(f"{users:,} users" for users in _BILLED)]
    assumed = [[what, amount] for amount, what in assumptions(Habits())]
    told = f"{prices_told(prices)} The rest are {RATES_OF}."
    return "\n".join(
        (
            _markdown(head, rows),
            f"{told}\n",
            "What is assumed, for each user where it is about one:\n",
            _markdown(["what", "how much"], assumed),
        )
    )


def _services(bills: list[Bill]) -> list[list[str]]:
    """A row for each service, the dearest first."""
    known = [{line.service: line.usd for line in one.lines} for one in bills]
    names = [line.service for line in bills[-1].lines]
    return [[name, *(f"{one[name]:,.2f}" for one in known)] for name in names]


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table, numbers to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))


def write(folder: Path) -> None:
    """Write all pages into a folder, and what is written of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
    if (page_of_lambda := folder / "deploy.md").exists():
        text = page_of_lambda.read_text(encoding="utf-8")
        page_of_lambda.write_text(with_costs(text), encoding="utf-8")


def _model(form: str) -> str:
    return FORMATS[form](TABLE_NAME)


def _page(parts: list[str]) -> str:
    return "\n".join([_NOTE, *parts])


def _commands(context: click.Context) -> Iterator[click.Context]:
    """A command and all below it, in the order of their help."""
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below:
                inner = click.Context(below, info_name=name, parent=context, **_width())
                yield from _commands(inner)


def _width() -> dict[str, Any]:
    return {"terminal_width": HELP_COLUMNS, "max_content_width": HELP_COLUMNS}


def _flags() -> dict[str, list[str]]:
    """The flags of each setting, of `tavola` and of its commands."""
    found: dict[str, list[str]] = {}
    for context in _commands(click.Context(main, info_name="tavola")):
        for option in context.command.params:
            if option.name in Settings.__struct_fields__ and isinstance(option, click.Option):
                known = found.setdefault(option.name, [])
                known += [flag for flag in option.opts if flag not in known]
    return found


def _description(annotation: Any) -> str:
    """What the annotation of a setting says about it."""
    texts = [
        part.description
        for part in get_args(annotation)
        if isinstance(part, msgspec.Meta) and part.description
    ]
    if not texts and get_origin(annotation) is not None:
        texts = [_description(part) for part in get_args(annotation)]
    return next((text for text in texts if text), "")


def _default(value: Any) -> str:
    if value is None:
        return "unset"
    if value == ():
        return "none"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{value}`"


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
