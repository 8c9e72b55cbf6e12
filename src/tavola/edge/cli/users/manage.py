"""`tavola users`: make, show, change and list them."""

import sys
from typing import Any
from urllib.parse import quote

import click
import msgspec

from tavola.app import Service
from tavola.core import limits, views
from tavola.core.errors import invalid
from tavola.edge import clock
from tavola.edge.auth import Passwords
from tavola.edge.cli.common import as_json, command, on_store, settings_of
from tavola.edge.cli.output import print_facts, print_json, print_table, safe, time_of
from tavola.edge.cli.remote import server_of_store
from tavola.edge.cli.users.group import users
from tavola.flows import users as flows


def _flags(given: dict[str, Any]) -> dict[str, Any]:
    """Those options that were given; an empty one removes."""
    kept = {name: value for name, value in given.items() if value is not None and value != ()}
    for name in ("location", "interests"):
        if kept.get(name) in ("", ("",)):
            kept[name] = None
    return kept


password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@command(users, writes=True)
@click.argument("handle")
@click.option("--name", help="The display name. [default: the handle]")
@click.option("--id", "user_id", help="The id. [default: a new one]")
@click.option("--location", help="Where they are.")
@click.option("--interest", "interests", multiple=True, help="An interest; may be repeated.")
@click.option("--admin", is_flag=True, help="May manage users and groups.")
@password_stdin
@click.option("--no-password", is_flag=True, help="Do not ask: only tokens sign them in.")
@as_json
def add(
    ctx: click.Context,
    /,
    *,
    name: str | None,
    password_stdin: bool,
    no_password: bool,
    as_json: bool,
    **record: Any,
) -> None:
    r"""Make a user. On a terminal the password is asked for; empty means none.

    It works beside a running server, which then makes the user.

    \b
    tavola users add mira --name "Mira Castellanos" --admin
    tavola users add ben --id app-4711 --no-password
    printf %s "$SECRET" | tavola users add ann --password-stdin
    """
    settings = settings_of(ctx)
    password = None if no_password else _password(from_stdin=password_stdin, optional=True)
    body = _body(name=name, password=password, **record)
    remote = server_of_store(settings)
    if remote:
        made = msgspec.convert(remote.request("POST", "/users", body), views.UserView)
    else:
        made = on_store(settings, lambda service: _add(service, body), write=True)
    if as_json:
        print_json(made)
    else:
        click.echo(f"Made {made.display_name} @{made.handle}, id {made.id}.")


@command(users, "set", writes=True)
@click.argument("user")
@click.option("--handle", help="Another handle; the old one is free again.")
@click.option("--name", "display_name", help="Another display name.")
@click.option("--location", help="Where they are; empty removes it.")
@click.option("--interest", "interests", multiple=True, help="All their interests; empty: none.")
@click.option("--admin/--no-admin", default=None, help="Whether they may manage users and groups.")
@as_json
def change(ctx: click.Context, /, user: str, *, as_json: bool, **changes: Any) -> None:
    r"""Change a user; what is not named stays as it is.

    It works beside a running server, which then changes them. Conversations show new names a
    moment later.

    \b
    tavola users set @mira --handle mira.c --name "Mira Castellanos"
    tavola users set app-4711 --admin
    tavola users set @mira --location "" --interest tides --interest tea
    """
    settings = settings_of(ctx)
    given = _flags(changes)
    found = on_store(settings, lambda service: service.run(flows.find_user(user)))
    remote = server_of_store(settings)
    if remote:
        body = remote.request("PATCH", f"/users/{quote(found.user_id)}", given)
        changed = msgspec.convert(body, views.UserView)
    else:
        changed = on_store(
            settings, lambda service: _change(service, found.user_id, given), write=True
        )
    if as_json:
        print_json(changed)
    else:
        click.echo(f"{safe(changed.display_name)} is @{changed.handle}, id {changed.id}.")


@command(users)
@click.argument("user")
@as_json
def show(ctx: click.Context, /, user: str, *, as_json: bool) -> None:
    r"""Show a user, by id or @handle.

    \b
    tavola users show @mira
    tavola users show app-4711 --json
    """
    found = on_store(settings_of(ctx), lambda service: service.run(flows.find_user(user)))
    view = views.user_of(found)
    if as_json:
        print_json(view)
        return
    interests = ", ".join(view.interests) if view.interests else None
    print_facts(
        (
            ("id", view.id),
            ("handle", f"@{view.handle}"),
            ("name", view.display_name),
            ("location", view.location),
            ("interests", interests),
            ("admin", "yes" if view.admin is True else None),
            ("since", time_of(found.created_at)),
        )
    )


@command(users, "list")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def list_users(ctx: click.Context, /, *, limit: int | None, as_json: bool) -> None:
    r"""List all users by name.

    \b
    tavola users list
    tavola users list --limit 10 --json
    """
    found = on_store(settings_of(ctx), lambda service: _list(service, limit))
    if as_json:
        print_json(views.UsersView(users=found))
        return
    columns = ("id", "handle", "name", "since", "")
    print_table(
        columns,
        (
            (
                user.id,
                f"@{user.handle}",
                user.display_name,
                time_of(user.created_at or None),
                "admin" if user.admin is True else "",
            )
            for user in found
        ),
    )
    click.echo(f"{len(found):,} users")


@command(users, writes=True)
@click.argument("user")
@password_stdin
@as_json
def password(ctx: click.Context, /, user: str, *, password_stdin: bool, as_json: bool) -> None:
    r"""Set a user's password; it is asked for. Their sessions end.

    It works beside a running server, which then sets it.

    \b
    tavola users password @mira
    printf %s "$SECRET" | tavola users password @mira --password-stdin
    """
    settings = settings_of(ctx)
    found = on_store(settings, lambda service: service.run(flows.find_user(user)))
    given = _password(from_stdin=password_stdin, optional=False) or ""
    remote = server_of_store(settings)
    if remote:
        path = f"/users/{quote(found.user_id)}/password"
        remote.request("PUT", path, {"password": given})
    else:
        on_store(settings, lambda service: _set_password(service, found.user_id, given), write=True)
    if as_json:
        print_json({"id": found.user_id, "handle": found.handle})
    else:
        click.echo(f"@{found.handle} has another password now.")


def _password(*, from_stdin: bool, optional: bool) -> str | None:
    """The password from where it is given; None for none."""
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        default = "" if optional else None
        what = "Password (empty for none)" if optional else "Password"
        given = click.prompt(what, default=default, hide_input=True, show_default=False)
        if given and given != click.prompt("Again", hide_input=True):
            raise invalid("password", "differs", "the two are not the same")
    else:
        given = ""
    if not given and not (optional and not from_stdin):
        raise invalid("password", "missing", "is missing; name --password-stdin and send one")
    return given or None


def _body(
    *,
    handle: str,
    user_id: str | None,
    name: str | None,
    location: str | None,
    interests: tuple[str, ...],
    admin: bool,
    password: str | None,
) -> dict[str, Any]:
    body = {
        "handle": handle,
        "id": user_id,
        "display_name": name if name is not None else handle.removeprefix("@"),
        "location": location,
        "interests": list(interests) or None,
        "admin": admin or None,
        "password": password,
    }
    return {field: value for field, value in body.items() if value is not None}


async def _add(service: Service, body: dict[str, Any]) -> views.UserView:
    given = body.get("password")
    password_hash = await Passwords().hash(given) if given is not None else None
    user = flows.new_user(
        body.get("id", clock.new_id()),
        body["handle"],
        body["display_name"],
        clock.now(),
        location=body.get("location"),
        interests=frozenset(body.get("interests", ())),
        admin=body.get("admin", False),
    )
    return views.user_of(await service.run(flows.create_user(user, password_hash)))


async def _change(service: Service, user_id: str, given: dict[str, Any]) -> views.UserView:
    profile = msgspec.convert(given, flows.Profile)
    return views.user_of(await service.run(flows.update_user(user_id, profile)))


async def _set_password(service: Service, user_id: str, given: str) -> None:
    password_hash = await Passwords().hash(given)
    await service.run(flows.set_password(user_id, password_hash, clock.now()))


async def _list(service: Service, limit: int | None) -> list[views.UserView]:
    """All users, a page after another: nothing stops at some number of them."""
    found: list[views.UserView] = []
    start: str | None = None
    while limit is None or len(found) < limit:
        page, start = await service.run(flows.list_users(limits.PAGE_MAX, start))
        found += map(views.user_of, page)
        if start is None:
            break
    return found[:limit]
