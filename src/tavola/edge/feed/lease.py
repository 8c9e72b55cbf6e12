"""The lease: of all workers of a table one is at work, the others wait.

The one at work gives a sign of life every ten seconds: it counts up. Who waits and sees the same
count for thirty seconds, by its own clock, takes over, on the condition that it still is that
count. So clocks need not agree. Where the one at work was a process of the same machine and is
gone, its successor need not wait. A worker that lost the lease without noticing does no harm:
what it does is idempotent.
"""

import asyncio
import time
from collections.abc import Callable

import structlog

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import TavolaError
from tavola.edge.feed.handling import NAME
from tavola.edge.feed.pace import Pace
from tavola.edge.ports import Executor

log = structlog.get_logger("tavola.feed")


class Lease:
    """One worker's hold on the feed."""

    def __init__(
        self,
        store: Executor,
        owner: str,
        is_gone: Callable[[str], bool],
        ago: Callable[[float], str],
        pace: Pace,
    ) -> None:
        self._store = store
        self._pace = pace
        self._owner = owner
        self._is_gone = is_gone
        self._ago = ago
        self._seen: e.FeedState | None = None
        self._seen_at = 0.0

    async def wait(self) -> None:
        """Wait until the lease is ours."""
        waiting = False
        while not await self._try():
            if not waiting:
                waiting = True
                log.info("another worker is at work; this one waits", owner=self._holder)
            await asyncio.sleep(self._pace.lease_look_s)

    async def take(self) -> bool:
        """Take the lease unless another worker has it. Raises errors of the store."""
        item = await self._store.execute(patterns.get_lease(NAME))
        found = table.FEED_STATE.parse(item) if item else None
        if found is None or found != self._seen:
            self._seen, self._seen_at = found, time.monotonic()
        if found is None or found.owner in (None, self._owner):
            return await self._beat()
        silent = time.monotonic() - self._seen_at >= self._pace.lease_s
        return (silent or self._is_gone(found.owner)) and await self._beat()

    async def keep(self) -> None:
        """Give signs of life; return when the lease is lost."""
        while time.monotonic() - self._seen_at < self._pace.lease_s:
            await asyncio.sleep(self._pace.beat_s)
            try:
                if not await self._beat():
                    break
            except TavolaError as error:
                log.warning("no sign of life could be given", code=error.code)
        log.warning("the lease is lost to another worker")

    async def give_up(self) -> None:
        """Let another worker begin at once."""
        if self._seen is not None and self._seen.owner == self._owner:
            await self._store.execute(patterns.drop_lease(self._seen))

    @property
    def _holder(self) -> str | None:
        return self._seen.owner if self._seen else None

    async def _try(self) -> bool:
        try:
            return await self.take()
        except TavolaError as error:
            log.warning("the lease cannot be looked at", code=error.code)
            return False

    async def _beat(self) -> bool:
        """Count up; False when somebody else was faster."""
        seen = self._seen
        beat = (seen.beat or 0) + 1 if seen else 1
        mine = e.FeedState(feed=NAME, part="LEASE", owner=self._owner, beat=beat, at=self._ago(0))
        if await self._store.execute(patterns.put_lease(mine, seen)) is not None:
            self._seen = None
            return False
        self._seen, self._seen_at = mine, time.monotonic()
        return True
