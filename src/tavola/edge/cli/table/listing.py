"""`tavola table list`: the tables of a region or endpoint, and which are Tavola's."""

import asyncio
from typing import TYPE_CHECKING

import click
import msgspec

from tavola.core import limits
from tavola.core.errors import StoreDenied, TableMissing
from tavola.edge.cli.common import as_json, command, run_async, settings_of
from tavola.edge.cli.output import print_json, print_table
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.table.group import COUNTED, address_of, table
from tavola.settings import TableAddress

if TYPE_CHECKING:  # others need not wait for it
    from tavola.stores.dynamodb.admin import Admin


class Listed(msgspec.Struct):
    """A line of the list. Of a table that may not be looked at only the name is known."""

    name: str
    status: str | None = None
    items: int | None = None
    bytes: int | None = None
    tavolas: bool | None = None
    why_not: str | None = None


@command(table, "list")
@as_json
def list_tables(ctx: click.Context, /, *, as_json: bool) -> None:
    r"""List all tables beside the one that the store setting names, and which are Tavola's.

    They are those of its region and endpoint. A table is Tavola's when its keys are, and something
    of what it holds; an empty one with these keys may be.

    \b
    tavola --store 'dynamodb://chat?region=eu-west-1' table list
    tavola --store 'dynamodb://chat?region=eu-west-1' table list --json
    """
    address = address_of(settings_of(ctx), "there is one table, and `table describe` shows it")
    with progress() as shown:
        listed = run_async(_list(address, shown))
    if as_json:
        print_json({"tables": listed})
        return
    columns = ("table", "status", "items", "bytes", "Tavola's")
    print_table(columns, map(_row, listed))
    click.echo(f"{len(listed):,} tables. {COUNTED}")


async def _list(address: TableAddress, shown: Lines) -> list[Listed]:
    """Every table; those that go while this looks are left out."""
    from tavola.stores.dynamodb.connect import open_admin

    async with open_admin(address.region, address.endpoint) as admin:
        names = await admin.names()
        shown.stage("tables", len(names))
        gate = asyncio.Semaphore(limits.TABLES_AT_ONCE)

        async def look(name: str) -> Listed | None:
            async with gate:
                listed = await _look(admin, name)
            shown.advance()
            return listed

        listed = await asyncio.gather(*map(look, names))
    return [one for one in listed if one is not None]


async def _look(admin: "Admin", name: str) -> Listed | None:
    try:
        found = await admin.describe(name)
        foreign = await admin.foreign(found)
    except TableMissing:
        return None
    except StoreDenied:
        return Listed(name, why_not="it may not be looked at")
    return Listed(name, found.status, found.items, found.bytes, foreign is None, foreign)


def _row(listed: Listed) -> tuple[object, ...]:
    whose = "yes" if listed.tavolas else listed.why_not
    counts = ("" if n is None else f"{n:,}" for n in (listed.items, listed.bytes))
    return (listed.name, listed.status or "", *counts, whose)
