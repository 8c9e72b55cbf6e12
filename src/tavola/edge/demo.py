"""The people and conversations of a demo, with times relative to now.

They are plain files in the package's folder `demo`: `people.toml`, and for each conversation a
script (see `importers.script`) in sections. `[-12 18:40]` begins one 12 days ago at that time of
day, `[-40m]` one 40 minutes ago. Later sections never overtake: days end at 20:40, and minutes go
back at most three hours. Seeding again changes nothing.
"""

import contextlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib.resources import files

import msgspec

from tavola.core.entities import Role, User
from tavola.core.errors import IdTaken, ImportTooOld, UserNotFound
from tavola.core.ids import Conversation, derived_message_id, direct, group
from tavola.core.log import Draft
from tavola.core.times import from_epoch_ms
from tavola.edge import clock
from tavola.edge.auth import Passwords
from tavola.edge.http.call import Demo
from tavola.edge.importers.script import Said, parse
from tavola.edge.ports import Installation
from tavola.flows import groups, importing, markers, users
from tavola.flows.importing import Dated

PASSWORD = "tavola-demo"

_SECTION = re.compile(r"\[-(?:(\d+) (\d\d):(\d\d)|(\d+)m)\]\n")
_TYPING_S = 12  # before each message …
_TYPING_S_PER_CHAR = 0.35  # … and for each of its characters


class Person(msgspec.Struct, frozen=True):
    """Somebody of the demo. Their id is their handle."""

    handle: str
    display_name: str
    location: str
    interests: frozenset[str]
    since: int
    admin: bool = False


class Talk(msgspec.Struct, frozen=True):
    """A conversation: its file, who is in it, and who has read all of it."""

    file: str
    members: tuple[str, ...]
    read: tuple[str, ...] = ()
    group: str | None = None
    id: str = ""

    @property
    def target(self) -> Conversation:
        """The conversation that it becomes."""
        return group(self.id) if self.group else direct(*self.members)


class Cast(msgspec.Struct, frozen=True):
    """All that the demo has."""

    people: tuple[Person, ...]
    conversations: tuple[Talk, ...]


async def seed_demo(service: Installation) -> Demo:
    """Make the people and conversations that are missing; who they are."""
    cast = load()
    now = datetime.now().astimezone()
    await _seed_people(service, cast.people, now)
    for talk in cast.conversations:
        await seed_talk(service, talk, messages_of(talk, now), clock.now())
    return Demo(PASSWORD, tuple(person.handle for person in cast.people))


def load() -> Cast:
    """The people and conversations as the package has them."""
    return msgspec.convert(tomllib.loads(_read("people.toml")), Cast)


def messages_of(talk: Talk, now: datetime) -> list[Dated]:
    """The messages of a conversation, oldest first, the last one before now."""
    dated = []
    for n, (said, at) in enumerate(_dated(_read(talk.file), now)):
        sender, target = said.name.lower(), talk.target
        message_id = derived_message_id("demo", target.id, str(n), sender, said.text)
        dated.append(Dated(Draft(message_id, sender, said.text), text_of(at)))
    return dated


def user_of(person: Person, now: datetime) -> User:
    """Somebody as a record of the table."""
    return users.new_user(
        person.handle,
        person.handle,
        person.display_name,
        text_of(now - timedelta(days=person.since)),
        location=person.location,
        interests=person.interests,
        admin=person.admin,
    )


def text_of(moment: datetime) -> str:
    """A moment as a time of the table."""
    return from_epoch_ms(round(moment.timestamp() * 1000))


def _dated(script: str, now: datetime) -> Iterator[tuple[Said, datetime]]:
    parts = _SECTION.split(script)  # before, (days, hour, minute, minutes, section)…
    for days, hour, minute, minutes, section in zip(*[iter(parts[1:])] * 5, strict=True):
        at = _begin(now, days, hour, minute, minutes)
        for said in parse(section):
            yield said, at
            at += timedelta(seconds=_TYPING_S + _TYPING_S_PER_CHAR * len(said.text))


def _begin(now: datetime, days: str, hour: str, minute: str, minutes: str) -> datetime:
    if minutes:
        return now - timedelta(minutes=int(minutes))
    day = now - timedelta(days=int(days))
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


async def _seed_people(service: Installation, people: tuple[Person, ...], now: datetime) -> None:
    """They share one password, so that it is hashed once."""
    password_hash: str | None = None
    for person in people:
        try:
            await service.run(users.find_user(person.handle))
        except UserNotFound:
            password_hash = password_hash or await Passwords().hash(PASSWORD)
            await service.run(users.create_user(user_of(person, now), password_hash))


async def seed_talk(service: Installation, talk: Talk, messages: Sequence[Dated], now: str) -> None:
    """Write a conversation. Who has written into it since has the last word: nothing is added."""
    if talk.group:
        await _seed_group(service, talk, messages[0].at)
    flow = importing.append_all(talk.target, messages, now, service.settings.bucket)
    with contextlib.suppress(ImportTooOld):
        added = await service.run(flow)
        for reader in talk.read if added else ():
            await service.run(markers.mark_read(reader, talk.target.id, len(messages)))


async def _seed_group(service: Installation, talk: Talk, at: str) -> None:
    """Members join before the first message, so that there is something to read."""
    with contextlib.suppress(IdTaken):
        record = groups.new_group(talk.id, talk.group or "", talk.members[0], at)
        await service.run(groups.create_group(record))
    for member in talk.members:
        role: Role = "admin" if member == talk.members[0] else "member"
        await service.run(groups.join_group(talk.id, member, role, at))


def _read(name: str) -> str:
    return files("tavola").joinpath("demo", name).read_text(encoding="utf-8")
