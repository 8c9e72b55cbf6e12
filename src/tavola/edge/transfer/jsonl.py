"""All items as lines of JSON, and back into an empty store.

An export holds every item but passwords, which never leave the store, and the state of the feed,
which says nothing about people. Inbox pointers and names in joiners are in it, so that the feed
finds nothing to do after an import. A line is an item with its key; sets are `{"$set": [...]}`. Or
it is an item as DynamoDB writes it, each value with its type, which its import from S3 reads.
"""

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, NoReturn, Protocol

import click

from tavola.core import limits, table
from tavola.core.errors import ImportUnreadable
from tavola.core.items import Item, decode_line, encode_line, key_of
from tavola.core.wire import encode_wire_line
from tavola.edge.importers.report import Progress
from tavola.edge.transfer.copying import NOT_OURS, Place
from tavola.edge.transfer.paging import Page

KEPT_BACK = frozenset(("Password", "FeedState"))
FORMATS: dict[str, Callable[[Item], bytes]] = {
    "jsonl": encode_line,
    "dynamodb-json": encode_wire_line,
}

_LINE_BYTES_MAX = 4 * limits.ITEM_BYTES_MAX  # escapes take room


class Scanned(Protocol):
    """A store whose items can all be listed."""

    def scan(self) -> AsyncIterator[list[Item]]: ...


class LinesSource(NamedTuple):
    """A file whose every line is an item that can be stored; see `copying.Source`."""

    lines: IO[bytes]
    items: int
    name: str
    revision: None = None

    async def pages(self, place: Place, size: int) -> AsyncGenerator[Page, None]:
        """See `Source.pages`. The place is told by the items before it."""
        self.lines.seek(0)
        items = (
            _item(line, number) for number, line in islice(_lines(self.lines), place.items, None)
        )
        while page := list(islice(items, size)):
            yield Page(page, key_of(page[-1]))


async def write_items(
    store: Scanned, file: IO[bytes], progress: Progress, encode: Callable[[Item], bytes]
) -> int:
    """Write every item of a store as a line; how many there were."""
    written = 0
    progress.stage("items", None)
    async for items in store.scan():
        kept = [item for item in items if item.get("type") not in KEPT_BACK]
        file.writelines(encode(item) + b"\n" for item in kept)
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


def check(lines: IO[bytes], progress: Progress) -> LinesSource:
    """Read every line; `ImportUnreadable` with the first that cannot be stored."""
    progress.stage("checking", None)
    seen: set[int] = set()
    digest = hashlib.sha256()
    for number, line in _lines(lines):
        digest.update(line)
        item = _item(line, number)
        place = hash(key_of(item))
        if place in seen:
            _refuse(number, f"the item {item['pk']} {item['sk']} is in the file twice")
        seen.add(place)
        progress.advance()
    return LinesSource(lines, len(seen), f"a file with SHA-256 {digest.hexdigest()}")


def _lines(lines: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    for number in range(1, sys.maxsize):
        line = lines.readline(_LINE_BYTES_MAX)
        if not line:
            return
        if line.strip():
            yield number, line


def _item(line: bytes, number: int) -> Item:
    try:
        item = decode_line(line)
        table.decode(item)
    except NOT_OURS as error:
        _refuse(number, str(error))
    if item["type"] in KEPT_BACK:
        _refuse(number, f"an import takes no {item['type']}")
    return item


def _refuse(number: int, reason: str) -> NoReturn:
    raise ImportUnreadable(f"Line {number:,}: {reason}.")
