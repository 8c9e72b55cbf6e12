"""Every store answers reads in the same way."""

import random

import pytest

from tavola.core.items import Item
from tavola.core.operations import Page, Put, Query, Transact
from tests.contract.conftest import Database

MANY = 3_000


def item(sk: str, pk: str = "P", **attributes: object) -> Item:
    return {"pk": pk, "sk": sk, **attributes}


def fill(db: Database, items: list[Item]) -> None:
    """Write items, a hundred at a time."""
    for first in range(0, len(items), 100):
        db.do(Transact("t", tuple(Put("t", one) for one in items[first : first + 100])))


def query(low: str = " ", high: str = "\U0010ffff", limit: int = 100, **more: object) -> Query:
    return Query("t", "P", low, high, limit, **more)  # type: ignore[arg-type]  # reverse, start


def keys(page: Page) -> list[str]:
    return [found["sk"] for found in page.items]


def test_what_is_not_there_is_none(db: Database) -> None:
    assert db.get("P", "S") is None
    assert db.page(query()) == Page([], None)


def test_a_get_answers_the_item_of_its_whole_key(db: Database) -> None:
    fill(db, [item("S", a=1), item("T", a=2), item("S", "Q", a=3)])
    assert db.get("P", "S") == item("S", a=1)
    assert db.get("Q", "S") == item("S", "Q", a=3)
    assert db.get("Q", "T") is None


def test_a_query_stays_in_its_collection(db: Database) -> None:
    fill(db, [item("S"), item("S", "P2"), item("S", "p"), item("S", "P#")])
    assert db.page(query()).items == [item("S")]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("b", "c", ["b", "bb", "c"]),
        ("b", "bz", ["b", "bb"]),
        ("aa", "b", ["b"]),
        ("c", "b", []),
        ("e", "f", []),
        ("b", "b", ["b"]),
    ],
)
def test_bounds_are_inclusive(db: Database, low: str, high: str, expected: list[str]) -> None:
    fill(db, [item(sk) for sk in ("a", "b", "bb", "c", "d")])
    assert keys(db.page(query(low, high))) == expected
    assert keys(db.page(query(low, high, reverse=True))) == expected[::-1]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_limit_cuts_and_says_where_to_go_on(db: Database, limit: int) -> None:
    fill(db, [item("a"), item("b"), item("c")])
    page = db.page(query(limit=limit))
    assert keys(page) == ["a", "b", "c"][:limit]
    assert page.next == (page.items[-1]["sk"] if limit < 3 else None)


@pytest.mark.parametrize(
    ("start", "reverse", "expected"),
    [
        ("b", False, ["c"]),
        ("b", True, ["a"]),
        ("bb", False, ["c"]),
        ("bb", True, ["b", "a"]),
        ("c", False, []),
        ("!", False, ["a", "b", "c"]),
    ],
)
def test_a_start_is_left_behind(
    db: Database, start: str, *, reverse: bool, expected: list[str]
) -> None:
    fill(db, [item("a"), item("b"), item("c")])
    assert keys(db.page(query(start=start, reverse=reverse))) == expected


@pytest.mark.parametrize("reverse", [False, True])
def test_everything_can_be_reached_page_by_page(db: Database, *, reverse: bool) -> None:
    """The design that this grew from reached 20 items and no more."""
    expected = [f"{n:06d}" for n in range(MANY)]
    fill(db, [item(sk, n=int(sk)) for sk in expected])
    found: list[str] = []
    start: str | None = None
    while True:
        page = db.page(query(limit=333, reverse=reverse, start=start))
        found += keys(page)
        start = page.next
        if start is None:
            break
    assert found == (expected[::-1] if reverse else expected)


def test_sort_keys_are_ordered_by_their_bytes(db: Database) -> None:
    odd = ["!", "#", "0", "9", "A", "Z", "_", "a", "~", "é", "ß", "א", "ｱ", "\ufffd", "😀", "𠀀"]
    odd += [f"{sk}{sk}" for sk in odd] + ["a'b", 'a"b', "a\\b", "a%b", "a\nb", "e\u0301"]
    fill(db, [item(sk) for sk in odd])
    expected = sorted(odd, key=str.encode)
    assert keys(db.page(query())) == expected
    assert keys(db.page(query(reverse=True))) == expected[::-1]
    assert keys(db.page(query("é", "😀"))) == [
        sk for sk in expected if "é".encode() <= sk.encode() <= "😀".encode()
    ]


def test_any_query_answers_what_a_naive_slice_does(db: Database) -> None:
    rng = random.Random(20_261_121)
    letters = "ab!~é😀"
    sks = sorted({"".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(300)})
    fill(db, [item(sk) for sk in sks])
    for _ in range(300):
        low, high, start = ("".join(rng.choices(letters, k=rng.randint(1, 3))) for _ in range(3))
        reverse, limit = rng.random() < 0.5, rng.randint(1, 40)
        began = start if rng.random() < 0.5 else None
        run = [sk for sk in (sks[::-1] if reverse else sks) if low <= sk <= high]
        if began is not None:
            run = [sk for sk in run if (sk < began if reverse else sk > began)]
        page = db.page(query(low, high, limit, reverse=reverse, start=began))
        assert keys(page) == run[:limit]
        assert page.next == (run[limit - 1] if len(run) > limit else None)


def test_several_reads_at_once_answer_in_their_order(db: Database) -> None:
    fill(db, [item("a", n=1), item("b", n=2)])
    answers = db.do((query(reverse=True), query(limit=1), query("b")))
    assert [keys(page) for page in answers] == [["b", "a"], ["a"], ["b"]]


def test_a_scan_answers_all_items_in_the_order_of_keys(db: Database) -> None:
    wanted = [item(f"{n:04d}", f"P{n % 7}", n=n) for n in range(2_345)]
    fill(db, wanted)
    assert db.items() == sorted(wanted, key=lambda one: (one["pk"], one["sk"]))
