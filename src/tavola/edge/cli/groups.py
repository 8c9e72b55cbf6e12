"""`tavola groups`: groups and their members.

On an embedded store that a server has open, the server does the writing.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click
import msgspec

from tavola.app import Service
from tavola.core import limits, views
from tavola.edge import clock
from tavola.edge.cli.common import as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_facts, print_json, print_table, safe, time_of
from tavola.edge.cli.remote import server_of_store
from tavola.flows import groups as flows
from tavola.flows import listing
from tavola.flows.access import Asker, see_group
from tavola.flows.flow import Flow
from tavola.flows.users import find_user

OPERATOR = Asker("tavola-command", admin=True)

visibility_option = click.option("--private/--listed", default=None, help="Who sees it.")
limit_option = click.option(
    "--limit", type=click.IntRange(1), help="At most so many. [default: all]"
)


@group()
def groups() -> None:
    r"""Make, show, rename and delete groups, and let people in and out.

    \b
    tavola groups add choir --name "The Choir" --admin @mira
    tavola groups members choir
    """


@command(groups, writes=True)
@click.argument("group_id", metavar="ID")
@click.option("--name", help="The name. [default: the id]")
@click.option("--admin", "first", help="Its first member and admin, by id or @handle.")
@visibility_option
@as_json
def add(ctx: click.Context, /, group_id: str, *, as_json: bool, **record: Any) -> None:
    r"""Make a group.

    \b
    tavola groups add choir --name "The Choir" --admin @mira
    tavola groups add board --private
    """
    body = {
        "id": group_id,
        "name": record["name"] if record["name"] is not None else group_id,
        "visibility": "private" if record["private"] else "listed",
    }
    if record["first"]:  # unknown, they would leave a group without its admin
        on_store(settings_of(ctx), lambda service: service.run(find_user(record["first"])))
    made = _write(ctx, "POST", "/groups", body, lambda: _add(body))
    if record["first"]:
        _let_in(ctx, group_id, record["first"], {"role": "admin"})
    view = msgspec.convert(made, views.GroupView)
    if as_json:
        print_json(view)
    else:
        click.echo(f"Made {safe(view.name)}, id {view.id}.")


@command(groups)
@click.argument("group_id", metavar="ID")
@as_json
def show(ctx: click.Context, /, group_id: str, *, as_json: bool) -> None:
    r"""Show a group.

    \b
    tavola groups show choir
    """
    settings = settings_of(ctx)
    seen = on_store(settings, lambda service: service.run(see_group(OPERATOR, group_id)))
    view = views.group_of(seen.group)
    if as_json:
        print_json(view)
        return
    facts = ("id", view.id), ("name", view.name), ("visibility", view.visibility)
    print_facts((*facts, ("since", time_of(view.created_at)), ("by", seen.group.created_by)))


@command(groups, "list")
@limit_option
@as_json
def list_groups(ctx: click.Context, /, *, limit: int | None, as_json: bool) -> None:
    r"""List all groups by name.

    \b
    tavola groups list
    tavola groups list --limit 10 --json
    """
    found = on_store(settings_of(ctx), lambda service: _pages(service, limit, _page_of_groups))
    rows = [views.named_group_of(one) for one in found]
    if as_json:
        print_json(views.GroupsView(groups=rows, next=None))
        return
    print_table(("id", "name", "visibility"), ((one.id, one.name, one.visibility) for one in rows))
    click.echo(f"{len(rows):,} groups")


@command(groups)
@click.argument("group_id", metavar="ID")
@limit_option
@as_json
def members(ctx: click.Context, /, group_id: str, *, limit: int | None, as_json: bool) -> None:
    r"""List a group's members in the order of their ids.

    \b
    tavola groups members choir
    tavola groups members choir --limit 10 --json
    """

    def page(size: int, start: str | None) -> Flow[Any]:
        return listing.list_members(OPERATOR, group_id, size, start)

    found = on_store(settings_of(ctx), lambda service: _pages(service, limit, page))
    rows = [views.member_of(one) for one in found]
    if as_json:
        print_json(views.MembersView(users=rows, next=None))
        return
    print_table(
        ("id", "handle", "name", "since", ""),
        (
            (one.id, f"@{one.handle}", one.display_name, time_of(one.joined_at), _told(one.role))
            for one in rows
        ),
    )
    click.echo(f"{len(rows):,} members")


@command(groups, writes=True)
@click.argument("group_id", metavar="ID")
@click.argument("user")
@click.option("--role", type=click.Choice(["member", "admin"]), help="[default: as they are]")
@click.option("--no-history", is_flag=True, help="A new member does not see what was written.")
@as_json
def join(
    ctx: click.Context,
    /,
    group_id: str,
    user: str,
    *,
    role: str | None,
    no_history: bool,
    as_json: bool,
) -> None:
    r"""Make a user a member, by id or @handle, or give a member another role.

    \b
    tavola groups join choir @mira --role admin
    tavola groups join choir app-4711 --no-history
    """
    body = {"role": role, "history": "none" if no_history else "all"}
    view = _let_in(ctx, group_id, user, body)
    if as_json:
        print_json(view)
    else:
        since = time_of(view.joined_at)
        click.echo(f"{view.user_id} is in {view.group_id} since {since}, as {view.role}.")


@command(groups, writes=True)
@click.argument("group_id", metavar="ID")
@click.argument("user")
@as_json
def leave(ctx: click.Context, /, group_id: str, user: str, *, as_json: bool) -> None:
    r"""Take a user out of a group, by id or @handle; no error where they are not in it.

    \b
    tavola groups leave choir @mira
    """
    path = f"/groups/{quote(group_id, safe='')}/users/{quote(user, safe='')}"
    _write(
        ctx, "DELETE", path, None, lambda: flows.remove_user(OPERATOR, group_id, user, clock.now())
    )
    if as_json:
        print_json({"group_id": group_id, "user": user, "member": False})
    else:
        click.echo(f"{safe(user)} is not in {safe(group_id)}.")


@command(groups, writes=True)
@click.argument("group_id", metavar="ID")
@click.argument("name", required=False)
@visibility_option
@as_json
def rename(
    ctx: click.Context, /, group_id: str, name: str | None, *, private: bool | None, as_json: bool
) -> None:
    r"""Give a group another name, or list it or make it private.

    \b
    tavola groups rename choir "The New Choir"
    tavola groups rename choir --private
    """
    body: dict[str, Any] = {} if name is None else {"name": name}
    if private is not None:
        body["visibility"] = "private" if private else "listed"

    def change() -> Flow[Any]:
        return _change(group_id, msgspec.convert(body, flows.Change))

    path = f"/groups/{quote(group_id, safe='')}"
    view = msgspec.convert(_write(ctx, "PATCH", path, body, change), views.GroupView)
    if as_json:
        print_json(view)
    else:
        click.echo(f"{view.id} is {safe(view.name)}, {view.visibility}.")


@command(groups, writes=True)
@click.argument("group_id", metavar="ID")
@click.option("--purge", is_flag=True, help="With all that was written in it.")
@as_json
def delete(ctx: click.Context, /, group_id: str, *, purge: bool, as_json: bool) -> None:
    r"""Delete a group. Its id is never free again; its members are out of it.

    \b
    tavola groups delete choir
    tavola groups delete choir --purge
    """
    log = "purge" if purge else "keep"
    path = f"/groups/{quote(group_id, safe='')}?log={log}"

    def gone() -> Flow[None]:
        return flows.delete_group(OPERATOR, group_id, clock.now(), purge=purge)

    _write(ctx, "DELETE", path, None, gone)
    if as_json:
        print_json({"id": group_id, "deleted": True, "log": log})
    else:
        click.echo(f"Deleted {safe(group_id)}.")


def _write(
    ctx: click.Context, method: str, path: str, body: Any, flow: Callable[[], Flow[Any]]
) -> Any:
    """Through the server that has the store open; else here, to the end of the feed."""
    settings = settings_of(ctx)
    remote = server_of_store(settings)
    if remote:
        return remote.request(method, path, body)

    async def work(service: Service) -> Any:
        done = await service.run(flow())
        await service.settle()
        return msgspec.to_builtins(done)

    return on_store(settings, work, write=True)


def _let_in(
    ctx: click.Context, group_id: str, user: str, body: dict[str, Any]
) -> views.MembershipView:
    wish = msgspec.convert(body, flows.Wish)

    def flow() -> Flow[views.MembershipView]:
        member = yield from flows.add_user(OPERATOR, group_id, user, wish, clock.now())
        return views.membership_of(member)

    path = f"/groups/{quote(group_id, safe='')}/users/{quote(user, safe='')}"
    return msgspec.convert(_write(ctx, "PUT", path, body, flow), views.MembershipView)


def _add(body: dict[str, Any]) -> Flow[views.GroupView]:
    made_by = OPERATOR.user_id
    record = flows.new_group(body["id"], body["name"], made_by, clock.now(), body["visibility"])
    return views.group_of((yield from flows.create_group(record)))


def _change(group_id: str, change: flows.Change) -> Flow[views.GroupView]:
    return views.group_of((yield from flows.update_group(OPERATOR, group_id, change)).group)


def _page_of_groups(size: int, start: str | None) -> Flow[listing.Names]:
    return listing.list_groups(OPERATOR, size, start=start)


async def _pages(
    service: Service, limit: int | None, page: Callable[[int, str | None], Flow[Any]]
) -> list[Any]:
    """All rows of a list, a page after another."""
    found: list[Any] = []
    start: str | None = None
    while limit is None or len(found) < limit:
        rows, start = await service.run(page(limits.PAGE_MAX, start))
        found += rows
        if start is None:
            break
    return found[:limit]


def _told(role: str) -> str:
    return "admin" if role == "admin" else ""
