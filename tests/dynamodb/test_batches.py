"""A bad day of the network or of DynamoDB loses nothing of a batch, and says so in the end."""

import time
from typing import Any

import pytest

from tavola.core import errors
from tavola.core.items import BadItem, Item, Key
from tavola.core.operations import Delete, Get, Operation, Put
from tavola.core.units import Units
from tests.dynamodb import faults
from tests.dynamodb.conftest import IN_A_HURRY, Bench
from tests.dynamodb.faults import Fault, leave_undone, refuse

FAULTS = [
    refuse("ThrottlingException"),
    refuse("ProvisionedThroughputExceededException"),
    refuse("InternalServerError", 500),
    faults.lose_the_request,
    faults.lose_the_answer,
    faults.fail_behind_it,
    faults.cut_the_answer,
    leave_undone(1),
    leave_undone(10),
    leave_undone(100),
]


def items(count: int, **attributes: Any) -> list[Item]:
    return [{"pk": f"P{n % 3}", "sk": f"{n:03d}", **attributes} for n in range(count)]


def puts(some: list[Item]) -> tuple[Operation, ...]:
    return tuple(Put("t", one) for one in some)


def gets(some: list[Item], *, consistent: bool = True) -> tuple[Operation, ...]:
    return tuple(Get("t", Key(one["pk"], one["sk"]), consistent) for one in some)


def batches(bench: Bench) -> list[int]:
    """How many operations each batch had that was sent."""
    asked = [sent["RequestItems"] for sent in bench.faulty.sent if "RequestItems" in sent]
    wanted = [wanted for tables in asked for wanted in tables.values()]
    return [len(one if isinstance(one, list) else one["Keys"]) for one in wanted]


def there(bench: Bench, some: list[Item]) -> list[Item | None]:
    """What is there of some items, read one by one."""
    return [bench.get(one["pk"], one["sk"]) for one in some]


def test_five_hundred_puts_are_twenty_requests(bench: Bench) -> None:
    some = items(500)
    bench.do(puts(some))
    assert (len(bench.faulty.sent), sorted(batches(bench))) == (20, [25] * 20)
    assert bench.do(gets(some)) == some
    assert (len(bench.faulty.sent), sorted(batches(bench))) == (25, [25] * 20 + [100] * 5)


def test_who_waits_for_ones_own_writes_is_told_of_each(bench: Bench) -> None:
    told: list[Any] = []
    bench.store.on_written = told.append
    some = items(60)
    bench.do(puts(some))
    assert len(told) == 60
    assert all(put in told for put in puts(some))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_batch_is_done_however_often_it_takes(bench: Bench, fault: Fault) -> None:
    some = items(20, a=1)
    bench.faulty.plan += [fault] * 4
    assert bench.do(puts(some)) == [None] * 20
    assert there(bench, some) == some
    bench.faulty.plan += [fault] * 4
    assert bench.do(gets(some)) == some
    deletes = tuple(Delete("t", Key(one["pk"], one["sk"])) for one in some)
    bench.faulty.plan += [fault] * 4
    assert bench.do(deletes) == [None] * 20
    assert there(bench, some) == [None] * 20


def test_only_what_was_left_is_sent_again(bench: Bench) -> None:
    bench.faulty.plan += [leave_undone(15), leave_undone(7), leave_undone(7), leave_undone(2)]
    bench.do(puts(items(20)))
    assert batches(bench) == [20, 15, 7, 7, 2]
    bench.faulty.plan += [leave_undone(11), leave_undone(3)]
    bench.do(gets(items(20)))
    assert batches(bench)[5:] == [20, 11, 3]


def test_a_burst_in_which_every_batch_is_throttled_passes(bench: Bench) -> None:
    some = items(500, a="x" * 100)
    burst = [refuse("ProvisionedThroughputExceededException"), leave_undone(24), leave_undone(20)]
    bench.faulty.plan += burst * 40
    bench.do(puts(some))
    assert bench.do(gets(some)) == some


def test_answers_that_are_too_large_for_one_come_in_several(bench: Bench) -> None:
    some = items(60, text="x" * 380_000)
    bench.do(puts(some))
    assert bench.do(gets(some)) == some
    assert batches(bench)[0] == 60  # each put went alone
    assert len(batches(bench)) > 1


@pytest.mark.parametrize("consistent", [True, False])
def test_a_batch_costs_what_its_operations_cost(bench: Bench, *, consistent: bool) -> None:
    some = items(60, a="x" * 1_500) + [{"pk": "Q", "sk": f"{n}", "a": "y" * 100} for n in range(9)]
    missing = items(70)[60:]
    stats = bench.store.stats
    for operations in (puts(some), gets(some + missing, consistent=consistent)):
        spent = []
        for together in (True, False):
            stats.read_units.clear()
            stats.write_units.clear()
            stats.operations.clear()
            for request in (operations,) if together else operations:
                bench.do(request)
            assert stats.operations == {"t": len(operations)}
            spent.append(Units(stats.read_units["t"], stats.write_units["t"]))
        assert spent[0] == spent[1]
        assert sum(spent[0]) > 0


def test_what_was_sent_again_is_charged_once(bench: Bench) -> None:
    bench.faulty.plan += [leave_undone(15), leave_undone(7)]
    bench.do(puts(items(20)))
    assert bench.store.stats.write_units == {"t": 20.0}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (leave_undone(100), errors.StoreThrottled),
        (refuse("ThrottlingException"), errors.StoreThrottled),
        (faults.lose_the_request, errors.StoreTimeout),
    ],
)
@pytest.mark.parametrize("operations", [puts(items(20)), gets(items(20))], ids=["puts", "gets"])
def test_what_does_not_pass_ends_at_the_deadline(
    hurried: Bench, operations: tuple[Operation, ...], fault: Fault, error: type[errors.TavolaError]
) -> None:
    hurried.faulty.plan += [fault] * 10_000
    began = time.monotonic()
    with pytest.raises(error):
        hurried.do(operations)
    assert IN_A_HURRY.deadline_s <= time.monotonic() - began < IN_A_HURRY.deadline_s + 1.0


def test_what_was_done_before_the_deadline_stays_done(hurried: Bench) -> None:
    some = items(20)
    hurried.faulty.plan += [leave_undone(5)] + [leave_undone(100)] * 10_000
    with pytest.raises(errors.StoreThrottled):
        hurried.do(puts(some))
    hurried.faulty.plan.clear()
    assert there(hurried, some) == [None] * 5 + some[5:]


def test_a_lost_answer_is_forgotten_when_the_repeat_is_answered(hurried: Bench) -> None:
    hurried.faulty.plan += [faults.lose_the_answer] + [leave_undone(100)] * 10_000
    with pytest.raises(errors.StoreThrottled):
        hurried.do(puts(items(20)))


def test_a_batch_that_fails_does_not_stop_those_beside_it(bench: Bench) -> None:
    some = items(200)
    bench.faulty.plan += [refuse("ThrottlingException")] * 5 + [refuse("SomethingNew")]
    with pytest.raises(errors.StoreFailed):
        bench.do(puts(some))
    assert there(bench, some).count(None) == 25


def test_of_a_batch_that_dynamodb_refuses_only_the_bad_one_fails(bench: Bench) -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    some = items(30)
    some[3]["a"] = deep
    with pytest.raises(BadItem, match=r"(?i)nest"):
        bench.do(puts(some))
    assert there(bench, some) == [*some[:3], None, *some[4:]]
