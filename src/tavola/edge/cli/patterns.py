"""`tavola patterns`: the access patterns, as they are declared, and run on the store."""

from typing import NamedTuple

import click
from msgspec.structs import replace

from tavola.app import Service
from tavola.core import limits
from tavola.core.errors import invalid
from tavola.core.operations import Get, Query
from tavola.core.patterns import PATTERNS
from tavola.core.patterns.params import AccessPattern
from tavola.core.questions import build_read, question
from tavola.core.units import Units, usd_per_million
from tavola.edge.cli.common import as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_json, print_table
from tavola.edge.cli.prices import price_fact
from tavola.edge.cli.table.shown import Shown
from tavola.edge.decoded import decoded_item
from tavola.flows import exploring
from tavola.settings import prices_of
from tavola.stores.stats import measured


@group()
def patterns() -> None:
    r"""Show the access patterns, what each asks and costs, and run them.

    \b
    tavola patterns list
    tavola patterns run get_user user_id=mira
    """


@command(patterns, "list")
@as_json
def list_patterns(_: click.Context, /, *, as_json: bool) -> None:
    r"""List every question and every write that is asked of the table.

    Each has its key condition, the index that it needs, and its promised cost in DynamoDB's
    request units for items under 1 KB. The JSON also has the parameters of those that can be run.

    \b
    tavola patterns list
    tavola patterns list --json
    """
    declared = list(PATTERNS.values())
    if as_json:
        print_json({"patterns": declared})
        return
    rows = ((one.name, one.question, one.key, one.index or "none", one.units) for one in declared)
    print_table(("pattern", "question", "key condition", "index", "units"), rows)


@command(patterns)
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]…")
@click.option("--limit", type=click.IntRange(1), help="Page on until so many items are shown.")
@click.option("--all", "to_the_end", is_flag=True, help="Page on to the last item.")
@as_json
def run(
    ctx: click.Context,
    /,
    name: str,
    values: tuple[str, ...],
    *,
    limit: int | None,
    to_the_end: bool,
    as_json: bool,
) -> None:
    r"""Ask an access pattern, and show items, units and price.

    On DynamoDB the units are those that it charges, elsewhere those that it would. Without --limit
    and --all it is one page. A pattern without all its parameters tells which it has.

    \b
    tavola patterns run get_handle handle=mira
    tavola patterns run read_messages conversation=dm:jonas:mira low=1 high=50
    tavola patterns run inbox_pointers user_id=mira --limit 5 --json
    """
    settings = settings_of(ctx)
    read = build_read(name, _texts(values, limit, question(name)))
    shown = Shown(as_json=as_json, limit=limit)
    pages_on = to_the_end or limit is not None
    answer = on_store(
        settings, lambda service: _ask(service, read, shown, limit=limit, pages_on=pages_on)
    )
    prices = prices_of(settings)
    if as_json:
        price = usd_per_million(answer.units, prices)
        told = {"usd_per_million": price, "prices": prices.told, "next": answer.next}
        shown.end(read_units=answer.units.read, **told)
        return
    shown.end(read_units=answer.units.read)
    click.echo(price_fact(answer.units, prices))
    if answer.next is not None:
        click.echo("There may be more; --all shows it.")


class Answer(NamedTuple):
    """What a question consumed, and the sort key behind which there may be more."""

    units: Units
    next: str | None


async def _ask(
    service: Service, read: Get | Query, shown: Shown, *, limit: int | None, pages_on: bool
) -> Answer:
    """Show what a read answers: one page, or all until enough is shown."""
    left = limit
    with measured() as spent:
        while True:
            page = await service.run(exploring.ask(read))
            items = page.items[:left]
            for item in items:
                shown.add(decoded_item(item))
            if left is not None:
                left -= len(items)
            following = page.next if len(items) == len(page.items) else items[-1]["sk"]
            if isinstance(read, Get) or following is None or left == 0 or not pages_on:
                return Answer(spent.units, following)
            read = replace(read, start=following)


def _texts(values: tuple[str, ...], limit: int | None, asked: AccessPattern) -> dict[str, str]:
    """What is said of each parameter; who wants few items is asked for no larger page."""
    texts: dict[str, str] = {}
    for value in values:
        name, is_said, text = value.partition("=")
        if not is_said or name in texts:
            raise invalid(name or "parameter", "form", "must be said once, as PARAMETER=VALUE")
        texts[name] = text
    if limit is not None and any(param.name == "limit" for param in asked.params):
        texts.setdefault("limit", str(min(limit, limits.QUERY_ITEMS_MAX)))
    return texts
