"""A consistent copy of the file while others write it, and putting such a copy in its place.

The copy is of one moment: a read transaction stays open until the last page is copied, and writers
go on beside it. It is checked, synced to the disk and only then given its name, so that what has
the name is whole. It is one file, with nothing beside it.
"""

import contextlib
import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tavola.core.errors import StoreFailed, StoreUnusable, invalid
from tavola.stores.sqlite.files import open_reader, translate
from tavola.stores.sqlite.lock import WriterLock

PAGES_AT_ONCE = 2_048  # 8 MB between two words on the progress
_BESIDE = ("", "-wal", "-shm")

Progress = Callable[[int, int], None]
"""Told how many pages are copied, of how many."""


class Backup(NamedTuple):
    """A copy: where it is, how large, and how many items it holds."""

    path: Path
    bytes: int
    items: int


def back_up(store: Path, target: Path, told: Progress) -> Backup:
    """Copy a store into a new file.

    Raises `Invalid` where there is one already, `StoreUnusable`, `StoreFull` and `StoreFailed`,
    and `OSError` where the file cannot be made.
    """
    _check_free(target)
    with _copied(store, target.parent, told) as copy:
        items = _count_items(copy)
        _check_free(target)  # another may have made it meanwhile, perhaps of another store
        copy.rename(target)
        _sync_folder(target.parent)
    return Backup(target, target.stat().st_size, items)


def restore(source: Path, store: Path, aside: Path, told: Progress) -> Backup:
    """Put a copy of a backup where the store is; what was there is moved to `aside`, as it was.

    Raises `StoreInUse` while somebody writes the store, `StoreFailed` where it is a folder, and
    what `back_up` raises.
    """
    if store.is_dir():  # it would be moved aside with everything in it
        raise StoreFailed(f"{store}: {os.strerror(errno.EISDIR)}.")
    lock = WriterLock(store)
    try:
        with _copied(source, store.parent, told) as copy:
            items = _count_items(copy)
            for end in _BESIDE:
                with contextlib.suppress(FileNotFoundError):
                    store.with_name(store.name + end).rename(aside.with_name(aside.name + end))
            copy.rename(store)
            _sync_folder(store.parent)
    finally:
        lock.release()
    return Backup(store, store.stat().st_size, items)


def _check_free(target: Path) -> None:
    if target.exists():
        raise invalid("target", "exists", f"{target} is there already")


@contextlib.contextmanager
def _copied(source: Path, folder: Path, told: Progress) -> Iterator[Path]:
    """A checked copy under a name of its own, which is gone at the end."""
    reader = open_reader(source)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{source.name}.", suffix=".partial", dir=folder)
        os.close(handle)
        copy = Path(name)
        try:
            _copy(reader, copy, told)
            yield copy
        finally:
            for end in (*_BESIDE, "-journal"):
                Path(name + end).unlink(missing_ok=True)
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        raise translate(error, folder.resolve() if is_full else source) from error
    finally:
        reader.close()


def _copy(reader: sqlite3.Connection, copy: Path, told: Progress) -> None:
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from here on all is of now
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as writer:
        reader.backup(
            writer,
            pages=PAGES_AT_ONCE,
            progress=lambda _, remaining, total: told(total - remaining, total),
        )
        writer.execute("PRAGMA journal_mode = DELETE")  # a server makes it WAL again
        (found,) = writer.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        what = " ".join(found.split())
        raise StoreUnusable(f"The copy is damaged, and so is what was copied: {what}.")
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _count_items(copy: Path) -> int:
    with contextlib.closing(sqlite3.connect(copy)) as reader:
        (items,) = reader.execute("SELECT count(*) FROM items").fetchone()
    return int(items)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
