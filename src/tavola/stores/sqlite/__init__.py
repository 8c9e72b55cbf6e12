"""The embedded store: one SQLite file, one writer thread, reads on the event loop."""

from tavola.stores.sqlite.store import SQLiteStore

__all__ = ["SQLiteStore"]
