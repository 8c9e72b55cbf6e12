"""Every store is scanned in the same way: page by page, and in segments."""

import pytest

from tavola.core.items import Item, Key, key_of
from tavola.core.operations import Put, Scan, ScanPage
from tests.contract.conftest import Database
from tests.contract.test_reads import fill, item

COLLECTIONS = [f"P{n}" for n in range(40)]
ITEMS = [item(f"{n:02d}", pk, n=n) for pk in COLLECTIONS for n in range(7)]


def pages(db: Database, limit: int, segment: int = 0, segments: int = 1) -> list[ScanPage]:
    """All pages of a segment."""
    found: list[ScanPage] = []
    start: Key | None = None
    while not found or start is not None:
        page: ScanPage = db.do(Scan("t", limit, start, segment, segments))
        found.append(page)
        start = page.next
    return found


def items_of(found: list[ScanPage]) -> list[Item]:
    return [one for page in found for one in page.items]


def test_an_empty_store_has_one_empty_page(db: Database) -> None:
    assert pages(db, 10) == [ScanPage([])]
    assert pages(db, 10, 1, 3) == [ScanPage([])]


@pytest.mark.parametrize("limit", [1, 3, 100, len(ITEMS), 4_000])
def test_a_scan_reaches_every_item_once(db: Database, limit: int) -> None:
    fill(db, ITEMS)
    found = pages(db, limit)
    assert sorted(items_of(found), key=key_of) == sorted(ITEMS, key=key_of)
    assert all(len(page.items) <= limit for page in found)
    assert all(page.items for page in found if page.next)


def test_an_item_collection_comes_in_one_run_and_in_order(db: Database) -> None:
    fill(db, ITEMS)
    keys = [key_of(one) for one in items_of(pages(db, 9))]
    runs = [keys[n : n + 7] for n in range(0, len(keys), 7)]
    assert all(run == [Key(run[0].pk, f"{n:02d}") for n in range(7)] for run in runs)


@pytest.mark.parametrize("segments", [1, 2, 5])
def test_the_segments_have_all_items_and_none_in_common(db: Database, segments: int) -> None:
    fill(db, ITEMS)
    parts = [items_of(pages(db, 25, segment, segments)) for segment in range(segments)]
    whole = [one for part in parts for one in part]
    assert sorted(whole, key=key_of) == sorted(ITEMS, key=key_of)
    homes = [{one["pk"] for one in part} for part in parts]
    assert sum(map(len, homes)) == len(COLLECTIONS)


def test_a_page_goes_on_behind_an_item_that_is_gone(db: Database) -> None:
    fill(db, [item("a"), item("c")])
    page: ScanPage = db.do(Scan("t", 10, Key("P", "b")))
    assert page == ScanPage([item("c")])


def test_what_was_scanned_is_the_callers_own(db: Database) -> None:
    db.do(Put("t", item("S", tags=["a"])))
    (page,) = pages(db, 10)
    page.items[0]["tags"].append("b")
    assert pages(db, 10)[0].items == [item("S", tags=["a"])]


def test_several_segments_are_read_at_once(db: Database) -> None:
    fill(db, ITEMS)
    found = db.do(tuple(Scan("t", 4_000, None, segment, 4) for segment in range(4)))
    assert sorted(items_of(found), key=key_of) == sorted(ITEMS, key=key_of)
