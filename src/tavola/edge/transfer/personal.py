"""Everything of one person as lines of JSON, as an export of the whole store has them."""

from typing import IO

from tavola.core.ids import Conversation
from tavola.core.items import Item, encode_line
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Run
from tavola.flows import personal


async def write_person(run: Run, user_id: str, file: IO[bytes], progress: Progress) -> int:
    """Write every item of a person as a line; how many there were. Raises `UserNotFound`."""
    lines = _Lines(file, progress)
    lines.write([await run(personal.own_record(user_id))])
    seen: set[str] = set()
    start: str | None = None
    while True:
        part = await run(personal.own_items(user_id, start))
        lines.write(part.items)
        for target in part.places:
            if target.id not in seen:  # a pointer that is just moved stands in two places
                seen.add(target.id)
                await _write_place(run, target, user_id, lines)
        start = part.next
        if start is None:
            return lines.written


class _Lines:
    """Where the lines go, and how many have gone."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self.written = 0
        progress.stage("items", None)

    def write(self, items: list[Item]) -> None:
        """Write items, a line each."""
        self._file.writelines(encode_line(item) + b"\n" for item in items)
        self.written += len(items)
        self._progress.advance(len(items))


async def _write_place(run: Run, target: Conversation, user_id: str, lines: _Lines) -> None:
    lines.write(await run(personal.own_joiner(target, user_id)))
    after: int | None = 0
    while after is not None:
        items, after = await run(personal.own_messages(target, user_id, after))
        lines.write(items)
