"""`tavola copy`: everything from one store into another, and whether both are the same."""

import sys

import click
import msgspec
from msgspec.structs import replace

from tavola.app import open_still, open_store
from tavola.core.errors import invalid
from tavola.edge import clock
from tavola.edge.cli.bulk import closing, let_feed_settle
from tavola.edge.cli.common import EXIT_FAILED, as_json, command, run_async, settings_of
from tavola.edge.cli.confirm import confirm_table, yes_option
from tavola.edge.cli.output import print_json, safe, time_of
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.reports import LINES_MAX, print_problems
from tavola.edge.transfer.comparing import Comparison, Place, compare
from tavola.edge.transfer.copying import Filled, Pace, StoreSource, check_whole, fill
from tavola.settings import MEMORY, Settings, dynamodb_address, store_name
from tavola.stores.sqlite import SQLiteStore


class Copied(msgspec.Struct, omit_defaults=True):
    """What a copy came to, and what a comparison found."""

    copied: Filled
    verified: Comparison | None = None


@command()
@click.option("--from", "source", required=True, metavar="URL", help="The store to copy.")
@click.option("--to", "target", required=True, metavar="URL", help="An empty one to copy it into.")
@click.option("--rate", type=click.IntRange(1), metavar="N", help="At most N items a second.")
@click.option("--verify", is_flag=True, help="Then compare both, item by item.")
@yes_option
@as_json
def copy(
    ctx: click.Context,
    /,
    *,
    source: str,
    target: str,
    rate: int | None,
    verify: bool,
    yes: str | None,
    as_json: bool,
) -> None:
    r"""Copy a whole store into an empty one.

    From SQLite to DynamoDB, back, or between two alike; URLs are those of `--store`. Every item is
    copied as it is, passwords too, so that people can go on where they were; only the state of
    the change feed stays. Stop the servers of both first: a SQLite source is locked meanwhile, of
    a table nobody can be kept from writing. A new table is made with `tavola table create`.

    What was interrupted goes on where it was when it is repeated, and a finished copy is not made
    again. `--verify` looks up each item of one store in the other, both ways; what is missing,
    different or only in the copy is listed, and the exit code is then 1.

    \b
    tavola copy --from sqlite:///tavola.db --to 'dynamodb://chat?region=eu-west-1' --verify
    tavola copy --from 'dynamodb://chat?region=eu-west-1' --to sqlite:///back.db --rate 500
    """
    settings = settings_of(ctx)
    original, new = _stores(settings, source, target)
    confirm_table(dynamodb_address(target), yes)
    with progress() as shown:
        done = run_async(_copy(original, new, Pace.at(rate), shown, verify=verify))
        let_feed_settle(new, shown)
    if as_json:
        print_json(done)
    else:
        _print(done)
    if done.verified and not done.verified.identical:
        sys.exit(EXIT_FAILED)


def _stores(settings: Settings, source: str, target: str) -> tuple[Settings, Settings]:
    for option, url in (("from", source), ("to", target)):
        if url == MEMORY:
            raise invalid(option, "store", "must be a store that lasts")
    if store_name(source) == store_name(target):
        raise invalid("to", "store", "must be another store than --from")
    return replace(settings, store=source), replace(settings, store=target)


async def _copy(
    original: Settings, new: Settings, pace: Pace, shown: Lines, *, verify: bool
) -> Copied:
    async with closing(open_still(original)) as source:
        revision = str(source.newest_change()) if isinstance(source, SQLiteStore) else None
        named = StoreSource(store_name(original.store), revision, source)
        await check_whole(source, named.name)
        async with closing(open_store(new, write=True)) as target:
            done = Copied(await fill(target, named, pace, clock.now, shown))
            if verify:
                done.verified = await compare(source, target, shown)
    return done


def _print(done: Copied) -> None:
    filled = done.copied
    if filled.ended_before:
        when = time_of(filled.ended_before)
        click.echo(f"Nothing to copy: all {filled.items:,} items were copied by {when}.")
    elif filled.copied < filled.items:
        click.echo(f"{filled.copied:,} items copied, {filled.items:,} in all.")
    else:
        click.echo(f"{filled.items:,} items copied.")
    print_problems("are no items that this version knows, and copied as they are", filled.unknown)
    if done.verified:
        _print_comparison(done.verified)


def _print_comparison(found: Comparison) -> None:
    if found.identical:
        click.echo(f"Both are the same: {found.items:,} items.")
    _print_places("missing in the copy", found.missing)
    _print_places("different", found.different)
    _print_places("only in the copy", found.only_in_copy)


def _print_places(what: str, places: list[Place]) -> None:
    if not places:
        return
    click.echo(f"{len(places):,} {what}:")
    for place in places[:LINES_MAX]:
        click.echo(f"  {safe(place.pk)}  {safe(place.sk)}")
    if len(places) > LINES_MAX:
        click.echo(f"  … and {len(places) - LINES_MAX:,} more; --json lists all")
