"""`tavola table describe`: what the store is."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from tavola.core.errors import invalid
from tavola.edge.cli.common import as_json, command, run_async, settings_of
from tavola.edge.cli.output import print_facts, print_json
from tavola.edge.cli.table.group import COUNTED, table
from tavola.settings import TableAddress, dynamodb_address, sqlite_path
from tavola.stores.sqlite.describe import describe_file

if TYPE_CHECKING:  # others need not wait for it
    from tavola.stores.dynamodb.described import Described, Expiry, Recovery, Unknown


class TableFacts(msgspec.Struct):
    """All that is told of a table."""

    place: str
    table: "Described"
    tavolas: bool
    why_not: str | None
    expiry: "Expiry | Unknown"
    recovery: "Recovery | Unknown"


@command(table)
@as_json
def describe(ctx: click.Context, /, *, as_json: bool) -> None:
    r"""Show what the store is: its size, and how it is set up.

    Of a table on DynamoDB it shows status, keys, billing, stream, expiry, recovery, protection, and
    whether it is Tavola's. Of an embedded store it shows the file. It works beside a running
    server.

    \b
    tavola table describe
    tavola --store 'dynamodb://chat?region=eu-west-1' table describe --json
    """
    settings = settings_of(ctx)
    address = dynamodb_address(settings.store)
    if address is not None:
        facts = run_async(_describe(address))
        if as_json:
            print_json(_document(facts))
        else:
            _print_described(facts)
        return
    path = sqlite_path(settings.store)
    if path is None:
        raise invalid("store", "kept", f"{settings.store} keeps nothing that could be described")
    _print_file(path, as_json=as_json)


async def _describe(address: TableAddress) -> TableFacts:
    from tavola.stores.dynamodb.connect import open_admin

    async with open_admin(address.region, address.endpoint) as admin:
        found = await admin.describe(address.table)
        foreign, expiry, recovery = await asyncio.gather(
            admin.foreign(found), admin.expiry(found.name), admin.recovery(found.name)
        )
    return TableFacts(admin.place, found, foreign is None, foreign, expiry, recovery)


def _document(facts: TableFacts) -> dict[str, Any]:
    """The facts with those of the table among them; its keys tell less than the verdict."""
    document: dict[str, Any] = msgspec.to_builtins(facts)
    described: dict[str, Any] = document.pop("table")
    described.pop("foreign")
    return described | document


def _print_described(facts: TableFacts) -> None:
    found = facts.table
    print_facts(
        (
            ("table", f"{found.name} in {facts.place}"),
            ("status", found.status),
            ("Tavola's", "yes" if facts.tavolas else f"no: {facts.why_not}"),
            ("keys", ", ".join(f"{name} ({kind})" for name, kind in found.keys.items())),
            ("billing", _billing(found)),
            ("items", found.items),
            ("bytes", found.bytes),
            ("stream", _stream(found)),
            ("expiry", _expiry(facts.expiry)),
            ("recovery", _recovery(facts.recovery)),
            ("protection", "on" if found.protected else "off"),
        )
    )
    click.echo(COUNTED)


def _billing(found: "Described") -> str:
    if found.capacity is None:
        return "on demand"
    units = found.capacity
    return f"provisioned, {units.read_units:,} reads and {units.write_units:,} writes a second"


def _stream(found: "Described") -> str:
    if found.stream is None:
        return "off, so nothing can follow it; `tavola table create` turns it on"
    return f"{found.stream.view}, {found.stream.arn}"


def _expiry(expiry: "Expiry | Unknown") -> str:
    from tavola.stores.dynamodb.described import Unknown

    if isinstance(expiry, Unknown):
        return f"not known: {expiry.unknown}"
    by = f", by {expiry.attribute}" if expiry.attribute else ""
    return f"{expiry.status.lower()}{by}"


def _recovery(recovery: "Recovery | Unknown") -> str:
    from tavola.stores.dynamodb.described import Unknown

    if isinstance(recovery, Unknown):
        return f"not known: {recovery.unknown}"
    days = f", of the last {recovery.days} days" if recovery.days else ""
    return f"{recovery.status.lower()}{days}"


def _print_file(path: Path, *, as_json: bool) -> None:
    found = describe_file(path)
    if as_json:
        print_json(found)
        return
    print_facts(
        (
            ("file", found.path),
            ("bytes", found.bytes),
            ("items", found.items),
            ("changes kept", found.changes),
            ("schema", found.schema),
        )
    )
