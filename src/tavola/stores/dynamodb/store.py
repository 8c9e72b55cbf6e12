"""The DynamoDB store: executes operations on one table. What it decides is in the pure modules."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from tavola.core import limits, patterns
from tavola.core.apply import keys_written
from tavola.core.errors import TavolaError
from tavola.core.items import BadItem, Item, Key, key_of
from tavola.core.operations import (
    Delete,
    Get,
    Lost,
    Operation,
    Page,
    Put,
    Query,
    Request,
    Scan,
    ScanPage,
    Transact,
    Update,
    Write,
)
from tavola.stores.dynamodb import requests
from tavola.stores.dynamodb.admin import foreign_by_items
from tavola.stores.dynamodb.answers import (
    found_item,
    has_happened,
    lost_part,
    lost_transaction,
    units_of,
    units_of_loss,
)
from tavola.stores.dynamodb.grouping import Places, grouped
from tavola.stores.dynamodb.schema import foreign_table
from tavola.stores.dynamodb.sender import Answer, Refused, Sender
from tavola.stores.dynamodb.streams import TableStream
from tavola.stores.stats import StoreStats


class DynamoDBStore:
    """One table of DynamoDB. Any number of processes may read and write it."""

    writable = True

    def __init__(
        self,
        sender: Sender,
        table: str,
        close: Callable[[], Awaitable[None]],
        stream: TableStream,
    ) -> None:
        self.stats = StoreStats()
        self.table = table
        self.stream = stream
        self.on_written: Callable[[Write | Transact], None] = lambda _: None
        self._sender = sender
        self._close = close

    async def close(self) -> None:
        """Close the connections."""
        await self._close()

    async def check_items(self) -> None:
        """Raises `StoreUnusable` when the table holds items and the first ones are not Tavola's."""
        if reason := await foreign_by_items(self._sender, self.table):
            raise foreign_table(self.table, reason)

    async def execute(self, request: Request) -> Any:
        """See `Store.execute`. Of several operations, those that write one item keep their order.

        Raises `StoreThrottled` and `StoreTimeout` too; after the latter a write may have happened.
        """
        if not isinstance(request, tuple):
            return await self._execute(request)
        groups = grouped(request)
        outcomes = await asyncio.gather(*self._start_all(request, groups), return_exceptions=True)
        results: list[Any] = [None] * len(request)
        for places, outcome in zip(groups, outcomes, strict=True):
            for place, result in zip(places, _unless_error(outcome), strict=True):
                results[place] = result
        return results

    async def scan(self) -> AsyncIterator[list[Item]]:
        """See `Store.scan`: item collections in no order, the items of each in order."""
        start: Key | None = None
        while True:
            page = await self._execute(patterns.scan_table(limits.SCAN_ITEMS_MAX, start))
            if page.items:
                yield page.items
            start = page.next
            if start is None:
                return

    def _start_all(
        self, operations: tuple[Operation, ...], groups: list[Places]
    ) -> list[asyncio.Task[list[Any]]]:
        gate = asyncio.Semaphore(limits.STORE_PARALLEL_MAX)
        latest: dict[Key, asyncio.Task[list[Any]]] = {}
        tasks = []
        for places in groups:
            together = [operations[place] for place in places]
            keys = [key for operation in together for key in _keys_written(operation)]
            before = {latest[key] for key in keys if key in latest}
            task = asyncio.create_task(self._execute_after(before, gate, together))
            latest.update(dict.fromkeys(keys, task))
            tasks.append(task)
        return tasks

    async def _execute_after(
        self,
        before: set[asyncio.Task[list[Any]]],
        gate: asyncio.Semaphore,
        together: list[Operation],
    ) -> list[Any]:
        if before:
            await asyncio.wait(before)
        async with gate:
            if len(together) == 1:
                return [await self._execute(together[0])]
            try:
                return await self._batch(together)
            except BadItem:
                return await self._one_by_one(together)

    async def _one_by_one(self, operations: list[Operation]) -> list[Any]:
        """What a batch refuses for the sake of one is done alone, so that only that one fails."""
        outcomes = await asyncio.gather(*map(self._execute, operations), return_exceptions=True)
        return [_unless_error(outcome) for outcome in outcomes]

    async def _batch(self, operations: list[Operation]) -> list[Any]:
        gets = [operation for operation in operations if isinstance(operation, Get)]
        writes = [operation for operation in operations if isinstance(operation, Put | Delete)]
        results = await self._get_all(gets) if gets else await self._write_all(writes)
        for operation in operations:
            self.stats.asked(operation.pattern)
        return results

    async def _execute(self, operation: Operation) -> Any:
        self.stats.asked(operation.pattern)
        match operation:
            case Get():
                return await self._get(operation)
            case Query():
                return await self._query(operation)
            case Scan():
                return await self._scan(operation)
            case Put() | Update() | Delete():
                return self._told(operation, await self._write(operation))
            case Transact():
                return self._told(operation, await self._transact(operation))

    async def _get(self, get: Get) -> Item | None:
        answer = await self._send(get.pattern, requests.get_request(self.table, get))
        return found_item(answer["Item"]) if "Item" in answer else None

    async def _get_all(self, gets: list[Get]) -> list[Item | None]:
        found: dict[Key, Item] = {}

        def take(answer: Answer) -> None:
            self.stats.consumed(gets[0].pattern, *units_of(answer, writes=False))
            for wire in answer["Responses"].get(self.table, []):
                item = found_item(wire)
                found[key_of(item)] = item

        await self._sender.send_batch(requests.batch_get_request(self.table, gets), take)
        return [found.get(get.key) for get in gets]

    async def _write_all(self, writes: list[Put | Delete]) -> list[None]:
        def take(answer: Answer) -> None:
            self.stats.consumed(writes[0].pattern, *units_of(answer, writes=True))

        await self._sender.send_batch(requests.batch_write_request(self.table, writes), take)
        for write in writes:
            self.on_written(write)
        return [None] * len(writes)

    async def _query(self, query: Query) -> Page:
        """A page of up to `limit` items, whatever DynamoDB gives at a time."""
        rest = requests.bounded(query)
        wanted = query.limit + 1 if query.peek else query.limit
        found: list[Item] = []
        while rest is not None and len(found) < wanted:
            request = requests.query_request(self.table, rest, wanted - len(found))
            answer = await self._send(query.pattern, request)
            found += [found_item(wire) for wire in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            rest = None if last is None else requests.bounded(replace(rest, start=last["sk"]["S"]))
        items = found[: query.limit]
        more = len(found) > query.limit or rest is not None
        return Page(items, items[-1]["sk"] if more and items else None)

    async def _scan(self, scan: Scan) -> ScanPage:
        """A page, read over those of DynamoDB that are empty."""
        rest = scan
        while True:
            answer = await self._send(scan.pattern, requests.scan_request(self.table, rest))
            items = [found_item(wire) for wire in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            start = None if last is None else Key(last["pk"]["S"], last["sk"]["S"])
            if items or start is None:
                return ScanPage(items, start)
            rest = replace(rest, start=start)

    async def _write(self, write: Write) -> Lost | TavolaError | None:
        request = requests.write_request(self.table, write)
        try:
            await self._send(write.pattern, request, writes=True)
        except Refused as refused:
            wire = refused.body.get("Item")
            self.stats.consumed(write.pattern, *units_of_loss(write, [wire]))
            if refused.repeated and has_happened(write, found_item(wire) if wire else None):
                return None
            return lost_part(write, wire, 0)
        return None

    async def _transact(self, transact: Transact) -> Lost | TavolaError | None:
        request = requests.transact_request(self.table, transact, str(uuid.uuid4()))
        try:
            await self._send(transact.pattern, request, writes=True)
        except Refused as refused:
            reasons = refused.body["CancellationReasons"]
            found = [reason.get("Item") for reason in reasons]
            self.stats.consumed(transact.pattern, *units_of_loss(transact, found))
            return lost_transaction(transact, reasons)
        return None

    def _told(self, write: Write | Transact, outcome: Lost | TavolaError | None) -> Lost | None:
        """A write's outcome, or its error raised."""
        if isinstance(outcome, TavolaError):
            raise outcome
        if outcome is None:
            self.on_written(write)
        return outcome

    async def _send(
        self, pattern: str, request: requests.Request, *, writes: bool = False
    ) -> Answer:
        answer = await self._sender.send(request)
        self.stats.consumed(pattern, *units_of(answer, writes=writes))
        return answer


def _keys_written(operation: Operation) -> tuple[Key, ...]:
    return () if isinstance(operation, Get | Query | Scan) else keys_written(operation)


def _unless_error(outcome: Any) -> Any:
    """What came of a task, or its error raised."""
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
