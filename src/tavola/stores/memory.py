"""The memory store: a dict of item collections. For tests and for reading: nothing is durable.

It refuses operations that it does not know, decides writes with the same `apply` as SQLite, keeps
its changes for a feed, and counts the units that DynamoDB would charge.
"""

import asyncio
import copy
from collections.abc import AsyncIterator
from typing import Any

from tavola.core.apply import Change, apply
from tavola.core.errors import TavolaError
from tavola.core.items import Item, Key, check_key, key_of
from tavola.core.operations import (
    Delete,
    Get,
    Operation,
    Page,
    Put,
    Query,
    Read,
    Request,
    Scan,
    ScanPage,
    Transact,
    Update,
    holds_nothing,
)
from tavola.core.units import blocks_read, units_of_read, units_of_write
from tavola.stores.stats import StoreStats

_SLICE = 500


class MemoryStore:
    """Items and changes in this process."""

    writable = True

    def __init__(self) -> None:
        self.stats = StoreStats()
        self._collections: dict[str, dict[str, Item]] = {}
        self._changes: list[Change] = []
        self._last = 0
        self._changed = asyncio.Event()

    async def execute(self, request: Request) -> Any:
        """See `Store.execute`."""
        if isinstance(request, tuple):
            results = await asyncio.gather(*map(self._execute, request), return_exceptions=True)
            for result in results:
                if isinstance(result, BaseException):
                    raise result
            return results
        return await self._execute(request)

    async def close(self) -> None:
        """Nothing is kept."""

    async def _execute(self, operation: Operation) -> Any:
        self.stats.asked(operation.pattern)
        match operation:
            case Get():
                item = self._look(operation.key)
                self._count_read(operation, [item] if item else [])
                return copy.deepcopy(item)
            case Query():
                return self._query(operation)
            case Scan():
                return self._scan(operation)
            case Put() | Update() | Delete() | Transact():
                return self._write(operation)
            case _:
                raise TypeError(f"the memory store does not know {operation!r}")

    def _look(self, key: Key) -> Item | None:
        check_key(key)
        return self._collections.get(key.pk, {}).get(key.sk)

    def _query(self, query: Query) -> Page:
        if holds_nothing(query):
            return Page([])
        collection = self._collections.get(query.pk, {})
        keys = sorted(sk for sk in collection if query.low <= sk <= query.high)
        if query.reverse:
            keys.reverse()
        if query.start is not None:
            start = query.start
            keys = [sk for sk in keys if (sk < start if query.reverse else sk > start)]
        seen = keys[: query.limit + query.peek]
        self._count_read(query, [collection[sk] for sk in seen])
        found = [copy.deepcopy(collection[sk]) for sk in keys[: query.limit]]
        more = len(keys) > query.limit
        return Page(found, found[-1]["sk"] if more else None)

    def _scan(self, scan: Scan) -> ScanPage:
        start = scan.start or Key("", "")
        behind = [item for item in self._sorted() if key_of(item) > start and scan.segment == 0]
        found = copy.deepcopy(behind[: scan.limit])
        self._count_read(scan, found)
        return ScanPage(found, key_of(found[-1]) if len(behind) > scan.limit else None)

    def _sorted(self) -> list[Item]:
        return [
            collection[sk]
            for _, collection in sorted(self._collections.items())
            for sk in sorted(collection)
        ]

    def _write(self, write: Put | Update | Delete | Transact) -> Any:
        effect = apply(write, self._look)
        self.stats.consumed(write.pattern, 0, units_of_write(write, effect.found))
        for key, old, new in effect.changes:
            self._commit(key, old, copy.deepcopy(new))
        if isinstance(effect.failure, TavolaError):
            raise effect.failure
        return copy.deepcopy(effect.failure)

    def _count_read(self, read: Read, items: list[Item]) -> None:
        self.stats.consumed(read.pattern, units_of_read(read, blocks_read(items)), 0)

    def _commit(self, key: Key, old: Item | None, new: Item | None) -> None:
        collection = self._collections.setdefault(key.pk, {})
        if new is None:
            del collection[key.sk]
        else:
            collection[key.sk] = new
        if key.pk.startswith("FEED#"):
            return
        self._last += 1
        self._changes.append(Change(self._last, key, old, new))
        self._changed.set()

    async def scan(self) -> AsyncIterator[list[Item]]:
        """See `Store.scan`."""
        items = copy.deepcopy(self._sorted())
        for first in range(0, len(items), _SLICE):
            yield items[first : first + _SLICE]

    @property
    def last_change(self) -> int:
        """See `FeedSource.last_change`."""
        return self._last

    def newest_change(self) -> int:
        """See `FeedSource.newest_change`."""
        return self._last

    def read_changes(self, after: int, limit: int) -> list[Change]:
        """See `FeedSource.read_changes`."""
        return [change for change in self._changes if change.n > after][:limit]

    async def wait_for_change(self, after: int) -> None:
        """See `FeedSource.wait_for_change`."""
        while self._last <= after:
            self._changed.clear()
            await self._changed.wait()

    async def forget_changes(self, before: int, committed_before: str) -> None:
        """See `FeedSource.forget_changes`; this store keeps no times and drops all of them."""
        self._changes = [change for change in self._changes if change.n > before]
