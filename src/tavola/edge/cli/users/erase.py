"""`tavola users erase`: somebody is forgotten, and that nothing is left is looked at."""

import asyncio
import sys
import time
from urllib.parse import quote

import click
import msgspec

from tavola.app import Service
from tavola.core import limits, patterns, table
from tavola.core.errors import StoreTimeout
from tavola.core.ids import check_id
from tavola.core.items import Item
from tavola.core.operations import Page
from tavola.core.traces import trace_in
from tavola.edge import clock
from tavola.edge.cli.common import EXIT_FAILED, as_json, command, on_store, settings_of
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.remote import server_of_store
from tavola.edge.cli.reports import print_problems
from tavola.edge.cli.users.group import users
from tavola.edge.importers.report import Problem
from tavola.flows import erasing
from tavola.flows.users import find_user

_LOOK_S = 0.2  # between two looks at what a server's feed has left to do


class Erased(msgspec.Struct):
    """Who was erased, and what still tells of them."""

    id: str
    left: list[Problem]


@command(users, writes=True)
@click.argument("user")
@as_json
def erase(ctx: click.Context, /, user: str, *, as_json: bool) -> None:
    r"""Erase a user for ever: profile, handle, password, identities, groups, inbox, messages.

    What they wrote becomes deleted messages; direct conversations stay readable for the others,
    with a deleted user. The id is never given out again. It waits until all is done, and then
    looks through the whole store whether anything tells of them still; exit code 1 if so.

    It works beside a running server, whose feed then does it. Repeating it, with the id, finishes
    what was interrupted. The changes themselves are forgotten by the feed after 24 hours.

    \b
    tavola users erase @mira
    tavola users erase app-4711 --json
    """
    settings = settings_of(ctx)
    if user.startswith("@"):
        user_id = on_store(settings, lambda service: service.run(find_user(user))).user_id
    else:
        user_id = check_id(user)  # who is erased already is found by it, too
    remote = server_of_store(settings)
    with progress() as shown:
        if remote:
            remote.request("DELETE", f"/users/{quote(user_id)}", None)
            erased = on_store(settings, lambda service: _watch(service, user_id, shown))
        else:
            erased = on_store(settings, lambda service: _erase(service, user_id, shown), write=True)
    if as_json:
        print_json(erased)
    elif not erased.left:
        click.echo(f"{user_id} is erased, and nothing tells of them any more.")
    if erased.left:
        print_problems("items still tell of them", erased.left)
        sys.exit(EXIT_FAILED)


async def _erase(service: Service, user_id: str, shown: Lines) -> Erased:
    """Do it, and do away with what was written at that very moment."""
    await service.run(erasing.erase_user(user_id, clock.now()))
    shown.stage("erasing", None)
    while done := await service.run(erasing.erase_slice(user_id)):
        shown.advance(done)
    for conversation in {place for _, place in await _traces(service, user_id, shown) if place}:
        await service.run(erasing.erase_late(user_id, conversation))
    return await _look(service, user_id, shown)


async def _watch(service: Service, user_id: str, shown: Lines) -> Erased:
    """Wait until the server's feed has done it."""
    shown.stage("erasing", None)
    left: set[str] = set()
    moved_at = time.monotonic()
    while True:
        page: Page = await service.store.execute(
            patterns.traces_of_user(user_id, limits.ERASE_SLICE)
        )
        there = {item["sk"] for item in page.items}
        if not there:
            return await _look(service, user_id, shown)
        if there != left:
            shown.advance(len(left - there))
            left, moved_at = there, time.monotonic()
        if time.monotonic() - moved_at > limits.ERASE_WAIT_S:
            raise StoreTimeout(
                f"{user_id} is nobody now, but the server's feed does not do the rest; "
                "see `tavola feed status`, and repeat this with the id."
            )
        await asyncio.sleep(_LOOK_S)


async def _look(service: Service, user_id: str, shown: Lines) -> Erased:
    return Erased(user_id, [problem for problem, _ in await _traces(service, user_id, shown)])


async def _traces(service: Service, user_id: str, shown: Lines) -> list[tuple[Problem, str | None]]:
    """What still tells of somebody in the whole store, and in which conversation that is."""
    shown.stage("checking", None)
    found: list[tuple[Problem, str | None]] = []
    async for items in service.store.scan():
        for item in items:
            if trace := trace_in(item, user_id):
                problem = Problem(item["pk"], item["sk"], trace)
                found.append((problem, _conversation_of(item)))
        shown.advance(len(items))
    return found


def _conversation_of(item: Item) -> str | None:
    match item["type"]:
        case "Message":
            return table.MESSAGE.parse(item).conversation
        case "DirectUser":
            return table.DIRECT_USER.parse(item).conversation
        case _:
            return None
