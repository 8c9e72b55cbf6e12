"""`tavola feed`: how far the change feed has come, and deriving again what it writes."""

import sys

import click

from tavola.app import Service
from tavola.edge.cli.common import EXIT_FAILED, as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_facts, print_json, safe, time_of
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.reports import LINES_MAX, print_problems
from tavola.edge.feed.rebuild import Report, look
from tavola.edge.feed.rebuild import rebuild as rebuild_all
from tavola.edge.feed.status import (
    Aside,
    LocalStatus,
    StreamStatus,
    asides,
    forget,
    local_status,
    stream_status,
)
from tavola.stores.memory import MemoryStore
from tavola.stores.sqlite import SQLiteStore


@group()
def feed() -> None:
    r"""See how far the change feed has come, and derive again what it writes.

    \b
    tavola feed status
    tavola feed rebuild --dry-run
    """


@command(feed)
@as_json
def status(ctx: click.Context, /, *, as_json: bool) -> None:
    r"""Show how far the feed has come, and the changes that were set aside.

    It works beside a running server. A checkpoint is written at most every five seconds, so the
    lag of a busy server is a little less than what is shown. Of a table on DynamoDB it shows
    which worker is at work, and its place in each shard of the stream.

    \b
    tavola feed status
    tavola feed status --json
    """
    shown = on_store(settings_of(ctx), _status)
    if as_json:
        print_json(shown)
        return
    if isinstance(shown, LocalStatus):
        _print_local(shown)
    else:
        _print_stream(shown)
    _print_set_aside(shown.set_aside)


@command(feed, writes=lambda flags: not flags["dry_run"])
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@as_json
def rebuild(ctx: click.Context, /, *, dry_run: bool, as_json: bool) -> None:
    r"""Derive inboxes, copied names and senders' markers again from logs and users.

    Every conversation gets its one place in the inbox of each of its users, by the `bucket` that
    is set now; names and markers that are behind are moved on. What is right stays as it is:
    repeating it changes nothing, and finishes what was interrupted. Stop the server first; with
    `--dry-run` nothing is written, so the server may run, and what its feed has still to do
    counts.

    \b
    tavola feed rebuild
    tavola feed rebuild --dry-run --json
    """
    settings = settings_of(ctx)
    with progress() as shown:
        if dry_run:
            report = on_store(settings, lambda service: _look(service, shown))
        else:
            report = on_store(settings, lambda service: _rebuild(service, shown), write=True)
    if as_json:
        print_json(report)
    else:
        _print_report(report, dry_run=dry_run)
    if report.unreadable:
        print_problems("item collections could not be read", report.unreadable)
        sys.exit(EXIT_FAILED)


async def _look(service: Service, shown: Lines) -> Report:
    return await look(service.store, service.run, service.settings.bucket, shown)


async def _rebuild(service: Service, shown: Lines) -> Report:
    """The feed first does what it still has to do. What was set aside before is then done."""
    shown.stage("feed", None)
    await service.settle()
    before = await asides(service.store)
    report = await rebuild_all(service.store, service.run, service.settings.bucket, shown)
    if not report.unreadable:
        await forget(service.store, before)
    return report


def _print_report(report: Report, *, dry_run: bool) -> None:
    if not report.mended:
        click.echo("Nothing to do: everything is right.")
    elif dry_run:
        click.echo("Nothing was written. A rebuild would make these changes:")
    print_facts(
        (
            ("conversations", report.conversations),
            ("users", report.users),
            ("pointers put", report.pointers_put),
            ("pointers removed", report.pointers_removed),
            ("names copied", report.names_copied),
            ("markers moved", report.markers_moved),
        )
    )


async def _status(service: Service) -> LocalStatus | StreamStatus:
    store = service.store
    if isinstance(store, SQLiteStore | MemoryStore):
        return await local_status(store)
    return await stream_status(store)


def _print_local(status: LocalStatus) -> None:
    checkpoint = status.checkpoint
    print_facts(
        (
            ("last change", status.last_change),
            ("checkpoint", checkpoint.position if checkpoint else "none yet"),
            ("written at", time_of(checkpoint.at) if checkpoint else None),
            ("lag", status.lag),
            ("set aside", len(status.set_aside)),
        )
    )


def _print_stream(status: StreamStatus) -> None:
    worker = status.worker
    reading = [shard for shard in status.shards if not shard.ended]
    print_facts(
        (
            ("worker", worker.owner if worker else "none; start one with `tavola worker`"),
            ("seen at", time_of(worker.at) if worker else None),
            ("shards", len(reading)),
            ("set aside", len(status.set_aside)),
        )
    )
    for shard in reading:
        click.echo(f"  {shard.shard} up to {shard.sequence} at {time_of(shard.at)}")


def _print_set_aside(found: list[Aside]) -> None:
    for aside in found[:LINES_MAX]:
        click.echo(f"  {aside.change} at {time_of(aside.at)}: {safe(aside.error)}")
    if len(found) > LINES_MAX:
        click.echo(f"  … and {len(found) - LINES_MAX:,} more; --json lists all")
