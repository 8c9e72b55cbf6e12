"""What others may ask of the table: who each row is, in order, a page in memory at a time."""

import asyncio

from tavola.app import open_postgres, source_of
from tavola.edge.postgres.seen import Seen
from tavola.settings import load
from tests.postgres.server import Postgres
from tests.postgres.syncing import add, uuid

COUNT = 2_000


def entries(table: Postgres, *, people: bool) -> list[list[tuple[str | None, ...]]]:
    """All pages of entries."""

    async def read() -> list[list[tuple[str | None, ...]]]:
        async with open_postgres(source_of(load({"postgres_url": table.url}, {}))) as directory:
            return [list(page) async for page in directory.entries(people=people)]

    return asyncio.run(read())


def test_entries_say_who_rows_are(table: Postgres) -> None:
    add(table, 2, "theo")
    add(table, 1, "mira")
    table.do("INSERT INTO users DEFAULT VALUES")
    (page,) = entries(table, people=True)
    assert page == [(uuid(1), "mira", "sub-1"), (uuid(2), "theo", "sub-2"), (None, None, None)]
    (page,) = entries(table, people=False)
    assert page == [(uuid(1), "mira", None), (uuid(2), "theo", None), (None, None, None)]


def test_a_long_table_comes_in_pages_and_in_order(table: Postgres) -> None:
    table.do(
        "INSERT INTO users (uuid, handle) "
        f"SELECT gen_random_uuid(), 'u' || n FROM generate_series(1, {COUNT}) AS n"
    )
    pages = entries(table, people=True)
    assert max(map(len, pages)) <= 500
    keys = [entry[0] for page in pages for entry in page]
    assert keys == sorted(set(filter(None, keys)))
    assert len(keys) == COUNT


def test_what_was_seen_is_known_and_nothing_else() -> None:
    seen = Seen()
    assert "a" not in seen
    for n in range(1000):
        seen.add(f"key-{n}")
    seen.add("\udce9")
    assert all(f"key-{n}" in seen for n in range(1000))
    assert not any(f"key-{n}" in seen for n in range(1000, 3000))
    assert "\udce9" in seen
    seen.add("late")
    assert "late" in seen
    assert len(seen) == 1002
