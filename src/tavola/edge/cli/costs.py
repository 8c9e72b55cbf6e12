"""`tavola costs`: what each use case costs on DynamoDB, in units and dollars."""

from collections.abc import Sequence
from typing import TypeVar

import click
from msgspec import to_builtins

from tavola.core import limits
from tavola.core.units import Prices, usd_per_million
from tavola.edge.bill import RATES_OF, Bill, Habits, Measured, Rates, assumptions, bill
from tavola.edge.cli.common import NumberRange, as_json, command, run_async, settings_of
from tavola.edge.cli.output import print_json, print_table
from tavola.edge.cli.prices import usd
from tavola.edge.costs import BODY_BYTES, MEMBERS, Shape, UseCase, measure_use_cases
from tavola.flows.flow import Flow
from tavola.settings import prices_of
from tavola.stores import port
from tavola.stores.memory import MemoryStore
from tavola.stores.stats import measured

T = TypeVar("T")

BILL_COLUMNS = ("service", "a month", "USD")
COLUMNS = ("use case", "RRU", "WRU", "feed RRU", "feed WRU", "USD a million")
USERS_MAX = 1_000_000_000
MEMBERS_MAX = 5_000  # takes some seconds: each of them joins


@command()
@click.option(
    "--message-bytes",
    type=click.IntRange(1, limits.BODY_CODE_POINTS_MAX),
    default=BODY_BYTES,
    show_default=True,
    help="How long messages are.",
)
@click.option(
    "--members",
    type=click.IntRange(1, MEMBERS_MAX),
    default=MEMBERS,
    show_default=True,
    help="How many the group has.",
)
@click.option(
    "--users",
    type=click.IntRange(1, USERS_MAX),
    metavar="N",
    help="What a month on Lambda costs instead, with so many active users.",
)
@click.option(
    "--hours",
    type=NumberRange(0, 24),
    default=Habits().hours,
    show_default=True,
    help="With --users: hours a day that an active one has the web UI on the screen.",
)
@as_json
def costs(
    ctx: click.Context,
    /,
    *,
    message_bytes: int,
    members: int,
    users: int | None,
    hours: float,
    as_json: bool,
) -> None:
    r"""Show what each use case costs on DynamoDB, in units and dollars.

    Measured, not looked up: the use cases run on a small world in memory, whatever the store, and
    what they read and write is counted as DynamoDB counts it. The feed is what follows behind a
    request: inboxes, names, read markers.

    With `--users` it computes what a month on Lambda costs, service by service, and shows all that
    it assumes. The web UI asks every few seconds for what is new: its hours decide. 0 is for apps
    that ask only when somebody opens something.

    \b
    tavola costs
    tavola costs --message-bytes 2000 --members 500
    tavola costs --users 10000 --hours 0.25
    tavola costs --json
    """
    shape = Shape(message_bytes, members)
    prices = prices_of(settings_of(ctx))
    use_cases = run_async(measure(shape))
    if users is not None:
        habits = Habits(hours=hours)
        found = bill(users, habits, Measured(shape, use_cases), prices, Rates())
        _print_bill(found, habits, as_json=as_json)
        return
    if as_json:
        print_json(_document(shape, prices, use_cases))
        return
    print_table(COLUMNS, rows_of(use_cases, prices))
    click.echo(f"\nMessages of {message_bytes:,} bytes. {prices_told(prices)}")


async def measure(shape: Shape) -> list[UseCase]:
    """The use cases, on a world in memory."""
    store = MemoryStore()

    async def run(flow: Flow[T]) -> T:
        return await port.run(flow, store)

    return await measure_use_cases(store, run, measured, shape)


def rows_of(use_cases: Sequence[UseCase], prices: Prices) -> list[tuple[object, ...]]:
    """A row for each use case, under `COLUMNS`."""
    return [
        (one.told, *one.request, *one.feed, usd_per_million(one.units, prices)) for one in use_cases
    ]


def _print_bill(found: Bill, habits: Habits, *, as_json: bool) -> None:
    if as_json:
        print_json({**to_builtins(found), "assumptions": to_builtins(habits), "rates_of": RATES_OF})
        return
    print_table(BILL_COLUMNS, bill_rows(found))
    click.echo(f"\n{found.requests_a_second:,.1f} requests a second on average. Assumed:")
    print_table(("", "what"), list(assumptions(habits)))
    click.echo(f"\nPrices of DynamoDB are those of the settings, others {RATES_OF}.")


def bill_rows(found: Bill) -> list[tuple[str, str, str]]:
    """A row for each service and one for all, under `BILL_COLUMNS`."""
    rows = [(line.service, line.amount, f"{line.usd:,.2f}") for line in found.lines]
    return [*rows, ("all", f"of {found.users:,} users", f"{found.usd:,.2f}")]


def prices_told(prices: Prices) -> str:
    """What the dollars are counted with."""
    return (
        f"A million read units (RRU) cost {usd(prices.read_usd)}, write units (WRU) "
        f"{usd(prices.write_usd)}: {prices.told}."
    )


def _document(shape: Shape, prices: Prices, use_cases: Sequence[UseCase]) -> dict[str, object]:
    return {
        **shape._asdict(),
        "prices": prices._asdict(),
        "use_cases": [
            {
                "name": one.name,
                "told": one.told,
                "request": one.request._asdict(),
                "feed": one.feed._asdict(),
                "usd_per_million": usd_per_million(one.units, prices),
            }
            for one in use_cases
        ],
    }
