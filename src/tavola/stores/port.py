"""What a store is, and how a flow runs on one."""

from collections.abc import AsyncIterator
from typing import Any, Protocol, TypeVar

from tavola.core.apply import Change
from tavola.core.errors import TavolaError
from tavola.core.items import Item
from tavola.core.operations import Request
from tavola.flows.flow import Flow

T = TypeVar("T")


class Store(Protocol):
    """Executes operations. Acknowledged writes are durable by the store's own promise."""

    async def execute(self, request: Request) -> Any:
        """Do one operation, or several concurrently, and answer its result or their list.

        Raises the error that a write's `fails_as` names, and `StoreFull`, `StoreReadOnly`,
        `StoreFailed`, `StoreThrottled`, `Busy` or `StoreStopping`; then nothing of that write has
        happened. After `StoreTimeout` it may have.
        """
        ...

    def scan(self) -> AsyncIterator[list[Item]]:
        """All items, in slices. For tools; no flow scans.

        The embedded stores answer in key order, with the items of one moment, whatever is written
        meanwhile. DynamoDB answers each item collection in order, the collections in none, and
        each item as it is when it is read.
        """
        ...


class FeedSource(Protocol):
    """Where a feed runner gets committed changes from."""

    @property
    def last_change(self) -> int:
        """The number of the newest committed change; 0 for none."""
        ...

    def newest_change(self) -> int:
        """The same as it is stored, whichever process has written it."""
        ...

    def read_changes(self, after: int, limit: int) -> list[Change]:
        """Committed changes behind a number, in order. Short; may be called on the loop."""
        ...

    async def wait_for_change(self, after: int) -> None:
        """Return as soon as there is a change behind a number."""
        ...

    async def forget_changes(self, before: int, committed_before: str) -> None:
        """Drop a slice of the changes up to a number that are older than a time."""
        ...


async def run(flow: Flow[T], store: Store) -> T:
    """Run a flow to its end: execute what it yields, and hand it the results."""
    try:
        request = next(flow)
        while True:
            try:
                result = await store.execute(request)
            except TavolaError as error:
                request = flow.throw(error)
            else:
                request = flow.send(result)
    except StopIteration as stop:
        reply: T = stop.value
        return reply
