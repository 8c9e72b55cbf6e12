"""Endpoints of the table explorer: what the table declares, and its items as they are.

For admins, who see everything here but hashes of passwords. All of it only reads.
"""

from typing import Any

import msgspec

from tavola.core import explorer as views
from tavola.core import limits
from tavola.core.cursors import CursorKey
from tavola.core.errors import Forbidden, Invalid, NotFound, StoreThrottled, StoreTimeout
from tavola.core.items import Item, Key
from tavola.core.questions import build_read, continued, pages_on
from tavola.core.units import Units, usd_per_million
from tavola.edge.http import types
from tavola.edge.http.call import Call, Explorer, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import exploring

_ERRORS = (Forbidden, NotFound, StoreThrottled, StoreTimeout, Invalid)


@endpoint("GET", "/table", auth="admin", reply=views.TableView, errors=(Forbidden, NotFound))
async def get_table(call: Call[None, NoQuery]) -> Reply:
    """See what the table declares (admins)

    Its entities with their keys, its access patterns with their parameters, and what units cost.
    An installation can switch the explorer off; then it is not there.
    """
    explorer = _explorer(call)
    return Reply(views.table_view(explorer.store, explorer.prices))


@endpoint(
    "GET",
    "/table/items",
    auth="admin",
    query=types.PageQuery,
    reply=views.ItemsView,
    errors=_ERRORS,
)
async def list_items(call: Call[None, types.PageQuery]) -> Reply:
    """Read the whole table, page by page (admins)

    Items of one collection come one after another; on DynamoDB the collections come in no order.
    Reading on from `next` may lead to nothing.
    """
    explorer = _explorer(call)
    key = call.cursor_key("table")
    cursor = call.query.cursor
    start = Key(*key.open(cursor, 2)) if cursor is not None else None
    with explorer.measured() as spent:
        flow = exploring.scan(min(call.query.limit, limits.PAGE_MAX), start)
        page = await call.server.run(flow)
    return _page(explorer, page.items, key.seal(page.next) if page.next else None, spent.units)


@endpoint(
    "POST",
    "/table/query",
    auth="admin",
    body=types.AskBody,
    reply=views.ItemsView,
    errors=_ERRORS,
)
async def ask_table(call: Call[types.AskBody, NoQuery]) -> Reply:
    """Run an access pattern (admins)

    The query is the one that the server itself asks. Only those that read are run; a parameter is
    given as text, and one that is wrong is named in `errors`.
    """
    explorer = _explorer(call)
    body = call.body
    read = build_read(body.pattern, body.values)
    key = _cursor_key(call)
    if body.cursor is not None:
        read = continued(read, *key.open(body.cursor, 1))
    with explorer.measured() as spent:
        page = await call.server.run(exploring.ask(read))
    following = key.seal((page.next,)) if page.next and pages_on(body.pattern) else None
    return _page(explorer, page.items, following, spent.units)


def _explorer(call: Call[Any, Any]) -> Explorer:
    """What an admin may explore with; raises `Forbidden` for others, `NotFound` when it is off."""
    call.require_admin()
    if call.server.explorer is None:
        raise NotFound
    return call.server.explorer


def _cursor_key(call: Call[types.AskBody, NoQuery]) -> CursorKey:
    """A cursor continues the question that it was an answer to, and no other one."""
    question = [call.body.pattern, *sorted(call.body.values.items())]
    return call.cursor_key(f"table {msgspec.json.encode(question).decode()}")


def _page(explorer: Explorer, items: list[Item], following: str | None, spent: Units) -> Reply:
    return Reply(
        views.ItemsView(
            items=[views.view_of(item) for item in items],
            next=following,
            read_units=spent.read,
            usd_per_million=usd_per_million(spent, explorer.prices),
        )
    )
