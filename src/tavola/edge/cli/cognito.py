"""`tavola cognito`: the people of a Cognito user pool."""

import click

from tavola.app import Service, open_asking
from tavola.core import views
from tavola.edge.aws.services import COGNITO
from tavola.edge.cli.common import as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_json, print_table, safe
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cognito.pool import PoolAddress, PoolUser, address_of, list_pool
from tavola.edge.cognito.sync import Sync, SyncReport
from tavola.flows.identities import find_identity
from tavola.settings import Settings

SHOWN_MAX = 20  # unmatched people told in the terminal; --json has all


class PoolUserView(views.View, frozen=True):
    """A user of the pool; `user_id` is who they are here, if anybody."""

    username: str
    subject: str | None
    status: str
    enabled: bool
    user_id: str | None


@group()
def cognito() -> None:
    r"""See who is in a Cognito user pool, and make users of them here.

    The pool is the setting `issuer`. AWS credentials are found as for the store; they need
    cognito-idp:ListUsers on the pool.

    \b
    tavola cognito list-users
    tavola cognito sync --dry-run
    """


@command(cognito, "list-users")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def list_users(ctx: click.Context, /, *, limit: int | None, as_json: bool) -> None:
    r"""List the users of the pool, and who they are here.

    \b
    tavola cognito list-users
    tavola cognito list-users --limit 10 --json
    """
    settings = settings_of(ctx)
    address = _address(settings)
    found = on_store(settings, lambda service: _list(service, address, limit))
    if as_json:
        print_json({"users": found})
        return
    print_table(
        ("username", "subject", "status", "user here"),
        ((user.username, user.subject or "", _status(user), user.user_id or "") for user in found),
    )
    click.echo(f"{len(found):,} users, {sum(bool(user.user_id) for user in found):,} linked")


@command(cognito, writes=lambda flags: not flags["dry_run"])
@click.option("--match", metavar="ATTRIBUTE", help="The attribute that holds ids of users here.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@as_json
def sync(ctx: click.Context, /, *, match: str | None, dry_run: bool, as_json: bool) -> None:
    r"""Make users of all in the pool who are none yet, and link them.

    Who is linked stays as they are, so that repeating it changes nothing. Handles and addresses
    link nobody. Where the pool knows the ids of users here, --match names the attribute that holds
    them, as `sub` or `custom:user_id`, and those users are linked. It must be one that people
    cannot write themselves: whoever can is whom they like.

    Who is disabled, has not confirmed the sign-up, or names a user who is not there or is linked
    already, is listed and left out. On an embedded store, stop the server first.

    \b
    tavola cognito sync --dry-run
    tavola cognito sync --match custom:user_id --json
    """
    settings = settings_of(ctx)
    address = _address(settings)
    with progress() as shown:
        report = on_store(
            settings,
            lambda service: _sync(service, address, match, shown, dry_run=dry_run),
            write=not dry_run,
        )
    if as_json:
        print_json(report)
    else:
        _tell(report)


def _address(settings: Settings) -> PoolAddress:
    return address_of(settings.issuer, settings.cognito_endpoint)


async def _list(service: Service, address: PoolAddress, limit: int | None) -> list[PoolUserView]:
    found: list[PoolUserView] = []
    async with open_asking(COGNITO, address.region, address.endpoint) as ask:
        async for page in list_pool(ask, address.pool_id):
            found += [await _view(service, user, address.issuer) for user in page]
            if limit is not None and len(found) >= limit:
                break
    return found[:limit]


async def _view(service: Service, user: PoolUser, issuer: str) -> PoolUserView:
    subject = user.claims.get("sub")
    linked = await service.run(find_identity(issuer, subject)) if subject else None
    return PoolUserView(
        username=user.username,
        subject=subject,
        status=user.user_status,
        enabled=user.enabled,
        user_id=linked,
    )


async def _sync(
    service: Service, address: PoolAddress, match: str | None, shown: Lines, *, dry_run: bool
) -> SyncReport:
    async with open_asking(COGNITO, address.region, address.endpoint) as ask:
        return await Sync(address, service.run, match, dry_run=dry_run).all(ask, shown)


def _status(user: PoolUserView) -> str:
    return user.status if user.enabled else f"{user.status}, disabled"


def _tell(report: SyncReport) -> None:
    would = "would be " if report.dry_run else ""
    click.echo(
        f"{report.created:,} users {would}made, {report.linked:,} {would}linked, "
        f"{report.unchanged:,} were linked before."
    )
    if report.unmatched:
        click.echo(f"{len(report.unmatched):,} left out:")
        for one in report.unmatched[:SHOWN_MAX]:
            click.echo(f"  {safe(one.username)}: {safe(one.reason)}")
        if len(report.unmatched) > SHOWN_MAX:
            click.echo("  … --json lists all")
