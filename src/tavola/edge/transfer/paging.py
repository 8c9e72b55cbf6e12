"""Walks over a whole store, page by page, with several pages in hand at a time.

It holds a few pages whatever the size of the store. What of a store is its own, the state of feeds,
is left out: it says nothing about people and means nothing elsewhere.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import NamedTuple, TypeVar

from tavola.core import patterns
from tavola.core.errors import ImportUnreadable, StoreUnusable
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import ScanPage
from tavola.edge.ports import Executor

T = TypeVar("T")
OWN = "FeedState"


class Page(NamedTuple):
    """Items in the order of their source, and the key at which the page ends."""

    items: list[Item]
    end: Key


async def pages_of(
    store: Executor, size: int, start: Key | None = None
) -> AsyncGenerator[Page, None]:
    """The items behind a key, in pages of at most `size`: all that was acknowledged before.

    Raises `ImportUnreadable` for items with values that Tavola does not know.
    """
    while True:
        try:
            found: ScanPage = await store.execute(patterns.scan_table(size, start, consistent=True))
        except StoreUnusable as error:
            raise ImportUnreadable(str(error)) from None
        if found.items:
            kept = [item for item in found.items if item.get("type") != OWN]
            yield Page(kept, key_of(found.items[-1]))
        start = found.next
        if start is None:
            return


async def is_empty(store: Executor, size: int) -> bool:
    """Whether a store holds nothing but its own state."""
    async for page in pages_of(store, size):
        if page.items:
            return False
    return True


async def in_order(
    pages: AsyncIterator[Page], work: Callable[[list[Item]], Awaitable[T]], at_once: int
) -> AsyncGenerator[tuple[Page, T], None]:
    """Do something with the items of each page, several pages at a time.

    The pages and what came of each are told in the order of the pages. When one fails, the others
    that are under way are stopped.
    """
    under_way: deque[tuple[Page, asyncio.Task[T]]] = deque()

    async def oldest() -> tuple[Page, T]:
        page, task = under_way[0]
        result = await task
        under_way.popleft()
        return page, result

    async def begin(page: Page) -> T:
        return await work(page.items)

    try:
        async for page in pages:
            under_way.append((page, asyncio.create_task(begin(page))))
            if len(under_way) == at_once:
                yield await oldest()
        while under_way:
            yield await oldest()
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)
