"""How far the feed has come, as the store tells it: also where another process runs the feed."""

from typing import Any, Protocol

import msgspec

from tavola.core import limits, patterns, table
from tavola.core.operations import Page, Request
from tavola.edge.feed import NAME, PART


class Checkpoint(msgspec.Struct, frozen=True):
    """Up to which change the feed had come, and when it wrote so."""

    position: int
    at: str


class Aside(msgspec.Struct, frozen=True):
    """A change that could not be handled."""

    change: int
    at: str | None
    error: str | None


class Status(msgspec.Struct, frozen=True):
    """The feed's place in the changes. The lag counts from the checkpoint."""

    last_change: int
    checkpoint: Checkpoint | None
    lag: int
    set_aside: list[Aside]


class Changing(Protocol):
    """A store that numbers its changes."""

    async def execute(self, request: Request) -> Any: ...

    def newest_change(self) -> int: ...


async def status_of(store: Changing) -> Status:
    """Read where the feed is."""
    item = await store.execute(patterns.get_checkpoint(NAME, PART))
    state = table.FEED_STATE.parse(item) if item else None
    checkpoint = Checkpoint(state.position or 0, state.at or "") if state else None
    position = checkpoint.position if checkpoint else 0
    last = store.newest_change()
    return Status(last, checkpoint, max(0, last - position), await _set_aside(store))


async def _set_aside(store: Changing) -> list[Aside]:
    found: list[Aside] = []
    start: str | None = None
    while True:
        page: Page = await store.execute(patterns.list_set_aside(NAME, limits.MEMBER_SLICE, start))
        states = [table.FEED_STATE.parse(item) for item in page.items]
        found += [Aside(state.position or 0, state.at, state.error) for state in states]
        start = page.next
        if start is None:
            return found
