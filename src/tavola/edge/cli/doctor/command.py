"""The command: what is asked, and whether this may write."""

import sys
from typing import Any

import click

from tavola.app import source_of
from tavola.core import limits
from tavola.core.errors import invalid
from tavola.edge.cli.common import (
    EXIT_FAILED,
    NumberRange,
    as_json,
    command,
    run_async,
    settings_of,
)
from tavola.edge.cli.confirm import check_answer, confirm_table, is_on_loopback, yes_option
from tavola.edge.cli.doctor.shown import print_report
from tavola.edge.cli.doctor.stack import account_of, visit_stack
from tavola.edge.cli.doctor.visit import Wish, visit
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import progress
from tavola.edge.cognito.pool import address_of
from tavola.edge.doctor.report import Report
from tavola.settings import Settings, dynamodb_address

SEGMENTS_MAX = 64


@command()
@click.option("--fix", is_flag=True, help="Mend what has one right answer, and look again.")
@click.option("--dry-run", is_flag=True, help="Write nothing, also with --fix.")
@click.option("--cognito", is_flag=True, help="Compare handles with those of the user pool.")
@click.option(
    "--postgres",
    is_flag=False,
    flag_value="",
    metavar="[URL]",
    help="Compare handles with those of a table in Postgres; without URL that of the setting.",
)
@click.option(
    "--aws",
    "stage",
    metavar="STAGE",
    help="Look at what is deployed on AWS as this stage, instead of at items.",
)
@click.option(
    "--region",
    envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
    help="With --aws: where. [default: that of the store]",
)
@click.option(
    "--wait",
    "wait_s",
    type=NumberRange(0, 3_600),
    default=limits.DOCTOR_WAIT_S,
    show_default=True,
    help="At most so many seconds for the feed to catch up.",
)
@click.option(
    "--segments",
    type=click.IntRange(1, SEGMENTS_MAX),
    default=1,
    help="On DynamoDB: read so many parts of the table side by side. [default: 1]",
)
@click.option("--rate", type=click.IntRange(1), metavar="N", help="Read at most N items a second.")
@click.option("--all", "show_all", is_flag=True, help="Show every finding, not only the first.")
@yes_option
@as_json
def doctor(
    ctx: click.Context,
    /,
    *,
    stage: str | None,
    region: str | None,
    show_all: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    r"""Look for what is wrong in the store, say what it means, and mend it.

    It looks at every item and at what must be true of several: both halves of a membership, handles
    and names, inboxes, logs without gaps, identities, and that nothing is left of who is deleted.
    The feed catches up first. The exit code is 1 when something is wrong.

    Without `--fix` nothing is mended, and it works beside a running server. With it, stop the
    server of an embedded store first. What has one right answer is mended, then all is looked at
    again; the rest is shown. The page doctor.md has each check.

    With `--aws` it looks at what `make deploy` has made instead: stack, functions, table, stream,
    queue, secret, issuer and alarms. It asks AWS, and writes nothing.

    \b
    tavola doctor
    tavola doctor --fix
    tavola doctor --cognito --json
    tavola doctor --postgres
    tavola doctor --aws prod --region eu-west-1
    tavola --store 'dynamodb://chat?region=eu-west-1' doctor --segments 8 --rate 2000
    """
    settings = settings_of(ctx)
    if stage is not None:
        report = _stack(settings, stage, region, **asked)
        mend = False
    else:
        wish = _wish(settings, **asked)
        mend = wish.mend
        with progress() as shown:
            report = visit(settings, wish, shown)
    if as_json:
        print_json(report)
    else:
        print_report(report, mend=mend, shown_max=None if show_all else limits.DOCTOR_TOLD)
    if not report.clean:
        sys.exit(EXIT_FAILED)


def _stack(
    settings: Settings,
    stage: str,
    region: str | None,
    *,
    fix: bool,
    cognito: bool,
    postgres: str | None,
    **_: Any,
) -> Report:
    if fix or cognito or postgres is not None:
        raise invalid("aws", "alone", "looks at the stack alone; look at the items without --aws")
    account = account_of(settings, stage, region)
    with progress() as shown:
        return run_async(visit_stack(account, shown))


def _wish(
    settings: Settings,
    *,
    yes: str | None,
    fix: bool,
    dry_run: bool,
    cognito: bool,
    postgres: str | None,
    **paced: Any,
) -> Wish:
    """What an examination is to do; `paced` is what `Wish` takes as it is."""
    mend = fix and not dry_run
    pool = address_of(settings.issuer, settings.cognito_endpoint) if cognito else None
    source = source_of(settings, postgres) if postgres is not None else None
    follows = _may_write(settings, yes, mend=mend)
    return Wish(mend=mend, follows=follows, pool=pool, source=source, **paced)


def _may_write(settings: Settings, yes: str | None, *, mend: bool) -> bool:
    """Whether this may write: a table elsewhere where it is confirmed, anything else anyway.

    Raises `NotConfirmed` where it must.
    """
    address = dynamodb_address(settings.store)
    if address is None or is_on_loopback(address):
        return True
    if mend:
        confirm_table(address, yes)
    elif yes is not None:
        check_answer(address, yes, "The feed is followed only where this may write.")
    return mend or yes is not None
