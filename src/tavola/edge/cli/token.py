"""`tavola token`: tokens for host apps and for trying out the API."""

import time

import click

from tavola.app import Service, token_secret, with_secret
from tavola.core.ids import check_id
from tavola.core.times import from_epoch_ms
from tavola.edge.auth import Tokens
from tavola.edge.cli.common import as_json, command, on_store, run_async, settings_of
from tavola.edge.cli.output import print_json
from tavola.flows import users
from tavola.settings import Settings

DAYS_DEFAULT = 30
DAYS_MAX = 3_650
_DAY_S = 86_400.0


@command()
@click.argument("user")
@click.option("--admin", is_flag=True, help="May manage users and groups; USER may be any id.")
@click.option(
    "--days",
    type=click.IntRange(1, DAYS_MAX),
    default=DAYS_DEFAULT,
    show_default=True,
    help="How long it is valid.",
)
@as_json
def token(ctx: click.Context, /, user: str, *, admin: bool, days: int, as_json: bool) -> None:
    r"""Mint a token with which a host app calls for a user.

    USER is an id or @handle. Only the token is printed. It works beside a running server.

    \b
    tavola token @mira
    tavola token my-backend --admin --days 1
    curl -H "Authorization: Bearer $(tavola token @mira)" localhost:8080/api/v1/inbox
    """
    settings = run_async(with_secret(settings_of(ctx)))
    if admin and not user.startswith("@"):
        user_id = check_id(user, "user")
    else:
        user_id = on_store(settings, lambda service: _id_of(service, user))
    minted = _mint(settings, user_id, days, admin=admin)
    if as_json:
        expires_at = from_epoch_ms(round((time.time() + days * _DAY_S) * 1000))
        print_json({"token": minted, "user_id": user_id, "admin": admin, "expires_at": expires_at})
    else:
        click.echo(minted)


async def _id_of(service: Service, user: str) -> str:
    return (await service.run(users.find_user(user))).user_id


def _mint(settings: Settings, user_id: str, days: int, *, admin: bool) -> str:
    return Tokens(token_secret(settings)).mint(user_id, days * _DAY_S, admin=admin)
