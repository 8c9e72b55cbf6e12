"""Reads on the event loop: a read-only connection, and the heads of active conversations.

A head Query is asked again and again (each inbox page asks it of every conversation it may show),
so its answer is kept until a commit touches that collection. Only the process that writes does so,
because nothing tells the others of a commit.

Each answer comes with the started 4 KB that DynamoDB would have read for it.
"""

import sqlite3
from collections import OrderedDict

from tavola.core.apply import Change
from tavola.core.items import Item, Key, decode_attributes, decode_run, key_of
from tavola.core.operations import Get, Page, Query, Scan, ScanPage, holds_nothing
from tavola.core.units import blocks_read, is_one_block

HEADS_MAX = 20_000  # about a kilobyte each
_KEY_NAMES = "pksk"
_FEW = 16  # rows that may be one block of 4 KB together
_HEAD_PATTERNS = frozenset(("direct_head", "group_head"))

_GET = "SELECT doc FROM items WHERE pk = ? AND sk = ?"
_QUERY = "SELECT sk, doc FROM items WHERE pk = ? AND sk BETWEEN ? AND ?"
_QUERIES = {
    (False, False): f"{_QUERY} ORDER BY sk LIMIT ?",
    (False, True): f"{_QUERY} AND sk > ? ORDER BY sk LIMIT ?",
    (True, False): f"{_QUERY} ORDER BY sk DESC LIMIT ?",
    (True, True): f"{_QUERY} AND sk < ? ORDER BY sk DESC LIMIT ?",
}
_CHANGES = "SELECT n, pk, sk, old, new FROM changes WHERE n BETWEEN ? AND ? ORDER BY n LIMIT ?"
_OLDEST_CHANGE = "SELECT at FROM changes ORDER BY n LIMIT 1"
_NEWEST_CHANGE = "SELECT seq FROM sqlite_sequence WHERE name = 'changes'"
_SCAN = "SELECT pk, sk, doc FROM items WHERE (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ?"


class Reader:
    """Short reads, done at once. Results are the caller's own, but for those of head Queries."""

    def __init__(self, connection: sqlite3.Connection, *, keeps_heads: bool = False) -> None:
        self._connection = connection
        self._keeps_heads = keeps_heads
        self._heads: OrderedDict[str, tuple[Page, int]] = OrderedDict()

    def get(self, get: Get) -> tuple[Item | None, int]:
        """One item, and the blocks read."""
        row = self._connection.execute(_GET, get.key).fetchone()
        if row is None:
            return None, blocks_read(())
        item = decode_attributes(get.key, row[0])
        small = is_one_block(row[0], f"{_KEY_NAMES}{get.key.pk}{get.key.sk}")
        return item, 1 if small else blocks_read((item,))

    def query(self, query: Query) -> tuple[Page, int]:
        """A page, and the blocks read; heads from memory where they are known."""
        if not self._keeps_heads or query.pattern not in _HEAD_PATTERNS:
            return self._read(query)
        answer = self._heads.get(query.pk)
        if answer is None:
            answer = self._heads[query.pk] = self._read(query)
            if len(self._heads) > HEADS_MAX:
                self._heads.popitem(last=False)
        return answer

    def forget_heads(self, collections: set[str]) -> None:
        """Drop what was kept of these collections: they have changed."""
        for pk in collections:
            self._heads.pop(pk, None)

    def changes(self, first: int, last: int, limit: int) -> list[Change]:
        """Committed changes from one number to another."""
        found = []
        for n, pk, sk, old, new in self._connection.execute(_CHANGES, (first, last, limit)):
            key = Key(pk, sk)
            before = decode_attributes(key, old) if old else None
            found.append(Change(n, key, before, decode_attributes(key, new) if new else None))
        return found

    def newest_change(self) -> int:
        """See `newest_change`."""
        return newest_change(self._connection)

    def oldest_change_at(self) -> str | None:
        """When the oldest change that is kept was committed."""
        row = self._connection.execute(_OLDEST_CHANGE).fetchone()
        return row[0] if row else None

    def scan(self, scan: Scan) -> tuple[ScanPage, int]:
        """A page of the whole file, which is not segmented, and the blocks read."""
        if scan.segment > 0:
            return ScanPage([]), blocks_read(())
        found = self.slice_after(scan.start or Key("", ""), scan.limit + 1)
        items = found[: scan.limit]
        following = key_of(items[-1]) if len(found) > scan.limit else None
        return ScanPage(items, following), blocks_read(items)

    def slice_after(self, key: Key, limit: int) -> list[Item]:
        """Items behind a key, in key order."""
        rows = self._connection.execute(_SCAN, (*key, limit))
        return [decode_attributes((pk, sk), doc) for pk, sk, doc in rows]

    def hold(self) -> None:
        """From now on read what is committed now, whatever is written meanwhile."""
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_one_block(self, pk: str, rows: list[tuple[str, str]]) -> bool:
        if len(rows) > _FEW:
            return False
        keys = "".join([sk for sk, _ in rows]) + (_KEY_NAMES + pk) * len(rows)
        return is_one_block("".join([doc for _, doc in rows]), keys)

    def _read(self, query: Query) -> tuple[Page, int]:
        if holds_nothing(query):
            return Page([]), 0
        bounds = (query.pk, query.low, query.high)
        start = () if query.start is None else (query.start,)
        sql = _QUERIES[query.reverse, query.start is not None]
        rows = self._connection.execute(sql, (*bounds, *start, query.limit + 1)).fetchall()
        seen = rows[: query.limit + query.peek]
        items = decode_run(query.pk, seen)
        blocks = 1 if self._is_one_block(query.pk, seen) else blocks_read(items)
        if len(rows) <= query.limit:
            return Page(items), blocks
        items = items[: query.limit]
        return Page(items, items[-1]["sk"]), blocks


def newest_change(connection: sqlite3.Connection) -> int:
    """The number of the newest change that was ever committed; 0 for none."""
    row = connection.execute(_NEWEST_CHANGE).fetchone()
    return int(row[0]) if row else 0
