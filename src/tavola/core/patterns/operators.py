"""Access patterns of operators: any item, for tools."""

from tavola.core import limits
from tavola.core.items import Item, Key
from tavola.core.operations import Get, Put, Query, Scan
from tavola.core.patterns.declared import LISTED_HIGH, pattern


@pattern("Any item collection, for operators", "pk, sk between two keys", "0.5 RRU per 4 KB")
def read_collection(
    pk: str,
    low: str = "",
    high: str = "",
    limit: int = limits.PAGE_DEFAULT,
    *,
    reverse: bool = False,
    start: str | None = None,
) -> Query:
    return Query(
        "read_collection", pk, low or "!", high or LISTED_HIGH, limit, reverse, start=start
    )


@pattern("The whole table, for operators", "none: every item, in segments", "0.5 RRU per 4 KB")
def scan_table(
    limit: int,
    start: Key | None = None,
    segment: int = 0,
    segments: int = 1,
    *,
    consistent: bool = False,
) -> Scan:
    """A page of a segment; raises `BadItem` for bounds and keys that make no sense."""
    return Scan("scan_table", limit, start, segment, segments, consistent)


@pattern("Copy or import an item as it is", "put, whatever is there", "1 WRU")
def copy_item(item: Item) -> Put:
    return Put("copy_item", item)


@pattern("Is a copied item the same?", "pk and sk of the item", "1 RRU")
def compare_item(key: Key) -> Get:
    return Get("compare_item", key, consistent=True)
