"""All items as JSON Lines, and back into an empty store.

An export holds every item but passwords, which never leave the store, and the state of the feed,
which says nothing about people. Inbox pointers and names in joiners are in it, so that the feed
finds nothing to do after an import. A line is an item with its key; sets are `{"$set": [...]}`.
"""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

import click
import msgspec

from tavola.core import limits, patterns, table
from tavola.core.errors import ImportUnreadable, StoreNotEmpty
from tavola.core.items import Item, decode_line, encode_line, key_of
from tavola.core.operations import Request
from tavola.edge.importers.report import Progress

KEPT_BACK = frozenset(("Password", "FeedState"))

_AT_ONCE = 200  # puts in one commit
_LINE_BYTES_MAX = 4 * limits.ITEM_BYTES_MAX  # escapes take room


class ItemStore(Protocol):
    """A store, as far as exports need it."""

    async def execute(self, request: Request) -> Any: ...

    def scan(self) -> AsyncIterator[list[Item]]: ...


class Checked(msgspec.Struct):
    """An import file whose every line is an item that can be stored."""

    lines: IO[bytes]
    items: int


async def write_items(store: ItemStore, file: IO[bytes], progress: Progress) -> int:
    """Write every item of a store as a line; how many there were."""
    written = 0
    progress.stage("items", None)
    async for items in store.scan():
        kept = [item for item in items if item["type"] not in KEPT_BACK]
        file.writelines(encode_line(item) + b"\n" for item in kept)
        written += len(kept)
        progress.advance(len(kept))
    return written


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that is there whole or not at all, for its owner's eyes only."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:  # a device or a pipe; `IsADirectoryError` for a folder
            yield file
        return
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("xb") as file:
            temporary.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def spooled(file: str) -> Iterator[IO[bytes]]:
    """A file to read twice; `-` is standard input, kept in a temporary file."""
    if file != "-" and Path(file).is_file():
        with Path(file).open("rb") as lines:
            yield lines
        return
    with tempfile.TemporaryFile() as lines:
        with click.open_file(file, "rb") as source:
            shutil.copyfileobj(source, lines)
        lines.seek(0)
        yield lines


def check(lines: IO[bytes], progress: Progress) -> Checked:
    """Read every line; `ImportUnreadable` with the first that cannot be stored."""
    progress.stage("checking", None)
    seen: set[int] = set()
    for number, item in _items(lines):
        place = hash(key_of(item))
        if place in seen:
            _refuse(number, f"the item {item['pk']} {item['sk']} is in the file twice")
        seen.add(place)
        progress.advance()
    return Checked(lines, len(seen))


async def restore(store: ItemStore, checked: Checked, progress: Progress) -> None:
    """Put every item into an empty store. Raises `StoreNotEmpty`."""
    async for items in store.scan():
        if any(item["type"] != "FeedState" for item in items):
            raise StoreNotEmpty("The store is not empty: name a new file with --store.")
    progress.stage("items", checked.items)
    checked.lines.seek(0)
    waiting: list[Item] = []
    for _, item in _items(checked.lines):
        waiting.append(item)
        if len(waiting) == _AT_ONCE:
            await _put(store, waiting, progress)
            waiting = []
    if waiting:
        await _put(store, waiting, progress)


async def _put(store: ItemStore, items: list[Item], progress: Progress) -> None:
    await store.execute(tuple(map(patterns.restore_item, items)))
    progress.advance(len(items))


def _items(lines: IO[bytes]) -> Iterator[tuple[int, Item]]:
    for number in range(1, sys.maxsize):
        line = lines.readline(_LINE_BYTES_MAX)
        if not line:
            return
        if line.strip():
            yield number, _item(line, number)


def _item(line: bytes, number: int) -> Item:
    try:
        item = decode_line(line)
        table.decode(item)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError) as error:
        _refuse(number, str(error))
    if item["type"] in KEPT_BACK:
        _refuse(number, f"an import takes no {item['type']}")
    return item


def _refuse(number: int, reason: str) -> NoReturn:
    raise ImportUnreadable(f"Line {number:,}: {reason}.")
