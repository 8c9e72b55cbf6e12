"""Brings the users of a table in Postgres into the directory, and finds who is gone from it.

The table is right (`flows/mirroring.py` says about what). Each page of rows is compared with what
is here, and only what differs is written; so a repeat writes nothing, finishes what was
interrupted, and mends what was changed here. A row that cannot be taken is reported, and the rest
goes on. One whose handle somebody else has is tried again at the end: they may have given it up by
then, and where users want each other's, one of them gets another one for the moment.
"""

from collections.abc import Iterable, Sequence
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import msgspec

from tavola.core import limits
from tavola.core.entities import User
from tavola.core.errors import (
    Busy,
    Changed,
    HandleTaken,
    IdentityTaken,
    IdTaken,
    Invalid,
    TavolaError,
    UserNotFound,
)
from tavola.core.ids import fold_handle
from tavola.core.records import Record, Row, record_of
from tavola.core.views import View
from tavola.edge import clock
from tavola.edge.importers.report import Progress
from tavola.edge.importers.writing import side_by_side
from tavola.edge.ports import Run
from tavola.edge.postgres.seen import Seen
from tavola.flows import mirroring
from tavola.flows.mirroring import Linked, Plan

if TYPE_CHECKING:  # the driver is an extra
    from tavola.edge.postgres.asking import Directory

_REFUSALS = (Invalid, HandleTaken, IdTaken, IdentityTaken, UserNotFound, Busy)
_ERASED_AT_ONCE = 200  # between two looks whether they are still gone


class BadRow(View, frozen=True):
    """A row that could not be taken, and why; without a uuid where it has none."""

    uuid: str | None
    code: str
    reason: str


class Removed(View, frozen=True):
    """A user who came from the table and whose row is gone."""

    id: str
    uuid: str


class SyncReport(msgspec.Struct):
    """What a sync has done, or would do. `bad_rows` and `removed` end at 10,000 each."""

    dry_run: bool
    rows: int = 0
    created: int = 0
    linked: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    erased: int = 0
    bad_rows: list[BadRow] = []
    removed: list[Removed] = []


class Sync:
    """One run over a table that is called `source` here; `issuer` is that of tokens, if any."""

    def __init__(self, run: Run, source: str, issuer: str | None, *, dry_run: bool) -> None:
        self.report = SyncReport(dry_run)
        self._run = run
        self._source = source
        self._issuer = issuer
        self._seen = Seen()
        self._waiting: list[Record] = []
        self._promised = Promised()

    async def all(self, directory: "Directory", shown: Progress) -> SyncReport:
        """Go through the whole table, then through all users.

        Raises the errors of Postgres, and what the store raises.
        """
        shown.stage("rows", None)
        async with aclosing(directory.rows(people=self._issuer is not None)) as pages:
            async for page in pages:
                await self._page(page)
                shown.advance(len(page))
        await self._try_again()
        shown.stage("users", None)
        await self._find_removed(directory, shown)
        return self.report

    async def _page(self, rows: Sequence[Row]) -> None:
        self.report.rows += len(rows)
        records = [record for row in rows if (record := self._checked(row))]
        if records:
            changed = await self._run(mirroring.find_changed(records))
            self.report.unchanged += len(records) - len(changed)
            self._waiting += await self._take(changed)
        while len(self._waiting) > limits.MIRROR_WAITING_MAX:
            self._refuse_handle(self._waiting.pop())

    def _checked(self, row: Row) -> Record | None:
        """A row's record; None for one that is bad, though it is there."""
        if row.uuid is not None:
            self._seen.add(row.uuid)
        try:
            return record_of(row, self._source, self._issuer)
        except Invalid as error:
            self._refuse(row.uuid, error)
            return None

    async def _take(self, records: Iterable[Record]) -> list[Record]:
        """Take over some records side by side; those are left whose handle somebody else has."""
        left: list[Record] = []

        async def take(record: Record) -> None:
            try:
                await self._one(record)
            except HandleTaken:
                left.append(record)
            except _REFUSALS as error:
                self._refuse(record.subject, error)

        await side_by_side(take, records)
        return left

    async def _one(self, record: Record) -> None:
        if self.report.dry_run:
            planned = await self._run(mirroring.plan(record))
            self._promised.take(record, planned)
            deed = planned.deed
        else:
            deed = await self._run(mirroring.mirror(record, clock.new_id()))
        setattr(self.report, deed, getattr(self.report, deed) + 1)

    async def _try_again(self) -> None:
        """As long as somebody gets their handle."""
        circles = True
        while self._waiting:
            left = await self._take(self._waiting)
            moved = len(left) < len(self._waiting)
            self._waiting = left
            if moved:
                continue
            if not circles:
                break
            await self._break_circles()
            circles = False
        for record in self._waiting:
            self._refuse_handle(record)

    async def _break_circles(self) -> None:
        users: dict[str, User] = {}
        holders: dict[str, str] = {}
        for record in self._waiting:
            with suppress(*_REFUSALS):  # what is wrong with it is told when it is tried again
                planned = await self._run(mirroring.plan(record))
                if planned.user and planned.holder:
                    users[planned.user.user_id] = planned.user
                    holders[planned.user.user_id] = planned.holder
        for user_id in mirroring.find_circles(holders):
            if self.report.dry_run:
                self._promised.give_up(users[user_id])
                continue
            with suppress(*_REFUSALS, Changed):
                await self._run(mirroring.step_aside(user_id))

    def _refuse_handle(self, record: Record) -> None:
        error = HandleTaken(f"handle: {record.handle} belongs to somebody else.")
        self._refuse(record.subject, error)

    def _refuse(self, uuid: str | None, error: TavolaError) -> None:
        self.report.failed += 1
        if len(self.report.bad_rows) < limits.MIRROR_TOLD_MAX:
            told = None if uuid is None else uuid.encode(errors="replace").decode()
            self.report.bad_rows.append(BadRow(uuid=told, code=error.code, reason=str(error)))

    async def _find_removed(self, directory: "Directory", shown: Progress) -> None:
        """Who came from the table and is not in it, at the time when that is looked at last.

        Somebody may have been put into it, and been made by another run, since the rows were read.
        """
        missed: list[Linked] = []
        start: str | None = None
        while True:
            ids, start = await self._run(mirroring.list_user_ids(start))
            strangers = [user_id for user_id in ids if user_id not in self._seen]
            linked = await self._run(mirroring.find_linked(self._source, strangers))
            missed += [one for one in linked if one.subject not in self._seen]
            shown.advance(len(ids))
            if start is None or len(missed) >= limits.MIRROR_TOLD_MAX:
                break
        missed = missed[: limits.MIRROR_TOLD_MAX]
        there = await directory.still_there([one.subject for one in missed]) if missed else set()
        gone = [one for one in missed if one.subject not in there]
        self.report.removed = [Removed(id=one.user_id, uuid=one.subject) for one in gone]


class Promised:
    """In a dry run: the handles that users would have got by now, and have given up for them."""

    def __init__(self) -> None:
        self._got: set[str] = set()
        self._free: set[str] = set()

    def take(self, record: Record, planned: Plan) -> None:
        """Do as planned. Raises `HandleTaken`."""
        wanted = fold_handle(record.handle)
        if planned.user and fold_handle(planned.user.handle) == wanted:
            return
        if wanted in self._got or (planned.holder and wanted not in self._free):
            raise HandleTaken
        self._got.add(wanted)
        if planned.user:
            self.give_up(planned.user)

    def give_up(self, user: User) -> None:
        """Somebody will not have their handle any more."""
        self._free.add(fold_handle(user.handle))


async def erase_removed(
    run: Run, source: str, directory: "Directory", report: SyncReport, shown: Progress
) -> None:
    """Erase those whom a report says to be gone, unless they are back in the table by now."""
    shown.stage("erasing", len(report.removed))
    for first in range(0, len(report.removed), _ERASED_AT_ONCE):
        part = report.removed[first : first + _ERASED_AT_ONCE]
        there = await directory.still_there([one.uuid for one in part])
        for one in part:
            if one.uuid not in there:
                linked = Linked(one.id, one.uuid)
                done = await run(mirroring.erase_linked(source, linked, clock.now()))
                report.erased += done
            shown.advance()
