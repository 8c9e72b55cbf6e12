"""`tavola costs`: units and dollars of each use case."""

from pathlib import Path

import pytest

from tavola.core import limits
from tavola.edge.costs import BODY_BYTES, MEMBERS
from tests.cli.terminal import Terminal


def test_use_cases_are_told_with_units_and_dollars(terminal: Terminal) -> None:
    found = terminal.json("costs")
    assert (found["message_bytes"], found["members"]) == (BODY_BYTES, MEMBERS)
    by_name = {one["name"]: one for one in found["use_cases"]}
    assert by_name["next_direct"] == {
        "name": "next_direct",
        "told": "next message, direct",
        "request": {"read": 0.5, "write": 1},
        "feed": {"read": 0, "write": 0},
        "usd_per_million": 0.6875,
    }
    heading, *rows = terminal.ok("costs").partition("\n\n")[0].splitlines()
    assert heading.split("  ")[0] == "use case"
    assert len(rows) == len(by_name)
    (line,) = (row for row in rows if row.startswith("next message, direct"))
    assert line.split()[3:] == ["0.5", "1", "0", "0", "0.6875"]


def test_dollars_are_those_of_request_and_feed_together(terminal: Terminal) -> None:
    for one in terminal.json("costs")["use_cases"]:
        read = one["request"]["read"] + one["feed"]["read"]
        write = one["request"]["write"] + one["feed"]["write"]
        assert one["usd_per_million"] == pytest.approx(0.125 * read + 0.625 * write)


def test_messages_and_groups_may_be_larger(terminal: Terminal) -> None:
    small, large = (
        {one["name"]: one for one in terminal.json("costs", *words)["use_cases"]}
        for words in ((), ("--message-bytes", "3000", "--members", "100"))
    )
    assert large["next_direct"]["request"]["write"] == 4
    assert large["read_messages"]["request"]["read"] > 8 * small["read_messages"]["request"]["read"]
    assert large["new_day_group"]["feed"]["write"] == 2 * 100 + 1
    assert large["mark_read"] == small["mark_read"]


@pytest.mark.parametrize(
    "words",
    [
        ("--members", "0"),
        ("--members", "many"),
        ("--message-bytes", "0"),
        ("--message-bytes", str(limits.BODY_CODE_POINTS_MAX + 1)),
    ],
)
def test_what_nobody_can_write_is_refused(terminal: Terminal, words: tuple[str, str]) -> None:
    assert terminal.run("costs", *words).exit_code == 2


def test_the_smallest_group_is_of_one(terminal: Terminal) -> None:
    found = terminal.json("costs", "--members", "1", "--message-bytes", "1")
    by_name = {one["name"]: one for one in found["use_cases"]}
    assert by_name["new_day_group"]["feed"]["write"] == 2 + 1
    assert by_name["new_day_member"]["feed"]["write"] == 2


def test_prices_come_from_the_settings_with_their_date(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "$0.125" in terminal.ok("costs")
    assert "since 2024-11-01" in terminal.ok("costs")
    monkeypatch.setenv("TAVOLA_WRITE_UNITS_USD", "1.4135")
    monkeypatch.setenv("TAVOLA_READ_UNITS_USD", "0.283")
    monkeypatch.setenv("TAVOLA_PRICES_OF", "on demand in Frankfurt")
    found = terminal.json("costs")
    prices = {"read_usd": 0.283, "write_usd": 1.4135, "told": "on demand in Frankfurt"}
    assert found["prices"] == prices
    by_name = {one["name"]: one for one in found["use_cases"]}
    assert by_name["next_direct"]["usd_per_million"] == pytest.approx(0.1415 + 1.4135)
    assert "on demand in Frankfurt" in terminal.ok("costs")


def test_no_store_is_needed_and_none_is_touched(terminal: Terminal) -> None:
    terminal.ok("costs")
    assert not terminal.store.exists()
    assert not list(Path(terminal.folder).iterdir())


@pytest.mark.parametrize("price", ["-1", "nan", "free"])
def test_a_price_that_is_none_is_refused(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, price: str
) -> None:
    monkeypatch.setenv("TAVOLA_READ_UNITS_USD", price)
    assert "read_units_usd" in terminal.error("invalid", 2, "costs")
