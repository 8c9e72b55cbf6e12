"""Compares two stores item by item, in both directions.

Each item of the one is looked up in the other, strongly consistent, so memory holds a few pages
and the keys of what differs, whatever the size of the stores.
"""

from collections.abc import Callable
from contextlib import aclosing

import msgspec

from tavola.core import limits, patterns
from tavola.core.errors import ImportUnreadable, StoreUnusable
from tavola.core.items import Item, Key, is_same, key_of
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Executor
from tavola.edge.transfer.paging import in_order, pages_of


class Place(msgspec.Struct, frozen=True):
    """The key of an item."""

    pk: str
    sk: str


class Comparison(msgspec.Struct):
    """How many items were compared; which are missing in the copy, which differ in it, and which
    are only there.
    """

    items: int = 0
    identical: bool = True
    missing: list[Place] = []
    different: list[Place] = []
    only_in_copy: list[Place] = []


async def compare(original: Executor, copy: Executor, progress: Progress) -> Comparison:
    """Compare a store with its copy. Nobody should write either of them meanwhile.

    Raises `ImportUnreadable` for items with values that Tavola does not know.
    """
    found = Comparison()

    def look_at(item: Item, other: Item | None) -> None:
        found.items += 1
        if other is None:
            found.missing.append(Place(*key_of(item)))
        elif not is_same(item, other):
            found.different.append(Place(*key_of(item)))

    def look_back_at(item: Item, other: Item | None) -> None:
        if other is None:
            found.only_in_copy.append(Place(*key_of(item)))

    progress.stage("comparing", None)
    await _look_up_all(original, copy, look_at, progress)
    progress.stage("and back", None)
    await _look_up_all(copy, original, look_back_at, progress)
    found.identical = not (found.missing or found.different or found.only_in_copy)
    return found


async def _look_up_all(
    one: Executor, other: Executor, seen: Callable[[Item, Item | None], None], progress: Progress
) -> None:
    """Hand over each item of the one store with that of the other."""

    async def look_up(items: list[Item]) -> list[Item | None]:
        gets = tuple(patterns.compare_item(Key(item["pk"], item["sk"])) for item in items)
        try:
            found: list[Item | None] = await other.execute(gets)
        except StoreUnusable as error:
            raise ImportUnreadable(str(error)) from None
        return found

    pages = pages_of(one, limits.COPY_SLICE_ITEMS)
    async with aclosing(in_order(pages, look_up, limits.COPY_SLICES_MAX)) as looked_up:
        async for page, others in looked_up:
            for item, found in zip(page.items, others, strict=True):
                seen(item, found)
            progress.advance(len(page.items))
