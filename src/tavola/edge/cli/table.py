"""`tavola table`: the items as they are, decoded by what the table declares."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import click
import msgspec

from tavola.app import Service
from tavola.core import patterns
from tavola.core.items import Item
from tavola.core.operations import Page
from tavola.core.table import ENTITIES, UnknownItem, decode
from tavola.edge.cli.common import as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_json, safe
from tavola.flows.flow import Flow

HIDDEN = "(hidden)"
PAGE_ITEMS = 500


@group()
def table() -> None:
    r"""Look at the items of the table.

    \b
    tavola table scan --type Message --limit 20
    tavola table query 'USER#mira' --from INBOX# --to 'INBOX#~'
    """


@command(table)
@click.option("--type", "entity", type=click.Choice(list(ENTITIES)), help="Only these.")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def scan(ctx: click.Context, /, *, entity: str | None, limit: int | None, as_json: bool) -> None:
    r"""Show all items in key order (on DynamoDB, collection by collection), to the last one.

    It works beside a running server and shows what was there at one moment.

    \b
    tavola table scan
    tavola table scan --type User --json
    """
    shown = Shown(as_json=as_json, limit=limit)
    on_store(settings_of(ctx), lambda service: _scan(service, entity, shown))
    shown.end()


@command(table)
@click.argument("pk")
@click.option("--from", "low", default="", help="The lowest sort key.")
@click.option("--to", "high", default="", help="The highest sort key.")
@click.option("--reverse", is_flag=True, help="Highest first.")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def query(
    ctx: click.Context,
    /,
    pk: str,
    *,
    low: str,
    high: str,
    reverse: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    r"""Show the items of one partition key, in the order of their sort keys.

    \b
    tavola table query 'USER#mira'
    tavola table query 'DM#jonas#mira' --from 0 --to 9~ --reverse --limit 5
    """
    shown = Shown(as_json=as_json, limit=limit)

    async def ask(service: Service) -> None:
        start: str | None = None
        while not shown.full:
            page = await service.run(_page(pk, low, high, reverse=reverse, start=start))
            for item in page.items:
                shown.add(item)
            start = page.next
            if start is None:
                return

    on_store(settings_of(ctx), ask)
    shown.end()


class Shown:
    """Prints items as they come: a table may have millions."""

    def __init__(self, *, as_json: bool, limit: int | None) -> None:
        self._as_json = as_json
        self._limit = limit
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether as many are shown as were asked for."""
        return self._limit is not None and self._count >= self._limit

    def add(self, item: Item) -> None:
        """Show an item unless there are enough."""
        if self.full:
            return
        decoded = decoded_item(item)
        if self._as_json:
            opening = ",\n  " if self._count else '{"items": [\n  '
            click.echo(opening + msgspec.json.encode(decoded).decode(), nl=False)
        else:
            click.echo(_line(decoded))
        self._count += 1

    def end(self) -> None:
        """Close what is open, and count."""
        if not self._as_json:
            click.echo(f"{self._count:,} items")
        elif self._count:
            click.echo("\n]}")
        else:
            print_json({"items": []})


def decoded_item(item: Item) -> dict[str, Any]:
    """An item's key and type with its record's fields; never a password's hash."""
    place = {name: item.get(name) for name in ("pk", "sk", "type", "v")}
    try:
        fields = msgspec.structs.asdict(decode(item))
    except (UnknownItem, ValueError) as error:
        raw = {name: value for name, value in item.items() if name not in place}
        return {**place, "unreadable": str(error), **({} if "hash" in raw else raw)}
    if item["type"] == "Password":
        fields["hash"] = HIDDEN
    told = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in fields.items()
        if value is not None
    }
    return place | told


async def _scan(service: Service, entity: str | None, shown: Shown) -> None:
    slices: AsyncIterator[list[Item]] = service.store.scan()
    async for items in slices:
        for item in items:
            if entity in (None, item["type"]):
                shown.add(item)
        if shown.full:
            return
        await asyncio.sleep(0)


def _page(pk: str, low: str, high: str, *, reverse: bool, start: str | None) -> Flow[Page]:
    page: Page = yield patterns.read_collection(
        pk, low, high, PAGE_ITEMS, reverse=reverse, start=start
    )
    return page


def _line(decoded: dict[str, Any]) -> str:
    kind = click.style(f"{decoded['type']}", bold=True)
    rest = {name: value for name, value in decoded.items() if name not in ("pk", "sk", "type", "v")}
    key = click.style(f"{safe(decoded['pk'])}  {safe(decoded['sk'])}", fg="cyan")
    return f"{key}  {kind}  {safe(msgspec.json.encode(rest).decode())}"
