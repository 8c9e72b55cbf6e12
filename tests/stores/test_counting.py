"""SQLite counts what DynamoDB would charge, also for what it need not read or nobody waits for."""

import asyncio
from pathlib import Path

from tavola.core import patterns, table
from tavola.core.ids import parse_conversation
from tavola.core.operations import Put
from tavola.stores.sqlite import SQLiteStore
from tavola.stores.stats import measured
from tests import builders as b

DM = parse_conversation(b.DIRECT)


async def opened(folder: Path) -> SQLiteStore:
    return await SQLiteStore.open(folder / "tavola.db", clock=lambda: b.T0)


def test_a_head_from_memory_costs_what_one_from_the_file_costs(tmp_path: Path) -> None:
    async def read_heads() -> dict[str, float]:
        store = await opened(tmp_path)
        long = b.entry(1, body="x" * 3_900, digest="y" * 400)
        await store.execute(Put("t", table.MESSAGE.build(long)))
        for consistent in (False, False, True, True):
            await store.execute(patterns.direct_head(DM, consistent=consistent))
        await store.close()
        return store.stats.read_units

    assert asyncio.run(read_heads()) == {"direct_head": 1 + 1 + 2 + 2}


def test_a_write_is_counted_though_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    async def give_up() -> dict[str, float]:
        store = await opened(tmp_path)
        with measured() as spent:
            writing = asyncio.create_task(store.execute(Put("t", {"pk": "P", "sk": "S"})))
            await asyncio.sleep(0)
            writing.cancel()
            await asyncio.wait([writing])
        assert writing.cancelled()
        await store.close()  # which finishes what is queued
        return spent.write_units

    assert asyncio.run(give_up()) == {"t": 1}


def test_writes_of_one_commit_are_told_to_those_who_asked_for_them(tmp_path: Path) -> None:
    async def together() -> list[float]:
        store = await opened(tmp_path)

        async def write(n: int) -> float:
            with measured() as spent:
                item = {"pk": "P", "sk": str(n), "x": "x" * (1024 * n)}
                await store.execute(Put("t", item))
            return spent.units.write

        found = await asyncio.gather(*map(write, range(4)))
        await store.close()
        assert sum(store.stats.batches) < len(found), "they went into fewer commits"
        return found

    assert asyncio.run(together()) == [1, 2, 3, 4]
