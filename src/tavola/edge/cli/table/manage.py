"""`tavola table create` and `drop`."""

from typing import TYPE_CHECKING

import click
import msgspec

from tavola.core.errors import TableProtected, invalid
from tavola.edge.cli.common import as_json, command, run_async, settings_of
from tavola.edge.cli.confirm import ask_for_name, check_answer, is_attended, place_of, yes_option
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.table.group import address_of, table
from tavola.settings import TableAddress

if TYPE_CHECKING:  # others need not wait for it
    from tavola.stores.dynamodb.creating import Made, Wanted


class Loss(msgspec.Struct):
    """What is gone with a table, as far as DynamoDB has counted it."""

    table: str
    items: int
    bytes: int
    backups: str


@command(table, writes=True)
@click.option("--read-units", type=click.IntRange(1), help="Provisioned reads a second.")
@click.option("--write-units", type=click.IntRange(1), help="Provisioned writes a second.")
@click.option(
    "--recovery/--no-recovery", default=True, help="Point-in-time recovery. [default: on]"
)
@click.option("--protect", is_flag=True, help="Protect the table from being deleted.")
@as_json
def create(
    ctx: click.Context,
    /,
    *,
    read_units: int | None,
    write_units: int | None,
    recovery: bool,
    protect: bool,
    as_json: bool,
) -> None:
    r"""Make the table on DynamoDB that the store setting names, and wait until it is there.

    It is on demand unless both units are named. It has a stream of both images of what changes,
    items expire by `expires_at`, and it can be restored to any moment of its last days.

    Of a table that is there already and Tavola's, it turns on what is missing of these, and
    changes nothing else. What an endpoint does not know is left, and told. An interrupted run is
    finished by repeating it.

    \b
    tavola --store 'dynamodb://chat?region=eu-west-1' table create --yes chat
    tavola --store 'dynamodb://chat?region=eu-west-1' table create --protect
    tavola --store 'dynamodb://chat?region=eu-west-1' table create --read-units 5 --write-units 5
    tavola --store 'dynamodb://chat?region=local&endpoint=http://127.0.0.1:8000' table create
    """
    from tavola.stores.dynamodb.creating import Wanted
    from tavola.stores.dynamodb.schema import Capacity

    address = address_of(settings_of(ctx), "its file is made by the first who writes it")
    if (read_units is None) != (write_units is None):
        raise invalid("units", "both", "name --read-units and --write-units, or neither")
    capacity = Capacity(read_units, write_units) if read_units and write_units else None
    with progress() as shown:
        made = run_async(_create(address, Wanted(capacity, recovery, protect), shown))
    if as_json:
        print_json({"table": address.table, **msgspec.structs.asdict(made)})
    else:
        _print_made(address, made)


async def _create(address: TableAddress, wanted: "Wanted", shown: Lines) -> "Made":
    from tavola.stores.dynamodb.connect import open_admin
    from tavola.stores.dynamodb.creating import make_table

    async with open_admin(address.region, address.endpoint) as admin:
        return await make_table(admin, address.table, wanted, lambda step: shown.stage(step, None))


def _print_made(address: TableAddress, made: "Made") -> None:
    place = place_of(address)
    if made.created:
        click.echo(f"Made {place}.")
    elif made.turned_on:
        click.echo(f"There was {place}; it lacked something.")
    else:
        click.echo(f"There was {place}; nothing was changed.")
    for one in made.turned_on:
        click.echo(f"  turned on: {one}")
    for one in made.left:
        click.echo(f"  left as it is: {one}")


@command(table)
@yes_option
@as_json
def drop(ctx: click.Context, /, *, yes: str | None, as_json: bool) -> None:
    r"""Delete the table on DynamoDB with all that is in it, and wait until it is gone.

    It first tells what will be lost, and asks for the table's name, on loopback too; `--yes NAME`
    answers that. A table that is not Tavola's, or is protected, is left alone.

    \b
    tavola --store 'dynamodb://chat?region=eu-west-1' table drop
    tavola --store 'dynamodb://chat?region=eu-west-1' table drop --yes chat
    """
    settings = settings_of(ctx)
    address = address_of(settings, "stop what has it open and delete the file by hand")
    about = f"This deletes {place_of(address)} for ever."
    if yes is not None or not is_attended():
        check_answer(address, yes, about)
    loss = run_async(_loss(address))
    click.echo(
        f"{place_of(address).capitalize()} has {loss.items:,} items, {loss.bytes:,} bytes, as "
        f"DynamoDB counted them in the last six hours.\n{loss.backups}",
        err=True,
    )
    if yes is None:
        ask_for_name(address, None, about)
    with progress() as shown:
        shown.stage("deleting", None)
        run_async(_drop(address))
    if as_json:
        print_json(loss)
    else:
        click.echo(f"Deleted {place_of(address)}.")


async def _loss(address: TableAddress) -> Loss:
    """What would be lost. Raises `StoreUnusable` and `TableProtected` for what must stay."""
    from tavola.stores.dynamodb.connect import open_admin
    from tavola.stores.dynamodb.described import ON, Unknown

    async with open_admin(address.region, address.endpoint) as admin:
        found = await admin.describe(address.table)
        await admin.check_ours(found)
        if found.protected:
            raise TableProtected(
                f"Table {found.name} is protected from being deleted; `aws dynamodb update-table "
                f"--table-name {found.name} --no-deletion-protection-enabled` ends that."
            )
        recovery = await admin.recovery(address.table)
    if isinstance(recovery, Unknown):
        backups = f"Whether anything can restore it is not known: {recovery.unknown}"
    elif recovery.status in ON:
        backups = "Point-in-time recovery is on: DynamoDB keeps a last backup of it for 35 days."
    else:
        backups = "Point-in-time recovery is off: only backups that you made yourself stay."
    return Loss(found.name, found.items, found.bytes, backups)


async def _drop(address: TableAddress) -> None:
    from tavola.stores.dynamodb.connect import open_admin

    async with open_admin(address.region, address.endpoint) as admin:
        await admin.drop(address.table)
