"""A bad day of the network or of DynamoDB loses no write, doubles none, and says so in the end."""

import time
from typing import Any

import pytest

from tavola.core import errors, patterns
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import (
    Check,
    Delete,
    Equals,
    Exists,
    LessThan,
    Lost,
    Missing,
    Or,
    Page,
    Put,
    Query,
    ScanPage,
    Transact,
    Update,
    Write,
)
from tavola.core.wire import encode_key
from tests import builders as b
from tests.dynamodb import faults
from tests.dynamodb.conftest import IN_A_HURRY, Bench
from tests.dynamodb.faults import Fault, cancel, refuse

KEY = Key("P", "S")
MARKER = Or((Missing("read_seq"), LessThan("read_seq", 5)))
NOT_DONE = [
    refuse("ThrottlingException"),
    refuse("ProvisionedThroughputExceededException"),
    refuse("RequestLimitExceeded"),
    refuse("TransactionConflictException"),
    refuse("ServiceUnavailable", 503),
    refuse("InternalServerError", 500),
    refuse("", 502),
    faults.lose_the_request,
]
DONE = [faults.lose_the_answer, faults.fail_behind_it, faults.cut_the_answer]


def item(**attributes: Any) -> Item:
    return {"pk": "P", "sk": "S", **attributes}


def query(limit: int, **more: Any) -> Query:
    return Query("t", "P", " ", "~", limit, **more)


def fill(bench: Bench, count: int, **attributes: Any) -> list[Item]:
    items = [{"pk": "P", "sk": f"{n:03d}", **attributes} for n in range(count)]
    bench.do(tuple(Put("t", one) for one in items))
    return items


@pytest.mark.parametrize("fault", NOT_DONE)
def test_what_was_not_done_is_done_at_the_next_attempt(bench: Bench, fault: Fault) -> None:
    bench.faulty.plan += [fault] * 3
    assert bench.do(Put("t", item(a=1), Missing())) is None
    bench.faulty.plan += [fault] * 3
    assert bench.get(*KEY) == item(a=1)
    assert len(bench.faulty.sent) == 8


@pytest.mark.parametrize("fault", DONE)
@pytest.mark.parametrize(
    ("before", "write", "after"),
    [
        (None, Put("t", item(a=1), Missing()), item(a=1)),
        (None, Put("t", item(a=1), Missing(), errors.IdTaken), item(a=1)),
        (item(a=1), Put("t", item(a=2), Equals("a", 1)), item(a=2)),
        (item(), Update("t", KEY, {"read_seq": 5}, condition=MARKER), item(read_seq=5)),
        (item(a=1), Update("t", KEY, {"b": 2}, ("a",), Exists("a")), item(b=2)),
        (item(a=1), Delete("t", KEY, Exists()), None),
    ],
)
def test_a_write_whose_answer_is_lost_counts_once(
    bench: Bench, fault: Fault, before: Item | None, write: Write, after: Item | None
) -> None:
    if before:
        bench.do(Put("t", before))
    bench.faulty.plan.append(fault)
    assert bench.do(write) is None
    assert bench.get(*KEY) == after


@pytest.mark.parametrize("fault", DONE)
def test_a_message_whose_answer_is_lost_is_in_the_log_once(bench: Bench, fault: Fault) -> None:
    first, other = b.entry(1), b.entry(1, "bob", id=b.mid(2))
    bench.faulty.plan.append(fault)
    assert bench.do(patterns.append_message(first)) is None
    lost = bench.do(patterns.append_message(other))
    assert isinstance(lost, Lost)
    assert lost.old is not None
    assert lost.old["id"] == first.id


@pytest.mark.parametrize("fault", DONE)
def test_who_was_faster_is_not_taken_for_ones_own_write(bench: Bench, fault: Fault) -> None:
    bench.do(Put("t", item(a=1)))
    bench.faulty.plan.append(fault)
    assert bench.do(Put("t", item(a=2), Missing())) == Lost(item(a=1), 0)
    bench.faulty.plan.append(fault)
    with pytest.raises(errors.HandleTaken):
        bench.do(Put("t", item(a=2), Missing(), errors.HandleTaken))


def test_the_same_put_after_a_throttle_is_still_lost(bench: Bench) -> None:
    bench.do(Put("t", item(a=1)))
    bench.faulty.plan.append(refuse("ThrottlingException"))
    assert bench.do(Put("t", item(a=1), Missing())) == Lost(item(a=1), 0)


@pytest.mark.parametrize(
    "fault",
    [
        *DONE,
        *NOT_DONE,
        cancel("TransactionConflict", "None"),
        cancel("None", "ThrottlingError"),
        refuse("TransactionInProgressException"),
    ],
)
def test_a_transaction_happens_once(bench: Bench, fault: Fault) -> None:
    bench.do(Put("t", {"pk": "P", "sk": "T"}))
    bench.faulty.plan += [fault] * 2
    parts = (Put("t", item(a=1), Missing()), Check("t", Key("P", "T"), Exists()))
    assert bench.do(Transact("t", parts)) is None
    assert bench.get(*KEY) == item(a=1)
    attempts = [sent for sent in bench.faulty.sent if "TransactItems" in sent]
    assert len(attempts) == 3
    assert len({sent["ClientRequestToken"] for sent in attempts}) == 1


def test_two_transactions_have_two_tokens(bench: Bench) -> None:
    put = Put("t", item(a=1))
    bench.do((Transact("t", (put,)), Transact("t", (put,))))
    assert len({sent["ClientRequestToken"] for sent in bench.faulty.sent}) == 2


def test_empty_pages_with_a_next_key_are_read_over(bench: Bench) -> None:
    items = fill(bench, 5)
    bench.faulty.plan += [faults.give_an_empty_page] * 3
    assert bench.do(query(5)) == Page(items, None)
    bench.faulty.plan += [faults.let_through, faults.give_an_empty_page]
    assert bench.do(query(3)) == Page(items[:3], items[2]["sk"])


def test_a_page_is_filled_from_as_many_megabytes_as_it_takes(bench: Bench) -> None:
    items = fill(bench, 12, text="x" * 300_000)
    asked = len(bench.faulty.sent)
    assert bench.do(query(10)) == Page(items[:10], items[9]["sk"])
    assert bench.do(query(10, reverse=True)) == Page(items[:1:-1], items[2]["sk"])
    assert len(bench.faulty.sent) - asked >= 6


def test_without_peeking_no_more_is_read_than_asked_for(bench: Bench) -> None:
    items = fill(bench, 3)
    assert bench.do(query(3, peek=False)) == Page(items, items[-1]["sk"])
    assert bench.do(query(4, peek=False)) == Page(items, None)
    assert [sent["Limit"] for sent in bench.faulty.sent[-2:]] == [3, 4]


def test_a_scan_reads_over_throttles_lost_answers_and_empty_pages(bench: Bench) -> None:
    items = fill(bench, 5)
    nothing = faults.give_nothing_but(encode_key(Key("P", "000")))
    throttled = refuse("ProvisionedThroughputExceededException")
    bench.faulty.plan += [throttled, faults.lose_the_answer, nothing, nothing, throttled]
    assert bench.do(patterns.scan_table(3)) == ScanPage(items[1:4], key_of(items[3]))
    assert bench.store.stats.operations["scan_table"] == 1


def test_a_scan_of_everything_takes_a_megabyte_at_a_time(bench: Bench) -> None:
    items = fill(bench, 12, text="x" * 300_000)
    asked = len(bench.faulty.sent)
    assert bench.scan() == items
    assert len(bench.faulty.sent) - asked >= 3
    assert bench.store.stats.read_units["scan_table"] >= 12 * 300_000 / 8_192


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refuse("ThrottlingException"), errors.StoreThrottled),
        (refuse("TransactionConflictException"), errors.Busy),
        (refuse("ServiceUnavailable", 503), errors.StoreTimeout),
        (faults.lose_the_request, errors.StoreTimeout),
        (refuse("ExpiredTokenException"), errors.StoreDenied),
    ],
)
def test_what_does_not_pass_ends_at_the_deadline(
    hurried: Bench, fault: Fault, error: type[errors.TavolaError]
) -> None:
    hurried.faulty.plan += [fault] * 10_000
    began = time.monotonic()
    with pytest.raises(error):
        hurried.do(Put("t", item()))
    assert IN_A_HURRY.deadline_s <= time.monotonic() - began < IN_A_HURRY.deadline_s + 1.0


def test_what_will_not_pass_ends_at_once(bench: Bench) -> None:
    for code, error in (
        ("ResourceNotFoundException", errors.TableMissing),
        ("AccessDeniedException", errors.StoreDenied),
        ("SomethingNew", errors.StoreFailed),
    ):
        bench.faulty.plan.append(refuse(code))
        with pytest.raises(error):
            bench.do(Put("t", item()))
    assert len(bench.faulty.sent) == 3


def test_a_defect_of_ours_is_not_taken_for_a_failure_of_dynamodb(bench: Bench) -> None:
    bench.faulty.plan.append(faults.stumble)
    with pytest.raises(KeyError):
        bench.do(Put("t", item()))
    assert len(bench.faulty.sent) == 1


def test_one_that_fails_does_not_stop_those_beside_it(bench: Bench) -> None:
    puts = tuple(Put("t", {"pk": "P", "sk": f"{n:03d}"}, Missing()) for n in range(200))
    bench.faulty.plan += [refuse("ThrottlingException")] * 50 + [refuse("SomethingNew")]
    with pytest.raises(errors.StoreFailed):
        bench.do(puts)
    assert len(bench.do(query(200)).items) == 199
