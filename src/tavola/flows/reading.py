"""Read a page of a conversation: by number, around a moment, in a range of time or a year.

`created_at` grows along a log, so a moment is found by halving the numbers with single Gets
(about twenty for a million messages); what follows is a plain range of numbers.
"""

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table, views
from tavola.core.errors import NotFound, UserNotFound, invalid
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.operations import Page
from tavola.flows.access import access_direct, find_member, find_user
from tavola.flows.flow import Flow
from tavola.flows.tail import tail_of


class Window(msgspec.Struct, frozen=True):
    """Which entries are asked for. Times are in the fixed form, both ends inclusive."""

    limit: int = limits.PAGE_DEFAULT
    before: int | None = None
    after: int | None = None
    around: int | None = None
    at: str | None = None
    from_: str | None = None
    to: str | None = None


class Span(msgspec.Struct, frozen=True):
    """A run of numbers to read, within the run that could be asked for."""

    low: int
    high: int
    lowest: int
    highest: int


class Found(msgspec.Struct, frozen=True):
    """What was read: entries newest first, their run, and the newest number there is."""

    entries: list[e.Message]
    span: Span
    head_seq: int


def check_window(window: Window) -> None:
    """One way of asking at a time; a range of time goes with `before`."""
    ranged = window.from_ is not None or window.to is not None
    ways = [
        name
        for name in ("before", "after", "around", "at")
        if getattr(window, name) is not None and not (ranged and name == "before")
    ]
    if len(ways) + ranged > 1:
        raise invalid(ways[-1], "one_of", "does not go with the other bounds")


def read_page(
    user_id: str, conversation: str, window: Window, *, people: bool
) -> Flow[views.MessagesView]:
    """A page of what a user may see of a conversation, newest first.

    The newest page is one Query. `people` adds who wrote the page's messages. Raises `NotFound`
    and `Invalid`.
    """
    check_window(window)
    target = parse_conversation(conversation)
    if target.users:
        access_direct(user_id, target)
        visible_from = 1
    else:
        group_id = target.group_id or ""
        item = yield patterns.get_member(group_id, user_id)
        visible_from = (yield from find_member(group_id, user_id, item)).visible_from_seq
    found = yield from _read(target, window, visible_from)
    if not found.entries and target.users:
        yield from _check_started(target, user_id)
    seen = yield from people_of(target, found.entries) if people else _nobody()
    return _view(found, seen)


def read_log(conversation: str, window: Window) -> Flow[views.MessagesView]:
    """A page of a whole log with who wrote it, for who runs the installation: nobody is asked.

    Raises `NotFound` for an empty log, and `Invalid`.
    """
    check_window(window)
    target = parse_conversation(conversation)
    found = yield from _read(target, window, 1)
    if not found.head_seq:
        raise NotFound(f"Nobody has written in {conversation}.")
    return _view(found, (yield from people_of(target, found.entries)))


def _read(target: Conversation, window: Window, visible_from: int) -> Flow[Found]:
    if window == Window(limit=window.limit):
        entries = yield from _entries(target, visible_from, limits.SEQ_MAX, window.limit)
        head_seq = entries[0].seq if entries else 0
        low = max(visible_from, head_seq - window.limit + 1)
        return Found(entries, Span(low, head_seq, visible_from, head_seq), head_seq)
    head = tail_of((yield patterns.head_of(target))).head
    head_seq = head.seq if head and head.seq >= visible_from else 0
    span = yield from _span(target, window, visible_from, head_seq)
    return Found((yield from _entries(target, span.low, span.high, window.limit)), span, head_seq)


def _entries(target: Conversation, low: int, high: int, limit: int) -> Flow[list[e.Message]]:
    if low > high:
        return []
    page: Page = yield patterns.read_messages(target, low, high, limit)
    return [table.MESSAGE.parse(item) for item in page.items]


def _check_started(target: Conversation, user_id: str) -> Flow[None]:
    """An empty direct conversation is there when the other one is."""
    try:
        yield from find_user(target.peer_of(user_id))
    except UserNotFound:
        access_direct("", target)


def _view(found: Found, people: list[views.PersonView] | None) -> views.MessagesView:
    span = found.span
    return views.MessagesView(
        messages=[views.message_of(entry) for entry in found.entries],
        head_seq=found.head_seq,
        more_before=span.low > span.lowest,
        more_after=span.high < span.highest,
        users=people if people is not None else msgspec.UNSET,
    )


def _span(target: Conversation, window: Window, visible_from: int, head_seq: int) -> Flow[Span]:
    low, high = visible_from, head_seq
    if window.from_ is not None:
        low = max(low, (yield from _first_at(target, window.from_, low, head_seq)))
    if window.to is not None:
        high = (yield from _first_at(target, window.to + "~", low, head_seq)) - 1
    if window.at is not None:
        found = yield from _first_at(target, window.at, low, head_seq)
        return _around(min(found, high), window.limit, low, high)
    if window.around is not None:
        return _around(window.around, window.limit, low, high)
    if window.after is not None:
        first = min(max(low, window.after + 1), high + 1)
        return Span(first, min(high, first + window.limit - 1), low, high)
    last = high if window.before is None else max(low - 1, min(high, window.before - 1))
    return _up_to(last, window.limit, low, high)


def _up_to(last: int, limit: int, low: int, high: int) -> Span:
    return Span(max(low, last - limit + 1), last, low, high)


def _around(seq: int, limit: int, low: int, high: int) -> Span:
    first = max(low, min(seq - limit // 2, high - limit + 1))
    return Span(first, min(high, first + limit - 1), low, high)


def _first_at(target: Conversation, moment: str, low: int, high: int) -> Flow[int]:
    """The first number from `low` on whose entry is not older; `high + 1` when all are."""
    first, end = low, high + 1
    while first < end:
        middle = (first + end) // 2
        item = yield patterns.get_message(target, middle, consistent=True)
        if item["created_at"] < moment:
            first = middle + 1
        else:
            end = middle
    return first


def _nobody() -> Flow[None]:
    return None
    yield  # makes this a flow


def people_of(target: Conversation, entries: list[e.Message]) -> Flow[list[views.PersonView]]:
    """Who wrote these entries, read once each."""
    senders = sorted({entry.sender_id for entry in entries})
    if not senders:
        return []
    items = yield tuple(patterns.get_user(sender) for sender in senders)
    return [views.person_of(table.USER.parse(item)) for item in items if item]
