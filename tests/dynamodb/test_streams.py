"""A stream is read record by record to its newest, whatever happens to iterators and requests."""

import json
from typing import Any

import pytest
from aiodynamo.http.types import Request, Response

from tavola.core import entities as e
from tavola.core import errors, patterns
from tavola.core.apply import Change, Unreadable
from tavola.core.items import Item, Key
from tavola.core.operations import Delete, Put, Update
from tavola.core.shards import Records, Shard, ShardReader
from tavola.core.table import STREAM_VIEW
from tavola.stores.dynamodb.requests import Request as Call
from tavola.stores.dynamodb.streams import (
    arn_of,
    change_of,
    iterator_request,
    records_of,
    shards_request,
)
from tests import builders as b
from tests.dynamodb import faults
from tests.dynamodb.conftest import Bench
from tests.dynamodb.faults import Fault, Faulty, refuse

KEY = Key("P", "S")
STATE = e.FeedState(feed="main", part="LEASE", owner="me", beat=1, at=b.T0)


def item(**attributes: object) -> Item:
    return {**KEY._asdict(), **attributes}


def reader_of(bench: Bench, after: str | None = None) -> ShardReader:
    (shard,) = bench.wait(bench.store.stream.shards())
    return bench.store.stream.reader(shard.id, after)


def read_all(bench: Bench, reader: ShardReader) -> list[Records]:
    found = []
    while True:
        records = bench.wait(reader.read())
        found.append(records)
        if records.last is None:
            return found


def changes_in(found: list[Records]) -> list[Change | Unreadable]:
    return [change for records in found for change in records.changes]


# --- pure -----------------------------------------------------------------------------------------


def test_requests() -> None:
    assert shards_request("arn", None) == Call("DescribeStream", {"StreamArn": "arn"})
    assert shards_request("arn", "s").payload["ExclusiveStartShardId"] == "s"
    place = {"StreamArn": "arn", "ShardId": "s"}
    assert iterator_request("arn", "s", None) == Call(
        "GetShardIterator", {**place, "ShardIteratorType": "TRIM_HORIZON"}
    )
    assert iterator_request("arn", "s", "7").payload == {
        **place,
        "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
        "SequenceNumber": "7",
    }


def described(**stream: object) -> dict[str, Any]:
    return {"TableName": "chat", "LatestStreamArn": "arn", "StreamSpecification": stream}


def test_the_stream_of_a_table() -> None:
    assert arn_of(described(StreamEnabled=True, StreamViewType=STREAM_VIEW)) == "arn"


@pytest.mark.parametrize(
    "table",
    [
        {"TableName": "chat"},
        {"TableName": "chat", "LatestStreamArn": "arn"},
        described(StreamEnabled=False, StreamViewType=STREAM_VIEW),
        described(StreamEnabled=True, StreamViewType="KEYS_ONLY"),
        described(StreamEnabled=True, StreamViewType="NEW_IMAGE"),
    ],
)
def test_a_table_without_a_readable_stream_is_told_how_to_get_one(table: dict[str, Any]) -> None:
    with pytest.raises(errors.FeedMissing, match=r"chat.*`tavola table create`"):
        arn_of(table)


def record(n: int, **images: object) -> dict[str, Any]:
    keys = {"pk": {"S": "P"}, "sk": {"S": "S"}}
    return {"dynamodb": {"SequenceNumber": str(n), "Keys": keys, **images}}


def test_a_place_of_forty_digits_is_kept_exactly() -> None:
    n = 10**40 - 1
    found = records_of({"Records": [record(n)], "NextShardIterator": "i"}, trimmed=False)
    assert found.last == str(n)
    assert change_of(record(n, NewImage={"a": {"N": "1"}})["dynamodb"]).n == n


def test_an_image_that_is_not_ours_is_kept_as_it_came() -> None:
    image = {"pk": {"S": "P"}, "sk": {"S": "S"}, "raw": {"B": "AAAA"}}
    found = change_of(record(3, NewImage=image)["dynamodb"])
    assert isinstance(found, Unreadable)
    assert (found.n, found.key, found.images) == (3, KEY, [image])


def test_a_shard_ends_where_no_iterator_follows() -> None:
    assert records_of({"Records": []}, trimmed=False).ended
    assert not records_of({"Records": [], "NextShardIterator": "i"}, trimmed=False).ended


# --- on the engine --------------------------------------------------------------------------------


def test_every_change_is_read_with_both_images(bench: Bench) -> None:
    bench.do(Put("t", item(a=1)))
    bench.do(Update("t", KEY, {"a": 2, "tags": frozenset({"x"})}))
    bench.do(Delete("t", KEY))
    after = item(a=2, tags=frozenset({"x"}))
    found = changes_in(read_all(bench, reader_of(bench)))
    images = [(one.old, one.new) for one in found if isinstance(one, Change)]
    assert images == [(None, item(a=1)), (item(a=1), after), (after, None)]
    numbers = [one.n for one in found]
    assert numbers == sorted(numbers)


def test_the_feeds_own_state_and_writes_that_change_nothing_are_no_changes(bench: Bench) -> None:
    bench.do(Put("t", item(a=1)))
    bench.do(Put("t", item(a=1)))
    bench.do(patterns.put_lease(STATE, None))
    found = read_all(bench, reader_of(bench))
    assert len(changes_in(found)) == 1
    assert bench.wait(reader_of(bench, found[0].last).read()).last is None


def test_reading_goes_on_behind_a_place(bench: Bench) -> None:
    for n in range(5):
        bench.do(Put("t", item(n=n)))
    places = [str(one.n) for one in changes_in(read_all(bench, reader_of(bench)))]
    behind = changes_in(read_all(bench, reader_of(bench, places[2])))
    assert [str(one.n) for one in behind] == places[3:]


def test_a_long_stream_is_read_page_by_page(bench: Bench) -> None:
    bench.do(tuple(Put("t", {"pk": "P", "sk": f"{n:05d}"}) for n in range(2_500)))
    found = read_all(bench, reader_of(bench))
    assert len(found) >= 3
    assert {one.key.sk for one in changes_in(found)} == {f"{n:05d}" for n in range(2_500)}


@pytest.mark.parametrize(
    "fault",
    [
        refuse("ThrottlingException"),
        refuse("LimitExceededException"),
        refuse("InternalServerError", 500),
        refuse("ExpiredIteratorException"),
        faults.lose_the_request,
        faults.lose_the_answer,
        faults.cut_the_answer,
    ],
)
def test_nothing_is_lost_or_doubled_by_a_bad_moment(bench: Bench, fault: Fault) -> None:
    bench.do(Put("t", item(a=1)))
    reader = reader_of(bench)
    bench.faulty.plan += [faults.let_through, fault, fault]
    first = read_all(bench, reader)
    bench.do(Put("t", item(a=2)))
    bench.faulty.plan += [fault, fault]
    second = read_all(bench, reader)
    assert [len(changes_in(found)) for found in (first, second)] == [1, 1]
    assert not any(records.trimmed for records in (*first, *second))


async def _trim(faulty: Faulty, request: Request) -> Response:
    """Refuse a place, as if its records were gone; let the oldest record through."""
    if json.loads(request.body or b"{}").get("ShardIteratorType") == "AFTER_SEQUENCE_NUMBER":
        return await refuse("TrimmedDataAccessException")(faulty, request)
    return await faulty.deliver(request)


def test_what_the_stream_has_forgotten_is_told(bench: Bench) -> None:
    bench.do(Put("t", item(a=1)))
    reader = reader_of(bench, "1")
    bench.faulty.plan.append(_trim)
    records = bench.wait(reader.read())
    assert records.trimmed
    assert len(records.changes) == 1
    assert not bench.wait(reader.read()).trimmed


def test_all_pages_of_shards_are_read(bench: Bench) -> None:
    page = {"StreamStatus": "ENABLED", "Shards": [{"ShardId": "s1"}], "LastEvaluatedShardId": "s1"}
    bench.faulty.plan += [faults.let_through, faults.answer(StreamDescription=page)]
    shards = bench.wait(bench.store.stream.shards())
    assert shards[0] == Shard("s1")
    assert bench.faulty.sent[-1]["ExclusiveStartShardId"] == "s1"
