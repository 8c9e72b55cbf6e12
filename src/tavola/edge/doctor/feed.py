"""Lets the feed catch up before an examination, so that what it has still to do is not told.

An embedded store that nobody has open is followed here; beside a server its checkpoint is waited
for. A table is followed where this may write to it; else its worker has the time of the second
looks.
"""

import asyncio
import time
from typing import Protocol

from tavola.core import patterns
from tavola.core.errors import FeedMissing
from tavola.edge.doctor.report import Note
from tavola.edge.feed.handling import NAME
from tavola.edge.feed.status import Changing, asides, local_status
from tavola.edge.ports import Executor

_LOOK_S = 0.2

BEHIND = Note(
    "feed_behind",
    "The feed has not caught up in time. What it has still to do may be told as wrong.",
)
UNFOLLOWED = Note(
    "feed_unfollowed",
    "No worker follows this table. What the feed has still to do is told as wrong: start one, or "
    "let doctor follow it with --yes NAME.",
)


class Settling(Protocol):
    """A feed that can be followed to its end."""

    async def settle(self) -> None: ...


async def settle(feed: Settling, wait_s: float) -> list[Note]:
    """Follow the changes until there are no more, unless another worker is there for it."""
    try:
        async with asyncio.timeout(wait_s):
            await feed.settle()
    except TimeoutError:
        return [BEHIND]
    except FeedMissing as error:
        return [Note(error.code, str(error))]
    return []


async def wait_for_server(store: Changing, wait_s: float) -> list[Note]:
    """Wait until the server has handled what was written before now, as its checkpoint says."""
    wanted = store.newest_change()
    deadline_s = time.monotonic() + wait_s
    while True:
        checkpoint = (await local_status(store)).checkpoint
        if wanted <= (checkpoint.position if checkpoint else 0):
            return []
        if time.monotonic() >= deadline_s:
            return [BEHIND]
        await asyncio.sleep(_LOOK_S)


async def is_followed(store: Executor) -> list[Note]:
    """Whether there is a worker that follows a table."""
    return [] if await store.execute(patterns.get_lease(NAME)) else [UNFOLLOWED]


async def set_aside(store: Executor) -> list[Note]:
    """Whether the feed could not handle some changes."""
    found = await asides(store)
    text = (
        f"{len(found):,} changes were set aside by the feed: what should have followed from them "
        "may be told as wrong. `tavola feed status` lists them."
    )
    return [Note("set_aside", text)] if found else []
