"""`tavola import`: from Slack, and from what `tavola export` wrote."""

from pathlib import Path

import click

from tavola.app import Service, open_store
from tavola.edge import clock
from tavola.edge.cli.bulk import closing, let_feed_settle
from tavola.edge.cli.common import as_json, command, group, on_store, run_async, settings_of
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.reports import print_report
from tavola.edge.importers.report import Report
from tavola.edge.importers.slack.archive import Archive, open_archive
from tavola.edge.importers.slack.load import import_slack
from tavola.edge.importers.slack.plan import Plan, make_plan
from tavola.edge.transfer.copying import Filled, Pace, fill
from tavola.edge.transfer.jsonl import LinesSource, check, spooled
from tavola.settings import Settings


@group("import")
def imports() -> None:
    r"""Bring in a Slack export, or what `tavola export` wrote.

    \b
    tavola import slack export.zip
    tavola import jsonl backup.jsonl
    """


@command(imports, writes=True)
@click.argument("file", metavar="ZIP", type=click.Path(path_type=Path))
@as_json
def slack(ctx: click.Context, /, file: Path, *, as_json: bool) -> None:
    r"""Import a Slack workspace's export, with its original times.

    Users keep Slack's ids and names; channels, private channels and group DMs become groups, DMs
    direct conversations. Joins, bots and the like become system messages. A text above 4,000
    characters is cut, and listed. What is imported counts as read.

    The zip is checked whole before the first write. What cannot be read is counted and listed. An
    interrupted import is finished by repeating it; repeating a finished one changes nothing. Stop
    the server first.

    \b
    tavola import slack export.zip
    tavola --store sqlite:////srv/t.db import slack export.zip --json
    """
    settings = settings_of(ctx)
    with progress() as shown, open_archive(file) as archive:
        archive.check(shown)
        plan = make_plan(archive)
        report = on_store(
            settings, lambda service: _import(service, archive, plan, shown), write=True
        )
    print_report(report, as_json=as_json)


async def _import(service: Service, archive: Archive, plan: Plan, shown: Lines) -> Report:
    report = await import_slack(service, archive, plan, clock.now(), shown)
    shown.stage("inboxes", None)
    await service.settle()
    return report


@command(imports, writes=True)
@click.argument("file", type=click.Path(allow_dash=True))
@as_json
def jsonl(ctx: click.Context, /, file: str, *, as_json: bool) -> None:
    r"""Import what `tavola export` wrote into an empty store, equal item by item.

    The file is checked whole before the first write. An interrupted import is finished by
    repeating it; repeating a finished one changes nothing. Passwords are not in exports: set them
    again with `tavola users password`. Stop the server first.

    \b
    tavola --store sqlite:///new.db import jsonl backup.jsonl
    tavola export - | tavola --store sqlite:///copy.db import jsonl -
    """
    settings = settings_of(ctx)
    with progress() as shown, spooled(file) as lines:
        filled = run_async(_fill(settings, check(lines, shown), shown))
        let_feed_settle(settings, shown)
    if as_json:
        print_json({"items": filled.items})
    elif filled.ended_before:
        click.echo(f"Nothing to import: all {filled.items:,} items were imported before.")
    else:
        click.echo(f"{filled.items:,} items imported.")


async def _fill(settings: Settings, source: LinesSource, shown: Lines) -> Filled:
    async with closing(open_store(settings, write=True)) as store:
        return await fill(store, source, Pace(), clock.now, shown)
