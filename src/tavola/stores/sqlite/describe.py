"""What can be said of a store's file without reading its items."""

import sqlite3
from pathlib import Path

import msgspec

from tavola.stores.sqlite.files import open_reader, translate

_COUNTS = "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM changes)"


class FileDescribed(msgspec.Struct, frozen=True):
    """A file with what is in it. Its size counts the write-ahead log beside it."""

    path: str
    bytes: int
    items: int
    changes: int
    schema: int


def describe_file(path: Path) -> FileDescribed:
    """A store's file. Raises `StoreUnusable` for one that is none, and `StoreFailed`."""
    connection = open_reader(path)
    try:
        items, changes = connection.execute(_COUNTS).fetchone()
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise translate(error, path) from error
    finally:
        connection.close()
    log = path.with_name(path.name + "-wal")
    size = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    return FileDescribed(str(path), size, items, changes, schema)
