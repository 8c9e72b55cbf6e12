"""`tavola table partiql`: a SELECT as DynamoDB understands it."""

import re

import click

from tavola.core.errors import TableMissing, invalid
from tavola.edge.cli.common import as_json, command, run_async, settings_of
from tavola.edge.cli.table.group import address_of, table
from tavola.edge.cli.table.shown import Shown
from tavola.edge.decoded import decoded_part
from tavola.settings import TableAddress

READ_ITEMS_MIN = 100  # at a time: a filter may let only few of them through

_SELECT = re.compile(r"\s*SELECT\b", re.IGNORECASE)


@command(table)
@click.argument("statement")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def partiql(ctx: click.Context, /, statement: str, *, limit: int | None, as_json: bool) -> None:
    r"""Show what a PartiQL statement selects, all pages of it, and what that consumed.

    Whole items are decoded; of a projection the attributes are shown as they are. A SELECT whose
    WHERE does not name the partition key reads the whole table. Statements that write are
    refused: they would go by the rules that keep the items right.

    \b
    tavola table partiql "SELECT * FROM chat WHERE pk = 'USER#mira'"
    tavola table partiql "SELECT sk, body FROM chat WHERE pk = 'DM#jonas#mira' AND sk < 'A'"
    tavola table partiql 'SELECT * FROM "my-chat"' --limit 10 --json
    """
    address = address_of(settings_of(ctx), "`tavola table query` shows what a key has")
    if not _SELECT.match(statement):
        raise invalid("statement", "select", "must be a SELECT; writing goes by the API")
    shown = Shown(as_json=as_json, limit=limit)
    read_units = run_async(_select(address, statement, limit, shown))
    shown.end(read_units=read_units)


async def _select(address: TableAddress, statement: str, limit: int | None, shown: Shown) -> float:
    """Show what is selected; the units that it consumed."""
    from tavola.stores.dynamodb.connect import open_admin

    at_once = None if limit is None else max(limit, READ_ITEMS_MIN)
    consumed = 0.0
    async with open_admin(address.region, address.endpoint) as admin:
        await admin.check_ours(await admin.describe(address.table))
        try:
            async for items, units in admin.select(statement, at_once):
                consumed += units.read
                for item in items:
                    shown.add(decoded_part(item))
                if shown.full:
                    break
        except TableMissing:
            raise TableMissing(
                f"The statement names a table that is not there; this one is {address.table}."
            ) from None
    return consumed
