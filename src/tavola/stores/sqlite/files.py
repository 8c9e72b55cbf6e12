"""Opening the file: its schema, its version, and what is refused.

The file is in WAL mode with `synchronous=FULL`: what was acknowledged survives a power cut. The
schema's version stands in the file (`user_version`), and Tavola's mark too (`application_id`), so
that another program's database is left alone and a newer file is not misread.
"""

import errno
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from tavola.core.errors import (
    StoreFailed,
    StoreFull,
    StoreReadOnly,
    StoreUnusable,
    TavolaError,
)

APPLICATION_ID = 0x5461766F  # "Tavo"
SCHEMA_VERSION = 1
SQLITE_VERSION_MIN = (3, 38, 0)  # STRICT tables and the ->> operator

_SCHEMA = """
CREATE TABLE items (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pk, sk)
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    old TEXT,
    new TEXT
) STRICT;
"""

_MAGIC = b"SQLite format 3\0"

_UNWRITABLE = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))
_CODES: dict[int, type[TavolaError]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_NOTADB: StoreUnusable,
    sqlite3.SQLITE_CORRUPT: StoreUnusable,
}


def open_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes; makes the file when it is not there.

    Raises `StoreUnusable`, `StoreReadOnly`, `StoreFull` and `StoreFailed`.
    """
    if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
        raise StoreUnusable(f"SQLite {sqlite3.sqlite_version} is too old; 3.38 is needed.")
    try:
        if _holds_something(path):  # a look that changes nothing, not even a WAL left behind
            _connect_read_only(path).close()
        else:
            _make_private(path)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise translate(error, path) from error
    return connection


def _make_private(path: Path) -> None:
    """A new file for its owner only, as SQLite then makes the files beside it, too."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        kind = StoreReadOnly if error.errno in _UNWRITABLE else StoreFailed
        raise kind(f"{path}: {error.strerror}.") from None


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises `StoreUnusable` and `StoreFailed`."""
    if not path.exists():
        raise StoreUnusable(f"{path} is not there.")
    try:
        if not _holds_something(path):
            raise StoreUnusable(f"{path} is empty.")
        connection = _connect_read_only(path)
        if _check(connection, path) == 0:
            connection.close()
            raise StoreUnusable(f"{path} is empty.")
        connection.execute("PRAGMA cache_size = -8000")
    except sqlite3.Error as error:
        raise translate(error, path) from error
    return connection


def _holds_something(path: Path) -> bool:
    """Whether there is a database; `StoreUnusable` for a file that is something else."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}.") from None
    if start not in (b"", _MAGIC):
        raise StoreUnusable(f"{path} is not a database.")
    return bool(start)


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection to a file of ours. On a read-only disk nothing can be put beside the file,
    which SQLite wants for a WAL; where there is none, nobody can be writing, so it does without.
    """
    try:
        return _connect_checked(path, "mode=ro")
    except sqlite3.OperationalError as error:
        wal = path.with_name(path.name + "-wal")
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN or wal.exists():
            raise
        return _connect_checked(path, "immutable=1")


def _connect_checked(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?{how}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def translate(error: sqlite3.Error, path: Path) -> TavolaError:
    """The error of the catalogue for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind = _CODES.get(code, StoreFailed)
    return kind(f"{path}: {error}.")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA busy_timeout = 5000")
    if _check(connection, path) == 0:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA}"
            f"PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")  # fewer checkpoints, shorter tail
    connection.execute("PRAGMA temp_store = MEMORY")


def _check(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's version, 0 for a file with nothing in it."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables == 0 and mark in (0, APPLICATION_ID):
        return 0
    if mark != APPLICATION_ID:
        raise StoreUnusable(f"{path} is a database of another program, not a Tavola store.")
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            f"{path} was written by a newer Tavola (schema {version}, this one knows "
            f"{SCHEMA_VERSION}). Upgrade Tavola to open it."
        )
    return int(version)
