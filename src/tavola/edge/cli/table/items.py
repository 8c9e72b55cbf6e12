"""`tavola table scan` and `query`: the items as they are."""

import asyncio
import sys

import click

from tavola.app import Service
from tavola.core import limits, patterns
from tavola.core.items import Item, Key
from tavola.core.operations import Page, ScanPage
from tavola.core.table import ENTITIES
from tavola.edge.cli.common import as_json, command, on_store, settings_of
from tavola.edge.cli.progress import Lines, Silent, progress
from tavola.edge.cli.table.group import table
from tavola.edge.cli.table.shown import Shown
from tavola.edge.decoded import decoded_item
from tavola.flows.flow import Flow
from tavola.settings import dynamodb_address

PAGE_ITEMS = 500
SEGMENTS_MAX = 64


@command(table)
@click.option("--type", "entity", type=click.Choice(list(ENTITIES)), help="Only these.")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@click.option(
    "--segments",
    type=click.IntRange(1, SEGMENTS_MAX),
    default=1,
    help="On DynamoDB: read so many parts of the table side by side. [default: 1]",
)
@as_json
def scan(
    ctx: click.Context,
    /,
    *,
    entity: str | None,
    limit: int | None,
    segments: int,
    as_json: bool,
) -> None:
    r"""Show all items, to the last one.

    It works beside a running server. Of an embedded store it shows what was there at one moment,
    in key order. DynamoDB answers each item as it is when it is read, item collections in no
    order, and charges half a unit for each started 4 KB.

    \b
    tavola table scan
    tavola table scan --type User --json
    tavola --store 'dynamodb://chat?region=eu-west-1' table scan --segments 8 --json > items.json
    """
    settings = settings_of(ctx)
    shown = Shown(as_json=as_json, limit=limit)
    with Silent() if sys.stdout.isatty() else progress() as told:
        told.stage("scanning", None)
        sink = _Sink(shown, entity, told)
        on_store(settings, lambda service: _read(service, sink, segments))
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
                shown.add(decoded_item(item))
            start = page.next
            if start is None:
                return

    on_store(settings_of(ctx), ask)
    shown.end()


class _Sink:
    """Takes in what a scan reads, and shows those of a type."""

    def __init__(self, shown: Shown, entity: str | None, told: Lines) -> None:
        self._shown = shown
        self._entity = entity
        self._told = told

    def take(self, items: list[Item]) -> bool:
        """Show items; whether there are enough."""
        for item in items:
            if self._entity in (None, item.get("type")):
                self._shown.add(decoded_item(item))
        self._told.advance(len(items))
        return self._shown.full


async def _read(service: Service, sink: _Sink, segments: int) -> None:
    if dynamodb_address(service.settings.store):
        await _segments(service, sink, segments)
    else:
        await _all(service, sink)


async def _all(service: Service, sink: _Sink) -> None:
    async for items in service.store.scan():
        if sink.take(items):
            return
        await asyncio.sleep(0)


async def _segments(service: Service, sink: _Sink, segments: int) -> None:
    """Read the segments side by side; one that has shown enough ends all of them."""
    enough = asyncio.Event()

    async def walk(segment: int) -> None:
        start: Key | None = None
        while not enough.is_set():
            page = await service.run(_scan(start, segment, segments))
            if sink.take(page.items):
                enough.set()
            start = page.next
            if start is None:
                return

    await asyncio.gather(*map(walk, range(segments)))


def _scan(start: Key | None, segment: int, segments: int) -> Flow[ScanPage]:
    page: ScanPage = yield patterns.scan_table(limits.SCAN_ITEMS_MAX, start, segment, segments)
    return page


def _page(pk: str, low: str, high: str, *, reverse: bool, start: str | None) -> Flow[Page]:
    page: Page = yield patterns.read_collection(
        pk, low, high, PAGE_ITEMS, reverse=reverse, start=start
    )
    return page
