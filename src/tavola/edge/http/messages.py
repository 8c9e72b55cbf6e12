"""Endpoints of messages, conversations and the inbox."""

from tavola.core import limits, times, views
from tavola.core.errors import (
    Busy,
    ConversationClosed,
    Invalid,
    MessageDeleted,
    MessageIdReused,
    NotFound,
    NotYours,
    StaleAfter,
    UserNotFound,
    invalid,
)
from tavola.core.ids import check_body, check_message_id
from tavola.core.log import Draft
from tavola.edge.http import types
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import amending, inbox, markers, reading, sending


@endpoint(
    "POST",
    "/messages",
    body=types.SendBody,
    reply=views.MessageView,
    statuses=(201, 200),
    errors=(
        NotFound,
        UserNotFound,
        ConversationClosed,
        MessageIdReused,
        StaleAfter,
        Invalid,
        Busy,
    ),
)
async def send_message(call: Call[types.SendBody, NoQuery]) -> Reply:
    """Send a message

    201 with the message the first time, 200 with the same message when it is repeated.
    """
    body = call.body
    draft = Draft(check_message_id(body.id), call.user_id, check_body(body.body))
    to = sending.Target(body.conversation, body.to)
    async with call.server.turns.of(body.conversation or f"{call.user_id} {body.to}"):
        sent = await call.server.run(
            sending.send(draft, to, body.after, call.now, call.server.bucketing)
        )
    return Reply(views.message_of(sent.entry), 201 if sent.created else 200)


@endpoint(
    "GET",
    "/conversations/{conversation}/messages",
    query=types.MessagesQuery,
    reply=views.MessagesView,
    errors=(NotFound, Invalid),
)
async def read_messages(call: Call[None, types.MessagesQuery]) -> Reply:
    """Read a page of a conversation, newest first

    The newest page without bounds; by number with `before`, `after`, `around`; by time with `at`,
    `from`, `to` or `year`. `include=users` adds who wrote the page's messages.
    """
    query = call.query
    page = await call.server.run(
        reading.read_page(
            call.user_id,
            call.path["conversation"],
            _window(query),
            people=query.include is not None,
        )
    )
    return Reply(page)


@endpoint(
    "PATCH",
    "/conversations/{conversation}/messages/{seq}",
    body=types.EditBody,
    reply=views.MessageView,
    errors=(NotFound, NotYours, ConversationClosed, MessageDeleted, Invalid, Busy),
)
async def edit_message(call: Call[types.EditBody, NoQuery]) -> Reply:
    """Edit one's own message"""
    body = check_body(call.body.body)
    entry = await call.server.run(
        amending.edit_message(
            call.user_id, call.path["conversation"], _seq(call.path["seq"]), body, call.now
        )
    )
    return Reply(views.message_of(entry))


@endpoint(
    "DELETE",
    "/conversations/{conversation}/messages/{seq}",
    reply=views.MessageView,
    errors=(NotFound, NotYours, Busy),
)
async def delete_message(call: Call[None, NoQuery]) -> Reply:
    """Delete one's own message

    What stays is its place: id, sender and time, with `body: null` and `deleted_at`.
    """
    entry = await call.server.run(
        amending.delete_message(
            call.user_id, call.path["conversation"], _seq(call.path["seq"]), call.now
        )
    )
    return Reply(views.message_of(entry))


@endpoint(
    "GET",
    "/conversations/{conversation}",
    reply=views.ConversationView,
    errors=(NotFound,),
)
async def get_conversation(call: Call[None, NoQuery]) -> Reply:
    """Look at one conversation

    A direct conversation with another user is there before its first message; `head` is null then.
    """
    return Reply(
        await call.server.run(markers.get_conversation(call.user_id, call.path["conversation"]))
    )


@endpoint(
    "PUT",
    "/conversations/{conversation}/read",
    body=types.ReadBody,
    reply=views.ReadView,
    errors=(NotFound, Invalid),
)
async def mark_read(call: Call[types.ReadBody, NoQuery]) -> Reply:
    """Mark a conversation as read up to a message

    The marker only grows, at most to the newest message. Sending marks as read too.
    """
    flow = markers.mark_read(call.user_id, call.path["conversation"], call.body.seq)
    return Reply(await call.server.run(flow))


@endpoint("GET", "/inbox", query=types.InboxQuery, reply=views.InboxView, errors=(Invalid,))
async def read_inbox(call: Call[None, types.InboxQuery]) -> Reply:
    """Read a page of one's conversations, newest activity first

    Waits until everything that was acknowledged before shows; `exact` is false when that took too
    long. On DynamoDB a server with a worker waits for its own writes; where the worker is
    elsewhere, rows follow within about a second. Rows only move up, so merge pages by
    `conversation`.
    """
    key = call.cursor_key("inbox")
    cursor = call.query.cursor
    after = inbox.Position(*key.open(cursor, 3)) if cursor is not None else None
    fresh = await call.server.feed.caught_up(limits.INBOX_WAIT_S)
    limit = min(call.query.limit, limits.PAGE_MAX)
    ask = inbox.Ask(call.user_id, limit, call.server.bucketing, call.server.heads_max)
    page = await call.server.run(inbox.read_inbox(ask, after))
    following = key.seal(page.next) if page.next else None
    return Reply(
        views.InboxView(conversations=page.rows, next=following, exact=page.exact and fresh)
    )


def _window(query: types.MessagesQuery) -> reading.Window:
    from_, to = query.from_, query.to
    if query.year is not None and (from_ is not None or to is not None):
        raise invalid("year", "one_of", "does not go with `from` and `to`")
    low = times.earliest(from_, "from") if from_ is not None else None
    high = times.latest(to, "to") if to is not None else None
    if query.year is not None:
        low, high = times.year_bounds(query.year)
    return reading.Window(
        limit=min(query.limit, limits.PAGE_MAX),
        before=query.before,
        after=query.after,
        around=query.around,
        at=times.earliest(query.at, "at") if query.at is not None else None,
        from_=low,
        to=high,
    )


def _seq(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 12):
        raise invalid("seq", "seq", "must be the number of a message")
    return int(text)
