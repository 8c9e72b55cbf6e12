"""`tavola postgres`: the users of a table in Postgres."""

import sys

import click

from tavola.app import Service, open_postgres, source_of
from tavola.core.errors import NotConfirmed
from tavola.edge.cli.common import EXIT_FAILED, as_json, command, group, on_store, settings_of
from tavola.edge.cli.confirm import is_attended
from tavola.edge.cli.output import print_json, safe
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.postgres.address import Source
from tavola.edge.postgres.sync import Sync, SyncReport
from tavola.edge.postgres.sync import erase_removed as erase
from tavola.settings import sqlite_path

SHOWN_MAX = 20  # bad rows, and removed ones, told in the terminal; --json has more


@group()
def postgres() -> None:
    r"""Bring the users of a table in Postgres here, and keep them so.

    The table and its columns are settings: postgres_table and postgres_…_column.

    \b
    tavola postgres sync postgresql://reader@db.example/app --dry-run
    tavola postgres sync
    """


@command(postgres, writes=lambda flags: not flags["dry_run"])
@click.argument("url", required=False)
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--erase-removed", is_flag=True, help="Erase users whose rows are gone, for ever.")
@click.option(
    "--erase-max",
    type=click.IntRange(0),
    metavar="N",
    help="Erase up to so many without asking.",
)
@as_json
def sync(
    ctx: click.Context,
    /,
    *,
    url: str | None,
    dry_run: bool,
    erase_removed: bool,
    erase_max: int | None,
    as_json: bool,
) -> None:
    r"""Make users of the rows of a table, and change those that differ from their row.

    Postgres is right about handles and display names, and about who somebody is at the issuer:
    what people change of these here is changed back. Rows that cannot be taken are listed, and the
    rest goes on; exit code 1 if there are any. Repeating it writes only what differs, and finishes
    what was interrupted. Without URL it is the setting postgres_url.

    Users who came from the table and are no longer in it are listed. With --erase-removed they are
    erased, once their number was typed, or is at most --erase-max. Where more are gone than are
    left, --erase-max does not do: the table may be the wrong one, or half empty.

    On an embedded store, stop the server first; --dry-run works beside it.

    \b
    tavola postgres sync postgresql://reader@db.example/app --dry-run
    tavola postgres sync --json
    tavola postgres sync --erase-removed --erase-max 20
    """
    settings = settings_of(ctx)
    source = source_of(settings, url)
    with progress() as shown:
        report = on_store(
            settings,
            lambda service: _sync(service, source, shown, dry_run=dry_run),
            write=not dry_run,
        )
    if not as_json:
        _tell(report)
    try:
        if erase_removed and report.removed and not dry_run:
            _confirm(report, erase_max)
            with progress() as shown:
                on_store(
                    settings, lambda service: _erase(service, source, report, shown), write=True
                )
    finally:
        if as_json:
            print_json(report)
        elif report.erased:
            click.echo(f"{report.erased:,} users erased.")
    if report.failed:
        sys.exit(EXIT_FAILED)


async def _sync(service: Service, source: Source, shown: Lines, *, dry_run: bool) -> SyncReport:
    async with open_postgres(source) as directory:
        syncing = Sync(service.run, source.name, service.settings.issuer, dry_run=dry_run)
        report = await syncing.all(directory, shown)
    if not dry_run:
        await _follow(service)
    return report


async def _erase(service: Service, source: Source, report: SyncReport, shown: Lines) -> None:
    async with open_postgres(source) as directory:
        await erase(service.run, source.name, directory, report, shown)
    await _follow(service)


async def _follow(service: Service) -> None:
    """Copies of names follow, where nobody else would see to it."""
    if sqlite_path(service.settings.store):
        await service.settle()


def _confirm(report: SyncReport, erase_max: int | None) -> None:
    """Raises `NotConfirmed` unless somebody means so many."""
    gone = len(report.removed)
    left = report.created + report.linked + report.updated + report.unchanged
    about = f"{gone:,} users are gone from Postgres, {left:,} are left"
    if erase_max is not None and gone <= erase_max and gone <= left:
        return
    if not is_attended():
        hint = "run this in a terminal to erase more than are left"
        if gone <= left:
            hint = f"if that is meant, say --erase-max {gone}"
        raise NotConfirmed(f"{about}; nobody was erased: {hint}.")
    click.echo(f"{about}.\nType the number of those to erase for ever: ", nl=False, err=True)
    if sys.stdin.readline().strip().replace(",", "") != str(gone):
        raise NotConfirmed(f"{about}; nobody was erased.")


def _tell(report: SyncReport) -> None:
    would = "would be " if report.dry_run else ""
    click.echo(
        f"{report.rows:,} rows: {report.created:,} users {would}made, {report.linked:,} {would}"
        f"linked, {report.updated:,} {would}changed, {report.unchanged:,} are as they should be."
    )
    _list(
        f"{report.failed:,} rows could not be taken:",
        [f"{row.uuid or 'without uuid'}: {row.reason} [{row.code}]" for row in report.bad_rows],
    )
    _list(
        f"{len(report.removed):,} users are gone from Postgres:",
        [one.id if one.id == one.uuid else f"{one.id}, row {one.uuid}" for one in report.removed],
    )


def _list(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(title)
        for line in lines[:SHOWN_MAX]:
            click.echo(f"  {safe(line)}")
        if len(lines) > SHOWN_MAX:
            click.echo("  … --json lists more")
