"""A table's stream: its shards, and the changes in each, in order.

Records are kept for 24 hours. To read on from a record's sequence number takes an iterator, which
is good for 15 minutes; one that is too old is replaced by another one for the same place.
"""

from typing import Any

from tavola.core.apply import Change, Unreadable
from tavola.core.errors import FeedMissing
from tavola.core.items import BadItem, Key
from tavola.core.shards import Records, Shard
from tavola.core.table import STREAM_VIEW
from tavola.core.wire import decode_item
from tavola.stores.dynamodb.failures import IteratorExpired, Trimmed
from tavola.stores.dynamodb.requests import Payload, Request
from tavola.stores.dynamodb.sender import Sender

RECORDS_MAX = 1_000  # of one answer, which DynamoDB also cuts at 1 MB


class TableStream:
    """The stream of one table: see `core.shards.Stream`."""

    def __init__(self, tables: Sender, streams: Sender, table: str) -> None:
        self._tables = tables
        self._streams = streams
        self._table = table
        self._arn = ""

    async def check(self) -> None:
        """Look where the stream is; `FeedMissing` when the table has none of both images."""
        described = await self._tables.send(Request("DescribeTable", {"TableName": self._table}))
        self._arn = arn_of(described["Table"])

    async def shards(self) -> list[Shard]:
        """All shards."""
        await self.check()
        found: list[Shard] = []
        start: str | None = None
        while True:
            answer = await self._streams.send(shards_request(self._arn, start))
            found += shards_of(answer)
            start = answer["StreamDescription"].get("LastEvaluatedShardId")
            if start is None:
                return found

    def reader(self, shard_id: str, after: str | None) -> "StreamReader":
        """What reads a shard that was listed."""
        return StreamReader(self._streams, self._arn, shard_id, after)


class StreamReader:
    """Reads one shard: see `core.shards.ShardReader`."""

    def __init__(self, streams: Sender, arn: str, shard_id: str, after: str | None) -> None:
        self._streams = streams
        self._arn = arn
        self._shard_id = shard_id
        self._after = after
        self._iterator: str | None = None
        self._trimmed = False

    async def read(self) -> Records:
        """The next records."""
        answer = await self._read()
        while answer is None:
            answer = await self._read()
        records = records_of(answer, trimmed=self._trimmed)
        self._iterator = answer.get("NextShardIterator")
        self._after, self._trimmed = records.last or self._after, False
        return records

    async def _read(self) -> Payload | None:
        """An answer; None where another iterator is needed."""
        try:
            if self._iterator is None:
                request = iterator_request(self._arn, self._shard_id, self._after)
                self._iterator = (await self._streams.send(request))["ShardIterator"]
            return await self._streams.send(records_request(str(self._iterator)))
        except IteratorExpired:
            self._iterator = None
        except Trimmed:
            self._iterator = self._after = None
            self._trimmed = True
        return None


def shards_request(arn: str, start: str | None) -> Request:
    """A page of a stream's shards."""
    behind = {"ExclusiveStartShardId": start} if start else {}
    return Request("DescribeStream", {"StreamArn": arn, **behind})


def iterator_request(arn: str, shard_id: str, after: str | None) -> Request:
    """An iterator of a shard, behind a sequence number or at its oldest record."""
    place = {"ShardIteratorType": "TRIM_HORIZON"}
    if after is not None:
        place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
    return Request("GetShardIterator", {"StreamArn": arn, "ShardId": shard_id, **place})


def records_request(iterator: str) -> Request:
    """The next records of an iterator."""
    return Request("GetRecords", {"ShardIterator": iterator, "Limit": RECORDS_MAX})


def arn_of(description: Payload) -> str:
    """The stream of a described table. Raises `FeedMissing` when there is none to read."""
    kept = description.get("StreamSpecification", {})
    arn: str | None = description.get("LatestStreamArn")
    if arn is None or not kept.get("StreamEnabled") or kept.get("StreamViewType") != STREAM_VIEW:
        raise FeedMissing(
            f"Table {description['TableName']} has no stream of new and old images, so no inbox "
            "can follow: `tavola table create` turns it on."
        )
    return arn


def shards_of(answer: Payload) -> list[Shard]:
    """The shards of an answer."""
    shards = answer["StreamDescription"]["Shards"]
    return [Shard(shard["ShardId"], shard.get("ParentShardId")) for shard in shards]


def records_of(answer: Payload, *, trimmed: bool) -> Records:
    """An answer's records as changes."""
    found: list[Payload] = answer["Records"]
    newest: Payload = found[-1]["dynamodb"] if found else {}
    return Records(
        changes_of(found),
        newest.get("SequenceNumber"),
        newest.get("ApproximateCreationDateTime"),
        ended=answer.get("NextShardIterator") is None,
        trimmed=trimmed,
    )


def changes_of(records: list[Payload]) -> list[Change | Unreadable]:
    """Records as changes.

    The feed's own state is no change. Neither is a write that changes nothing: DynamoDB has no
    record of it, other engines have.
    """
    return [
        change_of(record)
        for record in (one["dynamodb"] for one in records)
        if not record["Keys"]["pk"]["S"].startswith("FEED#")
        and record.get("OldImage") != record.get("NewImage")
    ]


def change_of(record: Payload) -> Change | Unreadable:
    """A record as a change; its sequence number is its place."""
    n, images = int(record["SequenceNumber"]), [record.get("OldImage"), record.get("NewImage")]
    key = Key(record["Keys"]["pk"]["S"], record["Keys"]["sk"]["S"])
    try:
        old, new = (_decoded(image) for image in images)
    except BadItem as error:
        return Unreadable(n, key, [image for image in images if image], error)
    return Change(n, key, old, new)


def _decoded(image: Any) -> Any:
    return decode_item(image) if image else None
