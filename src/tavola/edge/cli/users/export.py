"""`tavola users export`: everything of one person."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from tavola.app import Service
from tavola.edge.cli.common import as_json, command, on_store, settings_of
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import progress
from tavola.edge.cli.users.group import users
from tavola.edge.transfer.jsonl import replacing
from tavola.edge.transfer.personal import write_person
from tavola.flows.users import find_user


@command(users)
@click.argument("user")
@click.argument("file", type=click.Path(allow_dash=True))
@as_json
def export(ctx: click.Context, /, user: str, file: str, *, as_json: bool) -> None:
    r"""Write everything of a person into a file: what a person may ask for.

    Their profile, identities, memberships, the groups that they left, their read markers, and what
    they wrote, a line of JSON for each item. Nothing that others wrote, and no password. The file
    is written whole or not at all, and only its owner may read it. It works beside a running
    server.

    \b
    tavola users export @mira mira.jsonl
    tavola users export app-4711 - | gzip > app-4711.jsonl.gz
    """
    settings = settings_of(ctx)
    opened = nullcontext(sys.stdout.buffer) if file == "-" else replacing(Path(file))
    with progress() as shown, opened as lines:

        async def write(service: Service) -> int:
            found = await service.run(find_user(user))
            return await write_person(service.run, found.user_id, lines, shown)

        items = on_store(settings, write)
    if as_json and file != "-":
        print_json({"items": items, "file": file})
    else:
        click.echo(f"{items:,} items exported.", err=file == "-")
