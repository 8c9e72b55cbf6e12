"""Sizes and units are those that the engine counts, for whatever an item holds."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tavola.core.apply import key_written
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    Check,
    Delete,
    Exists,
    Get,
    Missing,
    Operation,
    Put,
    Query,
    Read,
    Transact,
    Update,
    Write,
)
from tavola.core.units import WRITE_BYTES, Units, size_bytes, write_units
from tavola.stores.memory import MemoryStore
from tests.core.test_items import names, sets, texts
from tests.dynamodb.conftest import Bench

# Of numbers, DynamoDB tells the size only roughly; of whole ones it is what the rule says.
LEAVES = st.none() | st.booleans() | st.integers(-(10**37), 10**37) | texts | sets
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names.filter(bool), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, st.integers(1, 3))
def test_sizes_are_those_that_the_engine_counts(bench: Bench, value: Any, kilobytes: int) -> None:
    key = Key("P", "S")
    item = {**key._asdict(), "é": value, "padding": ""}
    missing = kilobytes * WRITE_BYTES - size_bytes(item)
    assume(missing >= 0)
    for extra in (0, 1):
        padded = {**item, "padding": "x" * (missing + extra)}
        bench.do(Delete("t", key))
        before = bench.store.stats.units.write
        bench.do(Put("t", padded))
        charged = bench.store.stats.units.write - before
        assert charged == kilobytes + extra == write_units(None, padded)


SORT_KEYS = [str(n) for n in range(8)]
SIZES = st.integers(0, 3_000) | st.sampled_from([1_000, 4_050, 9_000, 300_000])

keys = st.sampled_from([Key("P", sk) for sk in SORT_KEYS])
contents = st.builds(lambda value, size: {"é": value, "x": "x" * size}, VALUES, SIZES)
some_items = st.builds(lambda key, content: key._asdict() | content, keys, contents)
collections = st.lists(some_items, unique_by=key_of, max_size=len(SORT_KEYS))
bounds = st.sampled_from(["!", *SORT_KEYS, "~"])
conditions = st.sampled_from([Exists(), Missing(), Exists("é"), Missing("y")])
maybe = st.none() | conditions
named = st.just("t")
reads = st.builds(Get, named, keys, st.booleans()) | st.builds(
    Query,
    named,
    st.just("P"),
    bounds,
    bounds,
    limit=st.integers(1, len(SORT_KEYS) + 1),
    reverse=st.booleans(),
    consistent=st.booleans(),
    start=st.none() | st.sampled_from(SORT_KEYS),
    peek=st.booleans(),
)
writes = (
    st.builds(Put, named, some_items, maybe)
    | st.builds(Update, named, keys, contents, st.just(("y",)), maybe)
    | st.builds(Delete, named, keys, maybe)
)
parts = st.lists(
    writes | st.builds(Check, named, keys, conditions),
    unique_by=key_written,
    min_size=1,
    max_size=4,
)
transactions = st.builds(Transact, named, parts.map(tuple))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collections, reads)
def test_reads_cost_what_the_engine_counts(bench: Bench, items: list[Item], read: Read) -> None:
    assert_same_units(bench, items, read)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collections, writes | transactions)
def test_writes_cost_what_the_engine_counts(
    bench: Bench, items: list[Item], write: Write | Transact
) -> None:
    """Those that fail on their condition too, which the engine does not count, but our store."""
    assert_same_units(bench, items, write)


def assert_same_units(bench: Bench, items: list[Item], operation: Operation) -> None:
    """An operation on these items costs on the engine what the memory store counts."""
    bench.do(tuple(Delete("t", Key("P", sk)) for sk in SORT_KEYS))
    filling = tuple(Put("t", item) for item in items)
    store = MemoryStore()
    bench.do(filling)
    asyncio.run(store.execute(filling))
    charged = bench.store.stats.units
    counted = store.stats.units
    bench.do(operation)
    asyncio.run(store.execute(operation))
    assert since(charged, bench.store.stats.units) == since(counted, store.stats.units)


def since(before: Units, now: Units) -> Units:
    return Units(now.read - before.read, now.write - before.write)
