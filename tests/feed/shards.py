"""A stream in memory, of the changes of a memory store: with shards that split, and forgetting."""

import itertools
import random
import zlib
from typing import Any

from tavola.core.apply import Change, Unreadable
from tavola.core.errors import StoreFailed
from tavola.core.operations import Operation, Put, Request
from tavola.core.shards import Records, Shard
from tavola.stores.memory import MemoryStore

Record = tuple[int, Change | Unreadable | None]  # None: a record of the feed's own state


EVERYTHING = range(1 << 32)


class Part:
    """A shard: the records that it holds, of which partition keys, and whether more can come."""

    def __init__(self, parent: str | None, hashes: range) -> None:
        self.parent = parent
        self.hashes = hashes
        self.records: list[Record] = []
        self.closed = False
        self.forgotten = 0  # records up to this number are gone


class MemoryStream:
    """The changes of a store, by shards. Each open shard has its share of the item collections."""

    def __init__(self, store: MemoryStore, rng: random.Random, shards: int = 1) -> None:
        cuts = [len(EVERYTHING) * n // shards for n in range(shards + 1)]
        self.parts: dict[str, Part] = {
            f"shard-{n}": Part(None, range(low, high))
            for n, (low, high) in enumerate(itertools.pairwise(cuts))
        }
        self._names = (f"shard-{n}" for n in itertools.count(shards))
        self._store = store
        self._rng = rng
        self._seen = 0
        self._n = 0

    async def check(self) -> None:
        """There is always a stream."""

    async def shards(self) -> list[Shard]:
        """See `Stream.shards`; in any order."""
        found = [Shard(name, part.parent) for name, part in self.parts.items()]
        self._rng.shuffle(found)
        return found

    def reader(self, shard_id: str, after: str | None) -> "PartReader":
        """See `Stream.reader`."""
        return PartReader(self, self.parts[shard_id], int(after or 0), self._rng)

    def take_in(self) -> None:
        """Put the store's new changes into their shards."""
        for change in self._store.read_changes(self._seen, 1_000_000):
            self._seen = change.n
            self.append(change, change.key.pk)

    def append(self, change: Change | Unreadable | None, pk: str) -> None:
        """Put a record into its shard, under the next number."""
        self._n += 1
        numbered = change._replace(n=self._n) if change is not None else None
        place = zlib.crc32(pk.encode())
        living = (part for part in self.parts.values() if not part.closed)
        part = next(part for part in living if place in part.hashes)
        part.records.append((self._n, numbered))

    def split(self) -> None:
        """End every open shard; each has one child or two, which share its partition keys."""
        self.take_in()
        for name, part in list(self.parts.items()):
            if not part.closed:
                part.closed = True
                middle = part.hashes.start + len(part.hashes) // 2
                cut = middle if self._rng.random() < 0.3 else part.hashes.start
                for hashes in (range(part.hashes.start, cut), range(cut, part.hashes.stop)):
                    if hashes:
                        self.parts[next(self._names)] = Part(name, hashes)

    def forget(self) -> None:
        """Drop all shards that have ended, and all records of the others."""
        self.take_in()
        self.parts = {name: part for name, part in self.parts.items() if not part.closed}
        for part in self.parts.values():
            part.forgotten = self._n
            part.records = []


class PartReader:
    """Reads a shard in pieces of any size."""

    def __init__(self, stream: MemoryStream, part: Part, after: int, rng: random.Random) -> None:
        self._stream = stream
        self._part = part
        self._after = after
        self._rng = rng

    async def read(self) -> Records:
        """See `ShardReader.read`."""
        self._stream.take_in()
        trimmed = 0 < self._after < self._part.forgotten
        if trimmed:
            self._after = self._part.forgotten
        behind = [record for record in self._part.records if record[0] > self._after]
        found = behind[: self._rng.randint(1, 5)]
        ended = self._part.closed and len(found) == len(behind)
        changes = [change for _, change in found if change is not None]
        if not found:
            return Records([], ended=ended, trimmed=trimmed)
        self._after = found[-1][0]
        return Records(changes, str(self._after), None, ended, trimmed)


class OwnConnection:
    """One worker's way to the store, which ends when the worker is killed.

    The feed's own state is written to the stream, too, as a table does it.
    """

    def __init__(self, store: MemoryStore, stream: MemoryStream) -> None:
        self.done: list[Operation] = []
        self.killed = False
        self._store = store
        self._stream = stream

    async def execute(self, request: Request) -> Any:
        """See `Store.execute`."""
        if self.killed:
            raise StoreFailed
        if not isinstance(request, tuple):
            self.done.append(request)
            if isinstance(request, Put) and request.item["pk"].startswith("FEED#"):
                self._stream.append(None, request.item["pk"])
        return await self._store.execute(request)
