"""Which operations of a tuple go out together: as many as may, and none whose order matters."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits
from tavola.core.items import Key
from tavola.core.operations import (
    Delete,
    Exists,
    Get,
    Missing,
    Operation,
    Put,
    Query,
    Transact,
    Update,
)
from tavola.core.units import size_bytes
from tavola.stores.dynamodb.grouping import grouped


def put(n: int, pattern: str = "p", **more: str) -> Put:
    return Put(pattern, {"pk": "P", "sk": str(n), **more})


def get(n: int, pattern: str = "g", *, consistent: bool = False) -> Get:
    return Get(pattern, Key("P", str(n)), consistent)


def delete(n: int, pattern: str = "p") -> Delete:
    return Delete(pattern, Key("P", str(n)))


def sizes(*operations: Operation) -> list[int]:
    """How many operations go out together."""
    return [len(places) for places in grouped(operations)]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([], []),
        ([put(n) for n in range(4)], [1] * 4),
        ([put(n) for n in range(5)], [5]),
        ([put(n) for n in range(25)], [25]),
        ([put(n) for n in range(26)], [25, 1]),
        ([put(n) for n in range(500)], [25] * 20),
        ([delete(n) for n in range(30)], [25, 5]),
        ([*(put(n) for n in range(3)), *(delete(n + 3) for n in range(3))], [6]),
        ([get(n) for n in range(4)], [1] * 4),
        ([get(n) for n in range(250)], [100, 100, 50]),
        ([*(put(n) for n in range(5)), *(get(n + 5) for n in range(5))], [5, 5]),
        ([*(put(n) for n in range(5)), *(put(n + 5, "q") for n in range(4))], [5, 1, 1, 1, 1]),
        ([*(get(n) for n in range(4)), get(5, consistent=True)], [1] * 5),
        ([*(put(n) for n in range(9)), put(0)], [1, 8, 1]),
        ([*(put(n) for n in range(9)), get(0)], [1, 8, 1]),
        ([*(get(n) for n in range(9)), get(3)], [8, 1, 1]),
        ([*(put(n) for n in range(9)), Transact("t", (put(4),))], [8, 1, 1]),
        ([Put("p", put(n).item, Missing()) for n in range(9)], [1] * 9),
        ([Delete("p", delete(n).key, Exists()) for n in range(9)], [1] * 9),
        ([Update("p", Key("P", str(n)), {}) for n in range(9)], [1] * 9),
        ([Transact("p", (put(n),)) for n in range(9)], [1] * 9),
        ([Query("g", "P", "a", "b", n + 1) for n in range(9)], [1] * 9),
    ],
)
def test_operations_go_out_in_as_few_requests(
    operations: list[Operation], expected: list[int]
) -> None:
    assert sizes(*operations) == expected


def test_large_items_go_out_in_smaller_batches() -> None:
    half = "x" * (limits.BATCH_BYTES_MAX // 2 - 100)
    assert sizes(*(put(n, a=half) for n in range(6))) == [2, 2, 2]
    whole = "x" * limits.BATCH_BYTES_MAX
    assert sizes(*(put(n) for n in range(5)), put(5, a=whole), put(6)) == [5, 1, 1]


def test_what_no_table_holds_goes_out_alone() -> None:
    bad = Put("p", {"pk": "P", "sk": "bad", "a": 1.5})
    cut = Put("p", {"pk": "P", "sk": "cut", "a": "\ud800"})
    assert sizes(*(put(n) for n in range(5)), bad, cut, put(9)) == [5, 1, 1, 1]


keys = st.integers(0, 60)
some_operations = st.lists(
    st.builds(put, keys, st.sampled_from("pq"))
    | st.builds(delete, keys, st.sampled_from("pq"))
    | st.builds(get, keys, consistent=st.booleans())
    | st.builds(lambda n: Update("p", Key("P", str(n)), {}), keys)
    | st.builds(lambda n: Put("p", put(n).item, Missing()), keys)
    | st.builds(lambda n: put(n, a="x" * (limits.BATCH_BYTES_MAX // 3)), keys),
    max_size=150,
)


@given(some_operations)
def test_every_operation_goes_out_once_and_a_batch_is_one_that_dynamodb_takes(
    operations: list[Operation],
) -> None:
    groups = grouped(operations)
    assert sorted(place for places in groups for place in places) == list(range(len(operations)))
    assert [places[0] for places in groups] == sorted(places[0] for places in groups)
    named = Counter(
        (one.item["pk"], one.item["sk"]) if isinstance(one, Put) else one.key
        for one in operations
        if isinstance(one, Put | Update | Delete | Get)
    )
    for places in groups:
        together = [operations[place] for place in places]
        if len(together) == 1:
            continue
        assert len({one.pattern for one in together}) == 1
        if isinstance(together[0], Get):
            gets = [one for one in together if isinstance(one, Get)]
            assert len(gets) == len(together) <= limits.BATCH_GETS_MAX
            assert len({one.consistent for one in gets}) == 1
            assert all(named[one.key] == 1 for one in gets)
        else:
            writes = [one for one in together if isinstance(one, Put | Delete)]
            assert len(writes) == len(together) <= limits.BATCH_WRITES_MAX
            assert all(one.condition is None for one in writes)
            puts = [one.item for one in writes if isinstance(one, Put)]
            assert sum(map(size_bytes, puts)) <= limits.BATCH_BYTES_MAX
            assert all(named[one["pk"], one["sk"]] == 1 for one in puts)
