"""`tavola model`: the declared table as other tools and people read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from tavola.core import model as forms
from tavola.core.items import Item
from tavola.edge import sample
from tavola.edge.cli.common import command, group, run_async
from tavola.settings import MEMORY, Settings

TABLE_NAME = "tavola"


def workbench(table_name: str) -> str:
    """For NoSQL Workbench, with the demo's items as sample."""
    made = f"{sample.MADE:%b %d, %Y, %I:%M %p}"
    return _json(forms.workbench(table_name, run_async(_sample()), made))


def cloudformation(table_name: str) -> str:
    """For CloudFormation."""
    return _json(forms.cloudformation(table_name))


FORMATS: dict[str, Callable[[str], str]] = {
    "workbench": workbench,
    "mermaid": lambda _: forms.mermaid(),
    "markdown": lambda _: forms.markdown(),
    "cloudformation": cloudformation,
}


@group()
def model() -> None:
    r"""Write the table's model for other tools and for people.

    \b
    tavola model export --format workbench tavola.json
    """


@command(model)
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    required=True,
    help="NoSQL Workbench, a diagram, a page, or a template that makes the table.",
)
@click.option("--name", default=TABLE_NAME, show_default=True, help="How the table is called.")
def export(_: click.Context, /, file: str, *, form: str, name: str) -> None:
    r"""Write the model into a file, or to standard output.

    It is what the table declares, not what is in a store: entities, keys, attributes and access
    patterns. The sample in the one for NoSQL Workbench is the demo's.

    \b
    tavola model export --format workbench tavola.json
    tavola model export --format mermaid > model.mmd
    tavola model export --format cloudformation --name chat table.json
    """
    text = FORMATS[form](name)
    if file == "-":
        click.echo(text, nl=False)
    else:
        Path(file).write_text(text, encoding="utf-8")
        click.echo(f"The {form} model is in {file}.")


async def _sample() -> list[Item]:
    from tavola.app import open_service

    async with open_service(Settings(store=MEMORY)) as service:
        return await sample.sample_items(service)


def _json(document: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
