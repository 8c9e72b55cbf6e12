"""Shards of a stream: which of them may be read, given how far each was read.

A shard holds the changes of some items of a time, in order. When it ends, others follow it as its
children, and an item's changes go on in one of those. So a child is read when its parent was read
to the end; a parent that is not listed any more is older than the stream keeps.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from tavola.core.apply import Change, Unreadable


class Shard(NamedTuple):
    """A part of a stream."""

    id: str
    parent: str | None = None


class Place(NamedTuple):
    """How far a shard was read: up to a record's sequence number, or to its end."""

    sequence: str | None = None
    ended: bool = False


class Records(NamedTuple):
    """What one look into a shard found: changes of items, in order.

    `last` is the sequence number of the last record, None when there was no record; `at` says when
    that was written, in seconds since 1970. `ended`: there will be no more. `trimmed`: what came
    before these was older than the stream keeps, and is not among them.
    """

    changes: list[Change | Unreadable]
    last: str | None = None
    at: float | None = None
    ended: bool = False
    trimmed: bool = False


class ShardReader(Protocol):
    """Reads one shard from a place on."""

    async def read(self) -> Records:
        """The next records, maybe none; after an error, the same again."""
        ...


class Stream(Protocol):
    """Where a worker gets changes from."""

    async def check(self) -> None:
        """Raises `FeedMissing` when the table has no stream that can be followed."""
        ...

    async def shards(self) -> list[Shard]:
        """All shards that still have records. Raises `FeedMissing`, too."""
        ...

    def reader(self, shard_id: str, after: str | None) -> ShardReader:
        """What reads a shard behind a sequence number, or from its oldest record on."""
        ...


def to_read(shards: Iterable[Shard], places: Mapping[str, Place]) -> list[Shard]:
    """The shards that may be read now and have not ended."""
    listed = {shard.id: shard for shard in shards}

    def is_over(shard_id: str | None) -> bool:
        return shard_id not in listed or places.get(shard_id, Place()).ended

    return [shard for shard in listed.values() if not is_over(shard.id) and is_over(shard.parent)]


def left_behind(shards: Iterable[Shard], places: Mapping[str, Place]) -> dict[str, Place]:
    """Places in shards that are not listed any more.

    Where such a shard was not read to its end, changes are gone that nobody has handled.
    """
    listed = {shard.id for shard in shards}
    return {shard_id: place for shard_id, place in places.items() if shard_id not in listed}
