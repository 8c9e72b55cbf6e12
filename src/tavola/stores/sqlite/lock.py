"""One writer at a time: a lock file beside the store, held for as long as the process lives.

The operating system drops the lock when the process ends, however it ends. The file says who
holds it and, for a server, where it answers, so that the command line can go through it.
"""

import contextlib
import fcntl
import os
from pathlib import Path

import msgspec

from tavola.core.errors import StoreInUse


class Holder(msgspec.Struct):
    """Who writes the store."""

    pid: int
    url: str | None = None


class WriterLock:
    """An exclusive lock on `STORE.lock`. Raises `StoreInUse`, and `OSError` on a read-only disk."""

    def __init__(self, store: Path) -> None:
        self._file = os.open(lock_path(store), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise _in_use(store) from None
        self.announce(None)

    def announce(self, url: str | None) -> None:
        """Say where the holder answers; on a full disk nothing is said, the lock holds anyway."""
        holder = msgspec.json.encode(Holder(os.getpid(), url))
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, holder, 0)

    def release(self) -> None:
        """Let the next writer in."""
        os.ftruncate(self._file, 0)
        os.close(self._file)


def lock_path(store: Path) -> Path:
    """Where a store's lock is."""
    return store.with_name(store.name + ".lock")


def holder_of(store: Path) -> Holder | None:
    """Who holds the lock now; None when nobody does."""
    try:
        file = os.open(lock_path(store), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(file)
    finally:
        os.close(file)
    return None


def _read(file: int) -> Holder:
    try:
        return msgspec.json.decode(os.pread(file, 4096, 0), type=Holder)
    except msgspec.DecodeError:
        return Holder(0)


def _in_use(store: Path) -> StoreInUse:
    holder = holder_of(store)
    who = f"process {holder.pid}" if holder and holder.pid else "another process"
    where = f" (a server at {holder.url})" if holder and holder.url else ""
    return StoreInUse(f"{store} is open for writing by {who}{where}. Stop it first.")
