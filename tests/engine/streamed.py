"""The DynamoDB store as the contract suite knows stores: with its changes, and a scan in order.

Its changes are read from the table's stream as they are, by the tests' own means.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from aiodynamo.http.aiohttp import AIOHTTP

from tavola.core.apply import Change
from tavola.core.items import Item, Key, key_of
from tavola.core.wire import decode_item
from tavola.stores.dynamodb.connect import new_session, sender_of, streams_of
from tavola.stores.dynamodb.sender import Sender
from tavola.stores.dynamodb.store import DynamoDBStore
from tavola.stores.dynamodb.streams import TableStream
from tests.engine.dynoxide import CREDENTIALS, REGION, Engine


async def open_streamed(engine: Engine) -> "StreamedStore":
    """A store on a new table."""
    session = new_session()
    address = (AIOHTTP(session), CREDENTIALS, REGION, engine.url)
    return StreamedStore(
        engine, sender_of(*address), streams_of(*address), engine.new_table(), session.close
    )


class StreamedStore(DynamoDBStore):
    """A store with the stream of its table beside it."""

    def __init__(
        self, engine: Engine, tables: Sender, streams: Sender, table: str, close: Any
    ) -> None:
        super().__init__(tables, table, close, TableStream(tables, streams, table))
        self._engine = engine
        self._forgotten = 0
        self._found: list[Change] = []
        self._iterators: dict[str, str] = {}

    async def scan(self) -> AsyncIterator[list[Item]]:
        """All items, sorted here: DynamoDB gives item collections in no order."""
        items = [item async for part in super().scan() for item in part]
        yield sorted(items, key=key_of)

    @property
    def last_change(self) -> int:
        """See `FeedSource.last_change`."""
        return len(self._changes())

    def newest_change(self) -> int:
        """See `FeedSource.newest_change`."""
        return self.last_change

    def read_changes(self, after: int, limit: int) -> list[Change]:
        """See `FeedSource.read_changes`."""
        behind = max(after, self._forgotten)
        return [change for change in self._changes() if change.n > behind][:limit]

    async def wait_for_change(self, after: int) -> None:
        """See `FeedSource.wait_for_change`."""
        while self.last_change <= after:  # noqa: ASYNC110  # a stream can only be asked
            await asyncio.sleep(0.01)

    async def forget_changes(self, before: int, committed_before: str) -> None:
        """See `FeedSource.forget_changes`. A stream forgets by itself; this looks away."""
        self._forgotten = max(self._forgotten, before)

    def _changes(self) -> list[Change]:
        """All changes so far; the stream is read on from where it was left."""
        for record in self._records():
            own = record["Keys"]["pk"]["S"].startswith("FEED#")
            # AWS has no record of a write that changes nothing; this engine has.
            if not own and record.get("OldImage") != record.get("NewImage"):
                self._found.append(_change(len(self._found) + 1, record))
        return self._found

    def _records(self) -> Iterator[dict[str, Any]]:
        if not self._iterators:
            self._iterators = self._begin()
        for shard_id, iterator in self._iterators.items():
            following: str | None = iterator
            while following:
                part = self._ask("GetRecords", {"ShardIterator": following})
                yield from (record["dynamodb"] for record in part["Records"])
                self._iterators[shard_id] = part["NextShardIterator"]
                following = part["NextShardIterator"] if part["Records"] else None

    def _begin(self) -> dict[str, str]:
        """An iterator of each shard, at its oldest record."""
        table = self._engine.call("DescribeTable", {"TableName": self.table})["Table"]
        arn = {"StreamArn": table["LatestStreamArn"]}
        iterators = {}
        for shard in self._ask("DescribeStream", arn)["StreamDescription"]["Shards"]:
            place = {**arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterators[shard["ShardId"]] = self._ask("GetShardIterator", place)["ShardIterator"]
        return iterators

    def _ask(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        return self._engine.call(action, payload, "Streams")


def _change(n: int, record: dict[str, Any]) -> Change:
    key = Key(record["Keys"]["pk"]["S"], record["Keys"]["sk"]["S"])
    old, new = record.get("OldImage"), record.get("NewImage")
    return Change(n, key, decode_item(old) if old else None, decode_item(new) if new else None)
