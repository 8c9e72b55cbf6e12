"""Pages of a conversation: by number, around a moment, in a range of time, in a year."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.logs import write_past
from tests.api.people import Person
from tests.api.serving import Serving

C = "dm:ann:bob"
YEARS = "dm:ann:cas"
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
N = 437
AT_YEARS = [
    "2023-12-31T23:59:59.999Z",
    "2024-01-01T00:00:00.000Z",
    "2024-12-31T23:59:59.999Z",
    "2025-01-01T00:00:00.000Z",
    "2025-01-01T00:00:00.001Z",
]


def at(seq: int) -> str:
    """When an entry of the long conversation was written: one each hour."""
    return f"{FIRST + timedelta(hours=seq - 1):%Y-%m-%dT%H:%M:%S}.000Z"


@pytest.fixture(scope="module")
def ann(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody with a past, on a server of their own."""
    folder = tmp_path_factory.mktemp("paging")
    logs = {
        C: [(("ann", "bob")[n % 2], at(n), str(n)) for n in range(1, N + 1)],
        YEARS: [("cas", time, time) for time in AT_YEARS],
    }
    write_past(folder, ("ann", "bob", "cas", "dan"), logs)
    with Serving(folder) as serving:
        person = Person(serving.url, "ann", "ann")
        yield person
        person.close()
        assert serving.stop() == 0


def page(ann: Person, **query: Any) -> tuple[int | None, int | None, bool, bool]:
    """Highest and lowest number of a page, and whether there is more before and after."""
    reply = ann.messages(C, **query)
    seqs = [message["seq"] for message in reply["messages"]]
    assert seqs == sorted(seqs, reverse=True), "newest first"
    assert not seqs or seqs == list(range(seqs[0], seqs[-1] - 1, -1)), "without gaps"
    assert reply["head_seq"] == N
    edges = (seqs[0], seqs[-1]) if seqs else (None, None)
    return (*edges, reply["more_before"], reply["more_after"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (437, 388, True, False)),
        ({"limit": 1}, (437, 437, True, False)),
        ({"limit": 200}, (437, 238, True, False)),
        ({"limit": 9999}, (437, 238, True, False)),
        ({"before": 388}, (387, 338, True, True)),
        ({"before": 2}, (1, 1, False, True)),
        ({"before": 1}, (None, None, False, True)),
        ({"before": 0}, (None, None, False, True)),
        ({"before": 10**11}, (437, 388, True, False)),
        ({"before": 51}, (50, 1, False, True)),
        ({"after": 0}, (50, 1, False, True)),
        ({"after": 400}, (437, 401, True, False)),
        ({"after": 387}, (437, 388, True, False)),
        ({"after": 386}, (436, 387, True, True)),
        ({"after": 437}, (None, None, True, False)),
        ({"after": 10**11}, (None, None, True, False)),
        ({"around": 200, "limit": 11}, (205, 195, True, True)),
        ({"around": 1, "limit": 10}, (10, 1, False, True)),
        ({"around": 0, "limit": 10}, (10, 1, False, True)),
        ({"around": 437, "limit": 10}, (437, 428, True, False)),
        ({"around": 10**11, "limit": 10}, (437, 428, True, False)),
    ],
)
def test_a_page_by_number(ann: Person, query: dict[str, int], expected: tuple[Any, ...]) -> None:
    assert page(ann, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": at(10), "to": at(20)}, (20, 10, False, False)),
        ({"from": at(10), "to": at(20), "limit": 5}, (20, 16, True, False)),
        ({"from": at(10), "to": at(20), "limit": 5, "before": 16}, (15, 11, True, True)),
        ({"from": at(10), "to": at(20), "limit": 5, "before": 11}, (10, 10, False, True)),
        ({"from": at(430)}, (437, 430, False, False)),
        ({"to": at(3)}, (3, 1, False, False)),
        ({"from": "2024-01-01T02:00:00.0005Z", "to": at(5)}, (5, 4, False, False)),
        ({"from": at(5), "to": "2024-01-01T06:59:59.9999Z"}, (7, 5, False, False)),
        (
            {"from": "2024-01-01T05:00:00+01:00", "to": "2024-01-01T07:00:00+01:00"},
            (7, 5, False, False),
        ),
        ({"from": at(20), "to": at(10)}, (None, None, False, False)),
        ({"from": "2030-01-01T00:00:00Z"}, (None, None, False, False)),
        ({"to": "2020-01-01T00:00:00Z"}, (None, None, False, False)),
        ({"year": 2024, "limit": 2}, (437, 436, True, False)),
        ({"year": 2023}, (None, None, False, False)),
        ({"at": at(100), "limit": 3}, (101, 99, True, True)),
        ({"at": "2024-01-05T02:30:00Z", "limit": 1}, (100, 100, True, True)),
        ({"at": "2020-01-01T00:00:00Z", "limit": 3}, (3, 1, False, True)),
        ({"at": "2030-01-01T00:00:00Z", "limit": 3}, (437, 435, True, False)),
    ],
)
def test_a_page_by_time(ann: Person, query: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert page(ann, **query) == expected


@pytest.mark.parametrize(
    ("year", "times"),
    [(2022, []), (2023, AT_YEARS[:1]), (2024, AT_YEARS[1:3]), (2025, AT_YEARS[3:]), (9999, [])],
)
def test_a_year_ends_where_the_next_begins(ann: Person, year: int, times: list[str]) -> None:
    """On 1 January nothing is empty: a list is not bound to the year that it is."""
    reply = ann.messages(YEARS, year=year)
    assert [message["created_at"] for message in reply["messages"]] == times[::-1]
    assert [m["body"] for m in ann.messages(YEARS)["messages"]] == AT_YEARS[::-1]


@pytest.mark.parametrize("limit", [1, 7, 50, 200])
def test_every_message_is_reached_by_walking_back(ann: Person, limit: int) -> None:
    if limit == 1:
        return _walk(ann, limit, N - 20)
    return _walk(ann, limit, 0)


def _walk(ann: Person, limit: int, stop_at: int) -> None:
    seen: list[int] = []
    query: dict[str, int] = {"limit": limit}
    while True:
        reply = ann.messages(C, **query)
        seen += [message["seq"] for message in reply["messages"]]
        if not reply["more_before"] or seen[-1] <= stop_at:
            break
        query["before"] = seen[-1]
    assert seen == list(range(N, seen[-1] - 1, -1))
    assert seen[-1] == max(1, stop_at)


def test_every_message_is_reached_by_walking_on(ann: Person) -> None:
    seen: list[int] = []
    more = True
    while more:
        reply = ann.messages(C, after=seen[-1] if seen else 0, limit=60)
        seen += [message["seq"] for message in reversed(reply["messages"])]
        more = reply["more_after"]
    assert seen == list(range(1, N + 1))


def test_a_page_says_who_wrote_when_asked(ann: Person) -> None:
    assert "users" not in ann.messages(C)
    users = ann.messages(C, include="users")["users"]
    assert users == [
        {"id": "ann", "handle": "ann", "display_name": "Ann"},
        {"id": "bob", "handle": "bob", "display_name": "Bob"},
    ]
    (only,) = ann.messages(C, include="users", limit=1)["users"]
    assert only["id"] == "bob"


def test_an_empty_conversation_has_empty_pages(ann: Person) -> None:
    for query in ({}, {"before": 5}, {"after": 0}, {"around": 1}, {"at": at(1)}, {"year": 2024}):
        reply = ann.messages("dm:ann:dan", **query)
        assert reply == {"messages": [], "head_seq": 0, "more_before": False, "more_after": False}
