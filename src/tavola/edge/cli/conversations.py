"""`tavola conversations`: what a user's inbox holds, and what was said."""

import re
from collections.abc import AsyncIterator
from typing import Any

import click
from msgspec import UNSET
from msgspec.structs import replace

from tavola.app import Service
from tavola.core import limits, times, views
from tavola.core.errors import invalid
from tavola.core.items import Item
from tavola.core.operations import Read, Request
from tavola.edge.cli.common import as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_json, print_table, safe, time_of
from tavola.flows import reading
from tavola.flows.flow import Flow
from tavola.flows.inbox import Ask, Position, read_inbox
from tavola.flows.reading import Window
from tavola.flows.users import find_user
from tavola.stores.port import Store, run

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PREVIEW_CHARS = 60


@group()
def conversations() -> None:
    r"""List and read conversations.

    \b
    tavola conversations list @mira
    tavola conversations read dm:jonas:mira --limit 10
    """


@command(conversations, "list")
@click.argument("user")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@as_json
def list_conversations(
    ctx: click.Context, /, user: str, *, limit: int | None, as_json: bool
) -> None:
    r"""List a user's conversations, newest activity first, with what is unread.

    \b
    tavola conversations list @mira
    tavola conversations list app-4711 --limit 20 --json
    """
    rows = on_store(settings_of(ctx), lambda service: _inbox(service, user, limit))
    if as_json:
        print_json(views.InboxView(conversations=rows, next=None))
        return
    columns = ("conversation", "title", "unread", "newest (UTC)", "")
    print_table(columns, map(_row, rows))
    click.echo(f"{len(rows):,} conversations")


@command(conversations)
@click.argument("conversation")
@click.option("--as", "user", help="As this user sees it. [default: all that there is]")
@click.option("--year", type=click.IntRange(1, 9999), help="Of this year (UTC).")
@click.option("--from", "from_", help="From this time or day on, as 2018-11-04 or RFC 3339.")
@click.option("--to", help="Up to this time or day.")
@click.option("--before", type=click.IntRange(0), help="Before this number.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=limits.PAGE_DEFAULT,
    show_default=True,
    help="The newest so many of them.",
)
@as_json
def read(
    ctx: click.Context, /, conversation: str, *, user: str | None, as_json: bool, **bounds: Any
) -> None:
    r"""Read a conversation, `dm:A:B` or `group:ID`. Nobody is marked as having read it.

    \b
    tavola conversations read dm:jonas:mira
    tavola conversations read group:sunday-table --as @aiko --from 2026-11-01 --to 2026-11-07
    tavola conversations read dm:jonas:mira --year 2026 --limit 1000 --json
    """
    window = _window(**bounds)
    page = on_store(settings_of(ctx), lambda service: _read(service, conversation, user, window))
    if as_json:
        print_json(page)
    else:
        _print_messages(page)


async def _inbox(service: Service, user: str, limit: int | None) -> list[views.ConversationView]:
    """All rows, a page after another, without mending what a reader finds stale."""
    store = Untouched(service.store)
    user_id = (await service.run(find_user(user))).user_id
    rows: list[views.ConversationView] = []
    after: Position | None = None
    while limit is None or len(rows) < limit:
        ask = Ask(user_id, limits.PAGE_MAX, service.settings.bucket)
        page = await run(read_inbox(ask, after), store)
        rows += page.rows
        after = page.next
        if after is None:
            break
    return rows[:limit]


class Untouched:
    """A store that answers reads, and lets repairs be."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: Request) -> Any:
        """See `Store.execute`."""
        if isinstance(request, tuple):
            return [await self.execute(operation) for operation in request]
        if isinstance(request, Read):
            return await self._store.execute(request)
        return None

    def scan(self) -> AsyncIterator[list[Item]]:
        """See `Store.scan`."""
        return self._store.scan()


async def _read(
    service: Service, conversation: str, user: str | None, window: Window
) -> views.MessagesView:
    """As many pages as the limit takes, as one."""
    user_id = (await service.run(find_user(user))).user_id if user else None
    page = await service.run(_page(conversation, user_id, window, window.limit))
    messages = list(page.messages)
    people = {person.id: person for person in page.users or ()}
    while page.more_before and len(messages) < window.limit:
        older = _before(window, messages[-1].seq)
        page = await service.run(_page(conversation, user_id, older, window.limit - len(messages)))
        messages += page.messages
        people |= {person.id: person for person in page.users or ()}
    return views.MessagesView(
        messages=messages,
        head_seq=page.head_seq,
        more_before=page.more_before,
        more_after=False,
        users=list(people.values()),
    )


def _page(
    conversation: str, user_id: str | None, window: Window, limit: int
) -> Flow[views.MessagesView]:
    window = replace(window, limit=min(limit, limits.PAGE_MAX))
    if user_id is None:
        return (yield from reading.read_log(conversation, window))
    return (yield from reading.read_page(user_id, conversation, window, people=True))


def _before(window: Window, seq: int) -> Window:
    return replace(window, before=seq)


def _window(
    *, year: int | None, from_: str | None, to: str | None, before: int | None, limit: int
) -> Window:
    if year is not None and (from_ or to):
        raise invalid("year", "one_of", "does not go with --from and --to")
    if year is not None:
        from_, to = times.year_bounds(year)
    return Window(
        limit=limit,
        before=before,
        from_=times.earliest(_whole_day(from_, "00:00:00Z"), "from") if from_ else None,
        to=times.latest(_whole_day(to, "23:59:59.999Z"), "to") if to else None,
    )


def _whole_day(text: str, clock: str) -> str:
    return f"{text}T{clock}" if _DAY.fullmatch(text) else text


def _row(row: views.ConversationView) -> tuple[object, ...]:
    head = row.head
    body = " ".join((head.body or "(deleted)").split()) if head else ""
    newest = time_of(head.created_at) if head else ""
    preview = body if len(body) <= _PREVIEW_CHARS else body[: _PREVIEW_CHARS - 1] + "…"
    return row.conversation, row.title, row.unread, newest, preview


def _print_messages(page: views.MessagesView) -> None:
    """Oldest first, as it was said: the newest stands where the reader's prompt is."""
    handles = {person.id: person.handle for person in page.users or ()}
    for message in reversed(page.messages):
        who = handles.get(message.sender_id) or message.sender_id
        said = message.body if message.deleted_at is UNSET else "(deleted)"
        mark = " (edited)" if message.edited_at is not UNSET else ""
        name = click.style(f"@{safe(who)}", bold=message.kind == "text", dim=message.kind != "text")
        body = "\n    ".join(safe(said).split("\n"))
        click.echo(f"{message.seq:>6,}  {time_of(message.created_at)}  {name}  {body}{mark}")
    more = "; earlier ones: --before" if page.more_before else ""
    click.echo(f"{len(page.messages):,} of {page.head_seq:,} messages{more}")
