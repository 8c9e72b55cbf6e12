"""The writer thread: drains a queue and commits all that waits at once (group commit).

A batch is decided in Python by the same `apply` as in the memory store, on the items as they are
with the writes before it in the batch; what comes of it is written by three statements and one
commit. Each statement takes whole lists as JSON: one step, so the thread gives up the interpreter
lock a handful of times a batch, not a handful of times a write. For the same reason the event loop
hands over what one of its turns has gathered at once: waking the thread for each write costs more
than the write.

A batch that cannot be committed is rolled back whole, and each of its writes gets the error.

Each write comes back with the units that DynamoDB would charge, and with those who measured where
it was asked for: the thread knows nothing of that place.
"""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import msgspec

from tavola.core.apply import apply, keys_written
from tavola.core.errors import StoreStopping
from tavola.core.items import BadItem, Item, Key, check_key, decode_attributes, encode_attributes
from tavola.core.operations import Transact, Write
from tavola.core.units import units_of_write
from tavola.stores.sqlite.files import translate
from tavola.stores.sqlite.reader import newest_change
from tavola.stores.stats import Meters, meters

BATCH_WRITES_MAX = 500

_LOAD = """
SELECT json_group_array(json_array(pk, sk, doc)) FROM items
WHERE (pk, sk) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))
"""
_PUT = """
INSERT INTO items (pk, sk, doc)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
ON CONFLICT (pk, sk) DO UPDATE SET doc = excluded.doc
"""
_DELETE = """
DELETE FROM items WHERE (pk, sk) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))
"""
_CHANGE = """
INSERT INTO changes (n, at, pk, sk, old, new)
SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)
"""
# A slice at a time from the oldest on, so that no commit waits long for it.
_FORGET = """
DELETE FROM changes WHERE n IN (SELECT n FROM changes WHERE n <= ? ORDER BY n LIMIT 2000)
AND at < ?
"""

_encode = msgspec.json.Encoder().encode
_decode_rows = msgspec.json.Decoder(list[tuple[str, str, str]]).decode


class Forget(NamedTuple):
    """Drop changes up to a number that are older than a time."""

    n: int
    committed_before: str


Job = Write | Transact | Forget


class Waiting(NamedTuple):
    """A job, who waits for it, and who measures what it costs."""

    job: Job
    future: asyncio.Future[Any]
    meters: Meters


class Outcome(NamedTuple):
    """A job's result or error, and the units that it costs."""

    result: Any
    units: int = 0


class Committed(NamedTuple):
    """What a batch came to: each job's outcome, and the collections it changed."""

    outcomes: list[tuple[Waiting, Outcome]]
    changed: set[str]
    last_change: int
    writes: int


class Writer:
    """Owns the writing connection and its thread. `deliver` is called on the event loop."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        clock: Callable[[], str],
        deliver: Callable[[Committed], None],
    ) -> None:
        self._connection = connection
        self._path = path
        self._clock = clock
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[list[Waiting] | None] = SimpleQueue()
        self._gathered: list[Waiting] = []
        self._stopping = False
        self.last_change = newest_change(connection)
        self._thread = threading.Thread(target=self._run, name="tavola-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> asyncio.Future[Any]:
        """Queue a job; its result comes when it is durable."""
        if self._stopping:
            raise StoreStopping
        future: asyncio.Future[Any] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(Waiting(job, future, meters()))
        return future

    async def finish(self) -> None:
        """Refuse new jobs, finish what is queued and end the thread."""
        self._stopping = True
        self._hand_over()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def close(self) -> None:
        """Close the connection; the last one to close folds the WAL into the file."""
        self._connection.close()

    def _hand_over(self) -> None:
        """Give the thread what one turn of the event loop has gathered: it wakes up once for it."""
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = list(first)
            ended = self._drain(batch)
            committed = self._commit(batch)
            self._loop.call_soon_threadsafe(self._deliver, committed)
            if ended:
                return

    def _drain(self, batch: list[Waiting]) -> bool:
        while len(batch) < BATCH_WRITES_MAX:
            try:
                more = self._queue.get_nowait()
            except Empty:
                return False
            if more is None:
                return True
            batch += more
        return False

    def _commit(self, batch: list[Waiting]) -> Committed:
        try:
            self._undo()
            work = _Batch(self._connection, self.last_change)
            outcomes = work.run([waiting.job for waiting in batch], self._clock())
        except Exception as error:  # noqa: BLE001 - whatever it is, every waiting write must learn it
            self._undo()
            known = translate(error, self._path) if isinstance(error, sqlite3.Error) else error
            failed = [(waiting, Outcome(known)) for waiting in batch]
            return Committed(failed, set(), self.last_change, 0)
        self.last_change = work.last_change
        done = list(zip(batch, outcomes, strict=True))
        return Committed(done, work.changed, self.last_change, len(batch))

    def _undo(self) -> None:
        """End a transaction that could not be committed. If even that fails, the next batch tries
        again: until then nothing can be written, but the thread lives and every write is told.
        """
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()


class _Batch:
    """One transaction: jobs decided in order on the items they name."""

    def __init__(self, connection: sqlite3.Connection, last_change: int) -> None:
        self._connection = connection
        self.last_change = last_change
        self.changed: set[str] = set()
        self._items: dict[Key, Item] = {}
        self._docs: dict[Key, str] = {}
        self._log: list[tuple[int, str, str, str | None, str | None]] = []
        self._touched: set[Key] = set()

    def run(self, jobs: list[Job], now: str) -> list[Outcome]:
        """Decide and commit; the outcome of each job. Raises `sqlite3.Error`."""
        writes = [job for job in jobs if not isinstance(job, Forget)]
        self._load({key for write in writes for key in keys_written(write)})
        outcomes = [Outcome(None) if isinstance(job, Forget) else self._decide(job) for job in jobs]
        forgets = [job for job in jobs if isinstance(job, Forget)]
        if self._touched or forgets:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write(now)
            for forget in forgets:
                self._connection.execute(_FORGET, forget)
            self._connection.execute("COMMIT")
        return outcomes

    def _load(self, keys: set[Key]) -> None:
        try:
            wanted = _encode(list(keys))
        except UnicodeEncodeError:  # a key that no table holds; its own write will be refused
            wanted = _encode([key for key in keys if _is_valid(key)])
        rows = self._connection.execute(_LOAD, (wanted,)).fetchone()[0]
        for pk, sk, doc in _decode_rows(rows):
            key = Key(pk, sk)
            self._docs[key] = doc
            self._items[key] = decode_attributes(key, doc)

    def _decide(self, write: Write | Transact) -> Outcome:
        try:
            effect = apply(write, self._items.get)
            units = units_of_write(write, effect.found)
            docs = [None if new is None else encode_attributes(new) for _, _, new in effect.changes]
        except Exception as error:  # noqa: BLE001 - a bad write fails alone, the batch goes on
            return Outcome(error)
        for (key, _, new), doc in zip(effect.changes, docs, strict=True):
            self._record(key, new, doc)
        return Outcome(effect.failure, units)

    def _record(self, key: Key, new: Item | None, doc: str | None) -> None:
        old = self._docs.pop(key, None)
        self._items.pop(key, None)
        if new is not None and doc is not None:
            self._items[key], self._docs[key] = new, doc
        self._touched.add(key)
        self.changed.add(key.pk)
        if not key.pk.startswith("FEED#"):
            self.last_change += 1
            self._log.append((self.last_change, key.pk, key.sk, old, doc))

    def _write(self, now: str) -> None:
        puts = [(*key, self._docs[key]) for key in self._touched if key in self._docs]
        deletes = [key for key in self._touched if key not in self._docs]
        if puts:
            self._connection.execute(_PUT, (_encode(puts),))
        if deletes:
            self._connection.execute(_DELETE, (_encode(deletes),))
        if self._log:
            self._connection.execute(_CHANGE, (now, _encode(self._log)))


def _is_valid(key: Key) -> bool:
    try:
        check_key(key)
    except BadItem:
        return False
    return True
