"""The entries of a conversation as dated messages, oldest first.

Every dated entry becomes one message. What people wrote is `text`; joins, bots and all else that
Slack notes are `system`. In a direct conversation somebody else's entry (a bot's) is a system
message of the first of the two, with its author's name before the text.
"""

import re
from typing import Any

import msgspec

from tavola.core.entities import Kind
from tavola.core.ids import Conversation, derived_message_id
from tavola.core.log import Draft
from tavola.core.times import from_epoch_ms
from tavola.edge.importers.report import Problem
from tavola.edge.importers.slack.archive import Archive
from tavola.edge.importers.slack.plan import Plan, Source, author_of
from tavola.edge.importers.slack.text import Names, body_of
from tavola.flows.importing import Dated

_TS = re.compile(r"(\d{1,11})(?:\.(\d{1,9}))?")
_WRITTEN = {"", "file_share", "me_message", "reply_broadcast", "thread_broadcast"}
_EPOCH_S_MAX = 253_402_300_799  # the year 9999


class Talk(msgspec.Struct, frozen=True):
    """A conversation to read, and what is known of everybody in the export."""

    target: Conversation
    plan: Plan
    names: Names


class Raw(msgspec.Struct, frozen=True):
    """An entry with where it stands and when it was written."""

    source: Source
    file: str
    ts: str
    at_us: int
    entry: dict[str, Any]


class Entries(msgspec.Struct):
    """The messages of a conversation, and what could not be taken as it is."""

    messages: list[Dated] = []
    unreadable: list[Problem] = []
    cut: list[Problem] = []


def read_entries(archive: Archive, talk: Talk, now: str) -> Entries:
    """All entries of a conversation, of one or several of Slack's."""
    found = Entries()
    raws = [
        raw
        for source in talk.plan.talks[talk.target]
        for raw in _read(archive, source, now, found.unreadable)
    ]
    raws.sort(key=lambda raw: raw.at_us)
    seen: dict[tuple[str, str], int] = {}
    for raw in raws:
        place = (raw.source.id, raw.ts)
        seen[place] = same = seen.get(place, 0) + 1
        # Slack's times are unique in a channel; should two be the same, neither is lost.
        parts = (*place, str(same)) if same > 1 else place
        draft = _draft(raw, derived_message_id("slack", *parts), talk, found)
        found.messages.append(Dated(draft, from_epoch_ms(raw.at_us // 1000)))
    return found


def _read(archive: Archive, source: Source, now: str, unreadable: list[Problem]) -> list[Raw]:
    raws = []
    for file in source.files:
        for n, entry in enumerate(archive.read(file), 1):
            if not isinstance(entry, dict):
                unreadable.append(Problem(file, f"entry {n}", "is no object"))
                continue
            ts = str(entry.get("ts", ""))
            at_us = _microseconds(ts)
            if at_us is None:
                unreadable.append(Problem(file, f"entry {n}", f"has no time: ts is {ts[:40]!r}"))
            elif from_epoch_ms(at_us // 1000) > now:
                unreadable.append(Problem(file, ts, "is in the future"))
            else:
                raws.append(Raw(source, file, ts, at_us, entry))
    return raws


def _microseconds(ts: str) -> int | None:
    match = _TS.fullmatch(ts)
    if match is None or int(match[1]) > _EPOCH_S_MAX:
        return None
    return int(match[1]) * 1_000_000 + int((match[2] or "").ljust(6, "0")[:6])


def _draft(raw: Raw, message_id: str, talk: Talk, found: Entries) -> Draft:
    author, kind, speaker = author_of(raw.entry), _kind_of(raw.entry, talk.plan), ""
    if talk.target.users and author not in talk.target.users:
        speaker = f"{talk.plan.people[author].display_name}: "
        author, kind = talk.target.users[0], "system"
    body, cut_from = body_of(raw.entry, talk.names, speaker)
    if cut_from:
        found.cut.append(Problem(raw.file, raw.ts, f"cut: it had {cut_from:,} characters"))
    return Draft(message_id, author, body, kind)


def _kind_of(entry: dict[str, Any], plan: Plan) -> Kind:
    if "bot_id" in entry or author_of(entry) in plan.bots:
        return "system"
    return "text" if (entry.get("subtype") or "") in _WRITTEN else "system"
