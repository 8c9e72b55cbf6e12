"""Rebuilds what the feed writes, over a whole store: a scan says what there is, flows mend it.

Of each item collection the scan remembers the key, and of a group each sender's last entry; so
memory is bounded by the senders of the few groups that are walked side by side. Where the scan is
in key order, users come after conversations: what is moved stands in its new place already.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Protocol

import msgspec

from tavola.core.errors import NotFound
from tavola.core.items import Item
from tavola.core.times import Bucketing
from tavola.edge.importers.report import Problem, Progress
from tavola.edge.ports import Run
from tavola.flows.flow import Flow
from tavola.flows.rebuilding import (
    Repair,
    Slice,
    conversation_at,
    find_in_direct,
    find_in_group,
    find_in_user,
    mend,
)

AT_ONCE = 16  # collections that are walked side by side
TRIES_MAX = 3  # of mending a slice: others may have written meanwhile

Find = Callable[[str | None], Flow[Slice]]
_UNREADABLE = (ValueError, TypeError, KeyError, msgspec.ValidationError, NotFound)


class Report(msgspec.Struct):
    """What was looked at, and what was mended, or would be."""

    conversations: int = 0
    users: int = 0
    pointers_put: int = 0
    pointers_removed: int = 0
    names_copied: int = 0
    markers_moved: int = 0
    unreadable: list[Problem] = []

    @property
    def mended(self) -> int:
        """How many repairs there were."""
        pointers = self.pointers_put + self.pointers_removed
        return pointers + self.names_copied + self.markers_moved

    def count(self, repairs: Iterable[Repair]) -> None:
        """Add repairs to their kinds."""
        for repair in repairs:
            if repair.kind:
                setattr(self, repair.kind, getattr(self, repair.kind) + 1)


class Scanned(Protocol):
    """A store whose items can all be listed."""

    def scan(self) -> AsyncIterator[list[Item]]: ...


class Collection:
    """What the scan has seen of an item collection."""

    def __init__(self, pk: str) -> None:
        self.pk = pk
        self.sent: dict[str, int] = {}  # in a group: each sender's last entry

    @property
    def kind(self) -> str:
        """The first part of the key."""
        return self.pk.partition("#")[0]

    def add(self, item: Item) -> None:
        """See an item of this collection."""
        if self.kind == "GROUP" and item["type"] == "Message":
            seq, sender = int(item["sk"]), item["sender_id"]
            self.sent[sender] = max(seq, self.sent.get(sender, 0))


async def look(store: Scanned, run: Run, bucketing: Bucketing, progress: Progress) -> Report:
    """What a rebuild would do; writes nothing."""
    walk = Walk(run, bucketing)
    return await walk.all_of(store, "looking", progress)


async def rebuild(store: Scanned, run: Run, bucketing: Bucketing, progress: Progress) -> Report:
    """Mend whatever is wrong. Done again, it finds nothing."""
    walk = MendingWalk(run, bucketing)
    return await walk.all_of(store, "rebuilding", progress)


class Walk:
    """Goes through a store and counts what is missing."""

    def __init__(self, run: Run, bucketing: Bucketing) -> None:
        self._run = run
        self._bucketing = bucketing
        self.report = Report()

    async def all_of(self, store: Scanned, name: str, progress: Progress) -> Report:
        """Walk every collection of a store."""
        progress.stage(name, None)
        waiting: list[Collection] = []
        async for items in store.scan():
            for item in items:
                if not waiting or waiting[-1].pk != item["pk"]:
                    waiting = await self._begin(waiting, item["pk"])
                waiting[-1].add(item)
            progress.advance(len(items))
        await self._walk(waiting)
        return self.report

    async def _begin(self, waiting: list[Collection], pk: str) -> list[Collection]:
        """Another collection has begun: those before it are seen whole."""
        following = Collection(pk)
        if not waiting or (len(waiting) < AT_ONCE and waiting[-1].kind == following.kind):
            return [*waiting, following]
        await self._walk(waiting)
        return [following]

    async def _walk(self, collections: list[Collection]) -> None:
        await asyncio.gather(*map(self._try, collections))

    async def _try(self, collection: Collection) -> None:
        """Walk one collection; what cannot be read does not keep the others from it."""
        try:
            await self._walk_one(collection)
        except _UNREADABLE as error:
            problem = Problem(collection.pk, "", f"{type(error).__name__}: {error}")
            self.report.unreadable.append(problem)

    async def _walk_one(self, collection: Collection) -> None:
        sent, bucketing = collection.sent, self._bucketing
        if collection.kind == "USER":
            user_id = collection.pk.partition("#")[2]
            self.report.users += 1
            await self._slices(lambda start: find_in_user(user_id, bucketing, start))
        elif collection.kind in ("DM", "GROUP"):
            target = conversation_at(collection.pk)
            self.report.conversations += 1
            if target.users:
                await self._slices(lambda _: find_in_direct(target, bucketing))
            else:
                await self._slices(lambda start: find_in_group(target, sent, bucketing, start))

    async def _slices(self, find: Find) -> None:
        start: str | None = None
        while True:
            start = await self._settle(find, start)
            if start is None:
                return

    async def _settle(self, find: Find, start: str | None) -> str | None:
        found = await self._run(find(start))
        self.report.count(found.repairs)
        return found.next


class MendingWalk(Walk):
    """Goes through a store and mends what is missing."""

    async def _settle(self, find: Find, start: str | None) -> str | None:
        found = await self._run(find(start))
        for _ in range(TRIES_MAX):
            if not found.repairs:
                break
            self.report.count(await self._run(mend(found.repairs)))
            found = await self._run(find(start))
        return found.next
