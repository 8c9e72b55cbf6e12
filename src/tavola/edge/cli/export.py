"""`tavola export`: everything as lines of JSON."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from tavola.edge.cli.common import as_json, command, on_store, settings_of
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import progress
from tavola.edge.transfer.jsonl import FORMATS, replacing, write_items


@command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="jsonl",
    show_default=True,
    help="For `tavola import`, or for DynamoDB's import from S3.",
)
@as_json
def export(ctx: click.Context, /, file: str, *, form: str, as_json: bool) -> None:
    r"""Write everything into a file, a line of JSON for each item.

    It works beside a running server and holds what was there at one moment; of a DynamoDB table
    each item as it was when it was read. The file is written whole or not at all, and only its
    owner may read it. Passwords are left out.

    \b
    tavola export backup.jsonl
    tavola export - | gzip > backup.jsonl.gz
    tavola export table.json --format dynamodb-json
    """
    settings = settings_of(ctx)
    opened = nullcontext(sys.stdout.buffer) if file == "-" else replacing(Path(file))
    with progress() as shown, opened as lines:
        items = on_store(
            settings, lambda service: write_items(service.store, lines, shown, FORMATS[form])
        )
    if as_json and file != "-":
        print_json({"items": items, "file": file})
    else:
        click.echo(f"{items:,} items exported.", err=file == "-")
