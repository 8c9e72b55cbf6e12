"""A shard is read when its parent was read to the end, so that each item's changes keep order."""

import random

import pytest

from tavola.core.shards import Place, Shard, left_behind, to_read

ENDED, BEGUN = Place("9", ended=True), Place("5")
FAMILY = [Shard("p"), Shard("c1", "p"), Shard("c2", "p"), Shard("g", "c1"), Shard("other")]


@pytest.mark.parametrize(
    ("shards", "places", "expected"),
    [
        ([], {}, []),
        (FAMILY, {}, ["p", "other"]),
        (FAMILY, {"p": BEGUN}, ["p", "other"]),
        (FAMILY, {"p": ENDED}, ["c1", "c2", "other"]),
        (FAMILY, {"p": ENDED, "c1": ENDED, "other": ENDED}, ["c2", "g"]),
        (FAMILY[1:], {}, ["c1", "c2", "other"]),
        (FAMILY, dict.fromkeys(("p", "c1", "c2", "g", "other"), ENDED), []),
        ([Shard("a", "a-parent-that-is-gone")], {}, ["a"]),
    ],
)
def test_what_may_be_read(
    shards: list[Shard], places: dict[str, Place], expected: list[str]
) -> None:
    assert [shard.id for shard in to_read(shards, places)] == expected


@pytest.mark.parametrize("seed", range(20))
def test_reading_in_any_order_comes_to_every_shard_behind_its_parent(seed: int) -> None:
    rng = random.Random(seed)
    shards = [
        Shard(str(n), str(rng.randrange(n)) if n and rng.random() < 0.8 else None)
        for n in range(30)
    ]
    rng.shuffle(shards)
    places: dict[str, Place] = {}
    read: list[str] = []
    while open_now := to_read(shards, places):
        shard = rng.choice(open_now)
        assert shard.parent is None or shard.parent in read
        read.append(shard.id)
        places[shard.id] = ENDED
    assert sorted(read) == sorted(shard.id for shard in shards)


def test_what_is_not_listed_any_more_is_left_behind() -> None:
    places = {"p": BEGUN, "older": ENDED, "lost": BEGUN}
    assert left_behind(FAMILY, places) == {"older": ENDED, "lost": BEGUN}
