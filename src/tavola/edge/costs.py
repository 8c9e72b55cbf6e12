"""What each use case costs in DynamoDB's request units: measured, not declared.

A small world is made by the flows that make every world. Then each use case runs once, as the
server runs it, and the feed does what follows from it; a meter tells what both consumed. Nothing
else may use the store meanwhile.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from tavola.core import patterns
from tavola.core.ids import derived_message_id, direct, group
from tavola.core.log import Draft
from tavola.core.operations import Operation
from tavola.core.times import Bucketing, from_epoch_ms
from tavola.core.units import Units
from tavola.edge.feed.handling import Handler
from tavola.edge.ports import FeedStore, Run
from tavola.flows import amending, groups, importing, inbox, markers, reading, sending, users
from tavola.flows.flow import Flow

BODY_BYTES = 66  # makes a message's item 250 bytes
MEMBERS = 20
LOG = 1_000
PAGE = 50
INBOX_PAGE = 20
GROUPS = 5

_BUCKETING: Bucketing = "day"
_NOON_MS = 1_795_262_400_000  # 2026-11-21T12:00:00Z
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_DIRECT = direct("ann", "bob")
_CLUB = group("club")


class Shape(NamedTuple):
    """How long messages are, in bytes, and how many members the group has."""

    message_bytes: int = BODY_BYTES
    members: int = MEMBERS


class UseCase(NamedTuple):
    """What a request costs, and what the feed does behind it."""

    name: str
    told: str
    request: Units
    feed: Units = Units()

    @property
    def units(self) -> Units:
        """Both together."""
        return Units(self.request.read + self.feed.read, self.request.write + self.feed.write)


class Tally(Protocol):
    """What a meter tells; see `stores.stats`."""

    @property
    def units(self) -> Units: ...

    @property
    def write_units(self) -> Mapping[str, float]: ...


Measure = Callable[[], AbstractContextManager[Tally]]


async def measure_use_cases(
    store: FeedStore, run: Run, measure: Measure, shape: Shape
) -> list[UseCase]:
    """Every use case, on an empty store whose changes nobody else follows."""
    world = _World(store, run, measure, shape)
    await world.fill()
    return [*await _reads(world), *await _messages(world), *await _others(world)]


class _World:
    """The store, who runs on it, and how far the feed has come."""

    def __init__(self, store: FeedStore, run: Run, measure: Measure, shape: Shape) -> None:
        self.run = run
        self.shape = shape
        self._store = store
        self._measure = measure
        self._handler = Handler(run, _BUCKETING, lambda _: _at(0))
        self._handled = 0
        self._drafts = 0

    def draft(self, sender: str) -> Draft:
        """Something that nobody has said yet."""
        self._drafts += 1
        message_id = derived_message_id("costs", str(self._drafts))
        return Draft(message_id, sender, "x" * self.shape.message_bytes)

    async def fill(self) -> None:
        """People, a long conversation, a group, and somebody with many conversations."""
        names = ["ann", "bob", "cleo", "dan", "kim", *_friends(), *_members(self.shape.members)]
        for name in names:
            user = users.new_user(name, name, name.title(), _at(-99 * _DAY_MS))
            await self.run(users.create_user(user, "x" * 97 if name == "ann" else None))
        said = [
            importing.Dated(self.draft(_DIRECT.users[n % 2]), _at((n - LOG) * _MINUTE_MS // 2))
            for n in range(LOG)
        ]
        await self.run(importing.append_all(_DIRECT, said, _at(0), _BUCKETING))
        for n, friend in enumerate(_friends()):
            await self._say(friend, sending.Target(to="kim"), (n - INBOX_PAGE - 1) * _DAY_MS)
        await self._group("club", ["ann", *_members(self.shape.members)])
        await self._say("ann", sending.Target(_CLUB.id), 0)
        for n in range(GROUPS):
            await self._group(f"group{n}", ["kim"])
        await self.follow()

    async def _group(self, group_id: str, members: list[str]) -> None:
        record = groups.new_group(group_id, group_id.title(), members[0], _at(-9 * _DAY_MS))
        await self.run(groups.create_group(record))
        for member in members:
            await self.run(groups.join_group(group_id, member, "member", _at(-_DAY_MS)))

    async def _say(self, sender: str, to: sending.Target, ms: int) -> None:
        await self.run(self.send(sender, to, 0, ms))

    def send(
        self, sender: str, to: sending.Target, after: int | None, ms: int
    ) -> Flow[sending.Sent]:
        """Say something at a time, in milliseconds after noon."""
        return sending.send(self.draft(sender), to, after, _at(ms), _BUCKETING)

    async def follow(self) -> None:
        """Let the feed do what is left, and what follows from that."""
        while self._handled < (last := self._store.last_change):
            await self._handler.handle(self._store.read_changes(self._handled, last))
            self._handled = last
        if self._handler.set_aside:
            raise RuntimeError("the feed could not handle a change of the world")

    async def spend(self, name: str, told: str, flow: Flow[object]) -> UseCase:
        """What a use case costs, to the end of the feed."""
        use_case, _ = await self.spend_both(name, told, flow)
        return use_case

    async def spend_both(self, name: str, told: str, flow: Flow[object]) -> tuple[UseCase, Tally]:
        """The same, and what the feed wrote by access pattern."""
        with self._measure() as request:
            await self.run(flow)
        with self._measure() as feed:
            await self.follow()
        return UseCase(name, told, request.units, feed.units), feed


async def _reads(world: _World) -> list[UseCase]:
    def page(window: reading.Window, conversation: str = _DIRECT.id) -> Flow[object]:
        return reading.read_page("ann", conversation, window, people=False)

    middle = _at(-LOG // 2 * _MINUTE_MS // 2)
    newer = reading.Window(limit=PAGE, after=LOG - 1)
    newest, dated = reading.Window(limit=PAGE), reading.Window(limit=PAGE, at=middle)
    ask = inbox.Ask("kim", INBOX_PAGE, _BUCKETING)
    return [
        await world.spend("read_messages", f"read the newest {PAGE} messages", page(newest)),
        await world.spend("look_for_newer", "look for newer messages, none there", page(newer)),
        await world.spend("read_date", f"read {PAGE} at a date, out of {LOG:,}", page(dated)),
        await world.spend(
            "inbox", f"a page of the inbox, {INBOX_PAGE} direct", inbox.read_inbox(ask, None)
        ),
        await world.spend(
            "user_groups",
            f"a user with {GROUPS} groups",
            _ask(patterns.user_with_groups("kim", PAGE)),
        ),
        await world.spend(
            "group_users",
            f"a group of {world.shape.members:,} with its users",
            _ask(patterns.list_members("club", world.shape.members)),
        ),
        await world.spend(
            "session",
            "check a sign-in with a password, each request",
            _ask(patterns.get_password("ann")),
        ),
    ]


async def _messages(world: _World) -> list[UseCase]:
    there, club = sending.Target(_DIRECT.id), sending.Target(_CLUB.id)
    people = world.shape.members
    first = world.send("ann", sending.Target(to="@cleo"), 0, 0)
    next_direct = world.send("ann", there, LOG, _MINUTE_MS)
    next_group = world.send("ann", club, 1, _MINUTE_MS)
    new_day = world.send("ann", there, LOG + 1, _DAY_MS)
    new_day_group = world.send("ann", club, 2, _DAY_MS)
    found = [
        await world.spend("first_message", "first message to somebody, by handle", first),
        await world.spend("next_direct", "next message, direct", next_direct),
        await world.spend("next_group", "next message in a group", next_group),
        await world.spend("new_day_direct", "first message of a day, direct", new_day),
    ]
    told = f"first message of a day in a group of {people:,}"
    in_group, feed = await world.spend_both("new_day_group", told, new_day_group)
    moved = sum(feed.write_units.get(name, 0) for name in ("put_pointer", "delete_pointer"))
    each = Units(0, moved / people)
    return [*found, in_group, UseCase("new_day_member", "of that, each member", Units(), each)]


async def _others(world: _World) -> list[UseCase]:
    other_body = "y" * world.shape.message_bytes
    own = LOG - 1  # ann wrote the odd ones
    user = users.new_user("eve", "eve", "Eve", _at(0))
    return [
        await world.spend(
            "mark_read", "mark as read", markers.mark_read("bob", _DIRECT.id, LOG + 1)
        ),
        await world.spend(
            "edit",
            "edit a message",
            amending.edit_message("ann", _DIRECT.id, own, other_body, _at(_DAY_MS)),
        ),
        await world.spend(
            "delete",
            "delete a message",
            amending.delete_message("ann", _DIRECT.id, own, _at(_DAY_MS)),
        ),
        await world.spend(
            "join", "join a group", groups.join_group("club", "dan", "member", _at(_DAY_MS))
        ),
        await world.spend(
            "leave", "leave a group", groups.leave_group("club", "dan", _at(_DAY_MS))
        ),
        await world.spend("new_user", "make a user", users.create_user(user)),
    ]


def _friends() -> list[str]:
    """One conversation more than a page, so that there is a next one."""
    return [f"f{n:02d}" for n in range(INBOX_PAGE + 1)]


def _members(count: int) -> list[str]:
    """The members of the group besides ann."""
    return [f"m{n:04d}" for n in range(1, count)]


def _at(ms: int) -> str:
    return from_epoch_ms(_NOON_MS + ms)


def _ask(operation: Operation) -> Flow[object]:
    return (yield operation)
