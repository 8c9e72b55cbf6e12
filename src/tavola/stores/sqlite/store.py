"""The SQLite store: puts reader, writer, lock and feed together behind the `Store` port."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

from tavola.core.apply import Change
from tavola.core.errors import StoreReadOnly
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    Delete,
    Get,
    Operation,
    Put,
    Query,
    Read,
    Request,
    Scan,
    Transact,
    Update,
)
from tavola.core.units import units_of_read
from tavola.stores.sqlite.files import open_reader, open_writer, translate
from tavola.stores.sqlite.lock import WriterLock
from tavola.stores.sqlite.reader import Reader
from tavola.stores.sqlite.writer import Committed, Forget, Writer
from tavola.stores.stats import StoreStats

_SLICE = 1_000


class SQLiteStore:
    """One file. This process is its only writer; other processes may read beside it."""

    def __init__(self, path: Path, reader: Reader, lock: WriterLock | None) -> None:
        self.path = path
        self.lock = lock
        self.stats = StoreStats()
        self._reader = reader
        self._writer: Writer | None = None
        self._changed = asyncio.Event()
        self._last_change = 0

    @classmethod
    async def open(cls, path: Path, clock: Callable[[], str]) -> Self:
        """Open for writing, or only for reading where the file or disk cannot be written.

        Raises `StoreInUse` when another process writes it, and `StoreUnusable` for a file that
        is no store, or one of a newer version.
        """
        try:
            lock = WriterLock(path)
        except OSError:
            return cls._read_only_or_none(path)
        try:
            connection = open_writer(path)
            store = cls(path, Reader(open_reader(path), keeps_heads=True), lock)
            store._writer = Writer(connection, path, clock, store._deliver)
        except BaseException as error:
            lock.release()
            if isinstance(error, StoreReadOnly):
                return cls._read_only_or_none(path)
            raise
        store._last_change = store._writer.last_change
        return store

    @classmethod
    def _read_only_or_none(cls, path: Path) -> Self:
        if not path.exists():
            raise StoreReadOnly(f"{path} cannot be made: check the folder.")
        return cls.open_read_only(path)

    @classmethod
    def open_read_only(cls, path: Path) -> Self:
        """Open for reading, beside whoever writes. Every write raises `StoreReadOnly`."""
        return cls(path, Reader(open_reader(path)), None)

    @classmethod
    def open_still(cls, path: Path) -> Self:
        """Open for reading, and keep everybody from writing. Raises `StoreInUse` too.

        On a disk that cannot be written there is nobody to keep from it.
        """
        reader = Reader(open_reader(path))
        try:
            return cls(path, reader, WriterLock(path))
        except OSError:
            return cls(path, reader, None)
        except BaseException:
            reader.close()
            raise

    @property
    def writable(self) -> bool:
        """Whether this process may write."""
        return self._writer is not None

    async def close(self) -> None:
        """Finish queued writes, then close the file and let the next writer in."""
        if self._writer:
            await self._writer.finish()
        self._reader.close()
        if self._writer:
            self._writer.close()
        if self.lock:
            self.lock.release()

    async def execute(self, request: Request) -> Any:
        """See `Store.execute`. Writes of one request go into one commit where they can."""
        if not isinstance(request, tuple):
            result = self._start(request)
            return _unwrap(await result) if isinstance(result, asyncio.Future) else result
        started = [self._start(operation) for operation in request]
        waiting = [result for result in started if isinstance(result, asyncio.Future)]
        if waiting:
            await asyncio.wait(waiting)
        return [
            _unwrap(result.result()) if isinstance(result, asyncio.Future) else result
            for result in started
        ]

    async def scan(self) -> AsyncIterator[list[Item]]:
        """See `Store.scan`. Reads on a connection of its own, off the event loop."""
        reader = Reader(open_reader(self.path))
        try:
            reader.hold()
            last = Key("", "")
            while items := await asyncio.to_thread(reader.slice_after, last, _SLICE):
                yield items
                last = key_of(items[-1])
        finally:
            reader.close()

    @property
    def last_change(self) -> int:
        """See `FeedSource.last_change`."""
        return self._last_change

    def newest_change(self) -> int:
        """See `FeedSource.newest_change`."""
        try:
            return self._reader.newest_change()
        except sqlite3.Error as error:
            raise translate(error, self.path) from error

    def read_changes(self, after: int, limit: int) -> list[Change]:
        """See `FeedSource.read_changes`.

        What is committed but not delivered yet is left for the next time: the heads that are kept
        in memory must not be older than what the feed acts on.
        """
        try:
            return self._reader.changes(after + 1, self._last_change, limit)
        except sqlite3.Error as error:
            raise translate(error, self.path) from error

    async def wait_for_change(self, after: int) -> None:
        """See `FeedSource.wait_for_change`."""
        while self._last_change <= after:
            self._changed.clear()
            await self._changed.wait()

    async def forget_changes(self, before: int, committed_before: str) -> None:
        """See `FeedSource.forget_changes`."""
        try:
            oldest = self._reader.oldest_change_at()
        except sqlite3.Error as error:
            raise translate(error, self.path) from error
        if oldest is None or oldest >= committed_before:
            return
        _unwrap(await self._submit(Forget(before, committed_before)))

    def _start(self, operation: Operation) -> Any:
        try:
            match operation:
                case Query():
                    return self._counted(operation, self._reader.query(operation))
                case Get():
                    return self._counted(operation, self._reader.get(operation))
                case Scan():
                    return self._counted(operation, self._reader.scan(operation))
                case Put() | Update() | Delete() | Transact():
                    self.stats.asked(operation.pattern)
                    return self._submit(operation)
        except sqlite3.Error as error:
            raise translate(error, self.path) from error

    def _counted(self, read: Read, answer: tuple[Any, int]) -> Any:
        result, blocks = answer
        self.stats.answered(read.pattern, units_of_read(read, blocks))
        return result

    def _submit(self, job: Put | Update | Delete | Transact | Forget) -> asyncio.Future[Any]:
        if self._writer is None:
            raise StoreReadOnly
        return self._writer.submit(job)

    def _deliver(self, committed: Committed) -> None:
        self._reader.forget_heads(committed.changed)
        if committed.last_change > self._last_change:
            self._last_change = committed.last_change
            self._changed.set()
        if committed.writes:
            self.stats.committed(committed.writes)
        for (job, future, measuring), (result, units) in committed.outcomes:
            if not isinstance(job, Forget):
                self.stats.consumed(job.pattern, 0, units, measuring)
            if not future.done():  # its request may have been cancelled
                future.set_result(result)


def _unwrap(result: Any) -> Any:
    """A write's result, or its error raised."""
    if isinstance(result, BaseException):
        raise result
    return result
