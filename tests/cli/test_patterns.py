"""`tavola patterns list`, and `tavola patterns run` with its items, units and price."""

import pytest

from tavola.core.patterns import PATTERNS
from tavola.edge.cli.prices import usd
from tests.cli.terminal import Terminal


def test_the_patterns_are_listed_with_what_is_known_of_them(terminal: Terminal) -> None:
    listed = terminal.json("patterns", "list")["patterns"]
    assert [one["name"] for one in listed] == list(PATTERNS)
    first = next(one for one in listed if one["name"] == "get_user")
    assert [param["name"] for param in first.pop("params")] == ["user_id", "consistent"]
    assert first == {
        "name": "get_user",
        "question": "Who is this user?",
        "key": "pk = USER#u and sk = A",
        "units": "0.5 RRU",
        "index": None,
        "reads": True,
    }
    heading, *rows = terminal.ok("patterns", "list").splitlines()
    assert heading.split() == ["pattern", "question", "key", "condition", "index", "units"]
    assert len(rows) == len(PATTERNS)


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A store with a conversation, and a user with a password."""
    terminal.ok(
        "seed", "-", stdin="".join(f"Ann: message {n}\n" for n in range(1, 31)) + "Ben: ok\n"
    )
    terminal.ok(
        "users", "add", "cleo", "--id", "cleo", "--password-stdin", stdin="a long password\n"
    )
    return terminal


PAGE = ("patterns", "run", "read_messages", "conversation=dm:ann:ben", "low=1", "high=99")


def test_a_pattern_is_asked_and_tells_items_units_and_price(filled: Terminal) -> None:
    found = filled.json("patterns", "run", "get_handle", "handle=ann")
    (item,) = found.pop("items")
    assert (item["pk"], item["sk"], item["user_id"]) == ("HANDLE#an", "ann", "ann")
    assert found == {
        "read_units": 0.5,
        "usd_per_million": 0.0625,
        "prices": "on demand in us-east-1, since 2024-11-01",
        "next": None,
    }
    *items, count, price = filled.ok("patterns", "run", "get_handle", "handle=ann").splitlines()
    assert len(items) == 1
    assert count == "1 items, 0.5 read units"
    assert price == "$0.0625 a million times (on demand in us-east-1, since 2024-11-01)"


def test_a_consistent_read_costs_twice_and_nothing_found_costs_too(filled: Terminal) -> None:
    found = filled.json("patterns", "run", "get_user", "user_id=nobody", "consistent=true")
    assert (found["items"], found["read_units"]) == ([], 1)


def test_a_long_answer_is_paged_through(filled: Terminal) -> None:
    page = filled.json(*PAGE, "limit=10")
    assert [item["seq"] for item in page["items"]] == list(range(31, 21, -1))
    assert page["next"] == f"{22:012d}"
    assert "--all" in filled.ok(*PAGE, "limit=10")
    all_of_it = filled.json(*PAGE, "limit=10", "--all")
    assert [item["seq"] for item in all_of_it["items"]] == list(range(31, 0, -1))
    assert (all_of_it["next"], all_of_it["read_units"]) == (None, 4 * 0.5)
    few = filled.json(*PAGE, "limit=10", "--limit", "12")
    assert [item["seq"] for item in few["items"]] == list(range(31, 19, -1))
    assert (few["next"], few["read_units"]) == (f"{20:012d}", 1)
    head = filled.json("patterns", "run", "direct_head", "conversation=dm:ann:ben", "--limit", "1")
    assert len(head["items"]) == 1
    assert head["next"] == head["items"][0]["sk"]


def test_who_wants_few_items_is_not_charged_for_many(filled: Terminal) -> None:
    """Three items and the one behind them are under 4 KB, all of them are more."""
    words = ("patterns", "run", "read_collection", "pk=DM#ann#ben")
    assert filled.json(*words, "--limit", "3")["read_units"] == 0.5
    assert filled.json(*words)["read_units"] == 1


def test_no_password_hash_is_shown(filled: Terminal) -> None:
    found = filled.ok("patterns", "run", "get_password", "user_id=cleo")
    assert "(hidden)" in found
    assert "argon2" not in found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("get_user",), "user_id=TEXT [consistent=BOOL]"),
        (("get_usr",), "get_user"),
        (("create_user",), "create_user"),
        (("get_user", "ann"), "PARAMETER=VALUE"),
        (("get_user", "user_id=ann", "user_id=ben"), "once"),
        (("get_user", "user_id=a b"), "user_id must match"),
        (("get_user", "user_id=ann", "x=1"), "x is not asked for"),
        (("list_users", "limit=0"), "limit must be a whole number from 1 to 1,000"),
        (("direct_head", "conversation=dm:ben:ann"), "A before B"),
        (("read_collection", "pk="), "key"),
    ],
    ids=str,
)
def test_nonsense_gets_a_clear_error(filled: Terminal, words: tuple[str, ...], told: str) -> None:
    assert told in filled.error("invalid", 2, "patterns", "run", *words)


def test_prices_are_settings(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAVOLA_READ_UNITS_USD", "0.2827")
    monkeypatch.setenv("TAVOLA_PRICES_OF", "on demand elsewhere")
    found = filled.json("patterns", "run", "get_user", "user_id=ann", "consistent=true")
    assert (found["usd_per_million"], found["prices"]) == (0.2827, "on demand elsewhere")


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (0, "$0.00"),
        (0.0625, "$0.0625"),
        (1.25, "$1.25"),
        (0.1, "$0.10"),
        (12345.678, "$12,345.678"),
    ],
)
def test_dollars_are_told_as_exactly_as_they_need(amount: float, told: str) -> None:
    assert usd(amount) == told
