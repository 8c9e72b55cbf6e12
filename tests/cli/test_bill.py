"""`tavola costs --users`: a month on Lambda follows from what users do, and from prices."""

import math

import pytest

from tavola.core.units import Prices, Units
from tavola.edge.bill import Bill, Habits, Measured, Rates, bill
from tavola.edge.costs import Shape, UseCase
from tests.cli.terminal import Terminal

NAMES = ("inbox", "look_for_newer", "read_messages", "mark_read", "new_day_direct", "next_direct")
MORE = ("new_day_group", "next_group", "session")
FREE = Rates(
    api=((math.inf, 0.0),),
    function_million=0,
    function_gb_s=0,
    cdn_million=0,
    cdn_function_million=0,
    cdn_gb=((math.inf, 0.0),),
    logs_gb=0,
    logs_kept_gb=0,
    alarm=0,
    stored_gb=0,
    recovery_gb=0,
    pool_user=((math.inf, 0.0),),
    secret=0,
)
NO_UNITS = Prices(0, 0, "")


def a_bill(
    users: int = 1_000, habits: Habits | None = None, rates: Rates = FREE, prices: Prices = NO_UNITS
) -> Bill:
    """A bill in which each use case costs a unit of each kind."""
    measured = Measured(Shape(), [UseCase(name, "", Units(1, 1)) for name in (*NAMES, *MORE)])
    return bill(users, habits or Habits(), measured, prices, rates)


def test_nothing_costs_nothing() -> None:
    assert a_bill().usd == 0


def test_questions_of_the_web_ui_are_counted_by_the_hour() -> None:
    asking, silent = a_bill(habits=Habits(hours=2)), a_bill(habits=Habits(hours=0))
    questions = 1_000 * 15 * 2 * (900 + 1_800)
    more = (asking.requests_a_second - silent.requests_a_second) * 30 * 86_400
    assert more == pytest.approx(questions)


def test_a_request_is_paid_for_at_each_place() -> None:
    requests = a_bill().requests_a_second * 30 * 86_400
    for rates in (
        FREE._replace(api=((math.inf, 1.0),)),
        FREE._replace(cdn_million=1.0),
        FREE._replace(cdn_function_million=1.0),
    ):
        assert a_bill(rates=rates).usd == pytest.approx(requests / 1e6)


def test_units_are_those_of_the_use_cases_and_of_a_session_for_each() -> None:
    requests = a_bill().requests_a_second * 30 * 86_400
    both = a_bill(prices=Prices(1, 1, ""))
    assert both.usd == pytest.approx(2 * 2 * requests / 1e6)


def test_prices_fall_by_tiers() -> None:
    tiers = ((10, 0.0), (100, 2.0), (math.inf, 1.0))
    for users, usd in ((5, 0), (10, 0), (11, 2), (100, 180), (150, 230)):
        assert a_bill(users, rates=FREE._replace(pool_user=tiers)).usd == usd


def test_memory_and_time_are_what_functions_cost() -> None:
    rates = FREE._replace(function_gb_s=1.0)
    small, large = (a_bill(habits=Habits(memory_gb=gb), rates=rates).usd for gb in (1, 3))
    assert large == pytest.approx(3 * small)
    idle = Habits(memory_gb=1, inbox_cpu_ms=0, other_cpu_ms=0, stream_ms=0, wait_ms=1_000)
    seconds = a_bill(habits=idle).requests_a_second * 30 * 86_400
    assert a_bill(habits=idle, rates=rates).usd == pytest.approx(seconds)


def test_a_month_is_told_service_by_service(terminal: Terminal) -> None:
    found = terminal.json("costs", "--users", "10000")
    assert found["usd"] == pytest.approx(sum(line["usd"] for line in found["lines"]))
    assert [line["usd"] for line in found["lines"]] == sorted(
        (line["usd"] for line in found["lines"]), reverse=True
    )
    assert found["assumptions"]["hours"] == 0.5
    silent = terminal.json("costs", "--users", "10000", "--hours", "0")
    assert silent["usd"] < found["usd"] / 4
    text = terminal.ok("costs", "--users", "10000")
    assert "of 10,000 users" in text
    assert "messages that they write on such a day" in text


@pytest.mark.parametrize("words", [("--users", "0"), ("--users", "1", "--hours", "25")])
def test_what_nobody_has_is_refused(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal.run("costs", *words).exit_code == 2


@pytest.mark.parametrize(
    "words", [("costs", "--users", "5", "--hours", "nan"), ("doctor", "--wait", "nan")]
)
def test_what_is_not_a_number_is_neither_hours_nor_seconds(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    result = terminal.run(*words)
    assert result.exit_code == 2
    assert "'nan' is not a number." in result.stderr
