"""Append many messages from elsewhere, with their own times, oldest first.

They come after what is in the log already: an import never reorders what people have read. Parts
of up to 100 are written whole, so a log has no gap after a crash, and repeating the import
finishes it. Only the last entry carries a bump, so the inbox is written once; so does the last of a
part that reaches into the current bucket, because messages sent meanwhile would find their bucket
begun and carry none.
"""

from collections.abc import Sequence

import msgspec

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import ImportTooOld, invalid
from tavola.core.ids import Conversation
from tavola.core.log import Draft, bump_between, next_entry
from tavola.core.operations import Page
from tavola.core.times import Bucketing, bucket_of
from tavola.flows.flow import Flow


class Dated(msgspec.Struct, frozen=True):
    """A message from elsewhere with the time at which it was written."""

    draft: Draft
    at: str


class Log(msgspec.Struct):
    """What an import needs to know of the log as it is."""

    ids: set[str]
    head: e.Message | None = None
    bumped_to: str | None = None  # the bucket in which the inbox has the conversation


def append_all(
    target: Conversation, messages: Sequence[Dated], now: str, bucketing: Bucketing
) -> Flow[int]:
    """Append those of `messages` (oldest first) that are not in the log; how many that were.

    Raises `ImportTooOld` when one is older than the newest entry, and `Invalid` for a time in the
    future.
    """
    log = yield from _read_log(target)
    once = {message.draft.id: message for message in reversed(messages)}
    fresh = [m for m in messages if m.draft.id not in log.ids and once[m.draft.id] is m]
    if not fresh:
        return 0
    if fresh[-1].at > now:
        raise invalid("at", "future", f"{fresh[-1].at} is in the future")
    if log.head and fresh[0].at < log.head.created_at:
        raise ImportTooOld
    head = log.head
    for first in range(0, len(fresh), limits.TRANSACTION_WRITES_MAX):
        part = fresh[first : first + limits.TRANSACTION_WRITES_MAX]
        entries = _numbered(target, head, part)
        head = entries[-1]
        to = bucket_of(head.created_at, bucketing)
        if part[-1] is fresh[-1] or to == bucket_of(now, bucketing):
            bump = bump_between(log.bumped_to, to)
            log.bumped_to = to
            entries[-1] = msgspec.structs.replace(head, bump=bump)
        yield patterns.append_imported(tuple(entries))
    return len(fresh)


def _numbered(target: Conversation, head: e.Message | None, part: list[Dated]) -> list[e.Message]:
    entries: list[e.Message] = []
    for message in part:
        head = next_entry(target.id, head, message.draft, message.at, None)
        entries.append(head)
    return entries


def _read_log(target: Conversation) -> Flow[Log]:
    log = Log(set())
    high = limits.SEQ_MAX
    while True:
        page: Page = yield patterns.read_messages(
            target, 1, high, limits.AFTER_SPAN_MAX, consistent=True
        )
        for item in page.items:
            entry = table.MESSAGE.parse(item)
            log.ids.add(entry.id)
            log.head = log.head or entry
            log.bumped_to = log.bumped_to or (entry.bump.to if entry.bump else None)
            high = entry.seq - 1
        if page.next is None:
            return log
