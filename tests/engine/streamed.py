"""The DynamoDB store as the contract suite knows stores: with its changes, and a scan in order.

Its changes are read from the table's stream as they are, by the tests' own means.
"""

import asyncio
from collections.abc import AsyncIterator
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
        records = [record["dynamodb"] for record in self._records()]
        own = [one for one in records if not one["Keys"]["pk"]["S"].startswith("FEED#")]
        # AWS has no record of a write that changes nothing; this engine has.
        changed = [one for one in own if one.get("OldImage") != one.get("NewImage")]
        return [_change(n, record) for n, record in enumerate(changed, start=1)]

    def _records(self) -> list[Any]:
        """Everything in the stream, from its beginning."""
        table = self._engine.call("DescribeTable", {"TableName": self.table})["Table"]
        arn = {"StreamArn": table["LatestStreamArn"]}
        found = []
        for shard in self._ask("DescribeStream", arn)["StreamDescription"]["Shards"]:
            place = {**arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterator = self._ask("GetShardIterator", place)["ShardIterator"]
            while iterator:
                part = self._ask("GetRecords", {"ShardIterator": iterator})
                found += part["Records"]
                iterator = part.get("NextShardIterator") if part["Records"] else None
        return found

    def _ask(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        return self._engine.call(action, payload, "Streams")


def _change(n: int, record: dict[str, Any]) -> Change:
    key = Key(record["Keys"]["pk"]["S"], record["Keys"]["sk"]["S"])
    old, new = record.get("OldImage"), record.get("NewImage")
    return Change(n, key, decode_item(old) if old else None, decode_item(new) if new else None)
