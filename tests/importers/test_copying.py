"""A store is filled from a source whole, once, and from where it was interrupted."""

import asyncio
import itertools
import time
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import errors, patterns, table
from tavola.core.items import Item, is_same, key_of
from tavola.core.operations import Request
from tavola.edge.importers.report import Silent
from tavola.edge.transfer.comparing import Place, compare
from tavola.edge.transfer.copying import Filled, Pace, StoreSource, check_whole, fill
from tavola.stores.memory import MemoryStore
from tests import builders as b

NOW = b.T0
QUICK = Pace(slice_items=7, slices=3, checkpoint_s=0.0)


class Failing(MemoryStore):
    """A store that raises an error instead of so many of its next requests, after some others."""

    def __init__(self, error: Exception, after: int, times: int = 1_000) -> None:
        super().__init__()
        self.put: list[int] = []  # how many items in each slice
        self._error = error
        self._numbers = itertools.count()
        self._failing = range(after, after + times)

    async def execute(self, request: Request) -> Any:
        await asyncio.sleep(0)
        if isinstance(request, tuple):
            if next(self._numbers) in self._failing:
                raise self._error
            self.put.append(len(request))
        return await super().execute(request)


def users(count: int) -> list[Item]:
    return [table.USER.build(b.user(f"u{n:03d}")) for n in range(count)]


async def filled_with(items: list[Item]) -> MemoryStore:
    store = MemoryStore()
    await store.execute(tuple(map(patterns.copy_item, items)))
    state = e.FeedState(feed="main", part="CHECKPOINT#local", position=9, at=NOW)
    await store.execute(patterns.put_checkpoint(state))
    return store


def source_of(store: MemoryStore, revision: str | None = "1") -> StoreSource:
    return StoreSource("sqlite:///source", revision, store)


async def copy(target: MemoryStore, source: StoreSource, pace: Pace = QUICK) -> Filled:
    return await fill(target, source, pace, lambda: NOW, Silent())


async def items_of(store: MemoryStore) -> list[Item]:
    """All but the state of feeds."""
    return [i async for part in store.scan() for i in part if i.get("type") != "FeedState"]


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 100])
def test_everything_but_the_feeds_state_is_copied(count: int) -> None:
    async def work() -> None:
        target = MemoryStore()
        done = await copy(target, source_of(await filled_with(users(count))))
        assert done == Filled(count, count)
        assert await items_of(target) == users(count)
        state = await target.execute(patterns.get_checkpoint("main", "CHECKPOINT#local"))
        assert state is None

    asyncio.run(work())


@pytest.mark.parametrize("after", [0, 1, 5, 9])
def test_an_interrupted_copy_goes_on_where_it_was(after: int) -> None:
    async def work() -> None:
        source = source_of(await filled_with(users(100)))
        target = Failing(errors.StoreFull(), after, times=1)
        with pytest.raises(errors.StoreFull):
            await copy(target, source)
        there = len(await items_of(target))
        target.put.clear()
        done = await copy(target, source)
        assert (done.items, done.ended_before) == (100, None)
        assert done.copied == sum(target.put)
        assert 100 - there <= done.copied <= 100 - max(0, after - QUICK.slices) * QUICK.slice_items
        assert await items_of(target) == users(100)

    asyncio.run(work())


def test_a_finished_copy_is_told_and_not_made_again() -> None:
    async def work() -> None:
        source = source_of(await filled_with(users(20)))
        target = MemoryStore()
        await copy(target, source)
        before = target.last_change
        assert await copy(target, source) == Filled(20, 0, ended_before=NOW)
        assert target.last_change == before

    asyncio.run(work())


def test_a_store_with_something_else_in_it_is_refused() -> None:
    async def work() -> None:
        source = source_of(await filled_with(users(20)))
        with pytest.raises(errors.StoreNotEmpty, match="is not empty"):
            await copy(await filled_with(users(1)), source)
        begun = Failing(errors.StoreFull(), 1)
        with pytest.raises(errors.StoreFull):
            await copy(begun, source)
        with pytest.raises(errors.StoreNotEmpty, match="from sqlite:///source, not from sqlite"):
            await copy(begun, source._replace(name="sqlite:///other"))
        with pytest.raises(errors.StoreNotEmpty, match="was written since"):
            await copy(begun, source._replace(revision="2"))

    asyncio.run(work())


def test_what_was_begun_from_another_source_and_is_empty_begins_anew() -> None:
    async def work() -> None:
        source = source_of(await filled_with(users(20)))
        target = Failing(errors.StoreFull(), 0, times=1)
        with pytest.raises(errors.StoreFull):
            await copy(target, source._replace(name="sqlite:///other"))
        assert await copy(target, source) == Filled(20, 20)

    asyncio.run(work())


def test_a_store_that_is_not_yet_full_is_no_source() -> None:
    async def work() -> None:
        whole = await filled_with(users(20))
        await check_whole(whole, "whole")
        begun = Failing(errors.StoreFull(), 1, times=1)
        with pytest.raises(errors.StoreFull):
            await copy(begun, source_of(whole))
        with pytest.raises(errors.StoreUnusable, match="not yet filled from sqlite:///source"):
            await check_whole(begun, "begun")
        await copy(begun, source_of(whole))
        await check_whole(begun, "begun")

    asyncio.run(work())


@pytest.mark.parametrize("error", [errors.StoreThrottled(), errors.StoreTimeout()])
def test_a_store_that_takes_no_more_for_now_is_asked_again(error: errors.TavolaError) -> None:
    async def work() -> None:
        source = source_of(await filled_with(users(50)))
        assert await copy(Failing(error, 2, times=5), source) == Filled(50, 50)
        with pytest.raises(type(error)):
            await copy(Failing(error, 2), source)

    asyncio.run(work())


def test_items_that_this_version_does_not_know_are_copied_and_told() -> None:
    newer = {**users(1)[0], "sk": "B", "v": 99}
    strange: Item = {"pk": "MINE", "sk": "1", "type": "Mine", "any": [1, {"deep": None}]}
    nameless = {"pk": "MINE", "sk": "2"}

    async def work() -> None:
        items = [strange, nameless, *users(3), newer]
        target = MemoryStore()
        done = await copy(target, source_of(await filled_with(items)))
        assert (done.items, done.copied) == (6, 6)
        assert [(p.where, p.at) for p in done.unknown] == [
            ("MINE", "1"),
            ("MINE", "2"),
            ("USER#u000", "B"),
        ]
        assert await items_of(target) == sorted(items, key=key_of)

    asyncio.run(work())


def test_a_slice_is_no_more_than_what_the_rate_lets_through_in_a_second() -> None:
    assert Pace.at(20).slice_items == 20
    assert Pace.at(1_000_000).slice_items == Pace.at(None).slice_items == Pace().slice_items


def test_the_rate_is_kept() -> None:
    async def work() -> float:
        source = source_of(await filled_with(users(100)))
        began = time.monotonic()
        await copy(MemoryStore(), source, Pace(slice_items=10, rate=200))
        return time.monotonic() - began

    # The first slice is due at once, each other one when those before it have had their time.
    assert 0.45 <= asyncio.run(work()) < 2.0


def test_stores_that_are_the_same_are_found_so() -> None:
    async def work() -> None:
        one, other = await filled_with(users(250)), MemoryStore()
        await copy(other, source_of(one))
        found = await compare(one, other, Silent())
        assert (found.identical, found.items) == (True, 250)

    asyncio.run(work())


def test_every_difference_is_found() -> None:
    async def work() -> None:
        items = users(250)
        one, other = await filled_with(items[:-1]), await filled_with(items[1:])
        changed = {**items[100], "admin": 1}
        await one.execute(patterns.copy_item({**items[100], "admin": True}))
        await other.execute(patterns.copy_item(changed))
        found = await compare(one, other, Silent())
        assert not found.identical
        assert found.missing == [Place(*key_of(items[0]))]
        assert found.different == [Place(*key_of(items[100]))]
        assert found.only_in_copy == [Place(*key_of(items[-1]))]

    asyncio.run(work())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 0}, {"a": False}, False),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": True}]}, True),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": 1}]}, False),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": None}, {}, False),
        ({"a": ""}, {"a": None}, False),
        ({"a": frozenset({"x"})}, {"a": frozenset({"x"})}, True),
        ({"a": frozenset({"x"})}, {"a": ["x"]}, False),
        ({"a": "1"}, {"a": 1}, False),
    ],
)
def test_items_are_the_same_when_every_value_is(one: Item, other: Item, *, same: bool) -> None:
    assert is_same(one, other) == is_same(other, one) == same
