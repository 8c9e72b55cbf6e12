"""One look at a whole store.

What seems wrong is looked at again, strongly consistent and a little later each time, before it is
told: a write that was under way, or that the feed has just to follow, is no finding; nor is what
is wrong in other words each time, because then others write. Where nobody else can write, the
second look comes at once.

Memory holds a few pages, the collections under way, and what seems wrong.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from tavola.core import limits, patterns
from tavola.core.errors import NotFound
from tavola.core.items import Key
from tavola.core.operations import ScanPage
from tavola.core.times import Bucketing
from tavola.edge.doctor.gathering import Gathering
from tavola.edge.importers.report import Problem, Progress
from tavola.edge.ports import Run
from tavola.flows.doctor.examining import examine, examine_unreadable
from tavola.flows.doctor.finding import Finding, put_together
from tavola.flows.doctor.seen import Seen
from tavola.flows.flow import Flow

_UNREADABLE = (ValueError, TypeError, KeyError, msgspec.ValidationError, NotFound)


PAUSES_S = tuple(limits.DOCTOR_PAUSE_FIRST_S * 2**n for n in range(limits.DOCTOR_LOOKS))


class Pace(NamedTuple):
    """Segments that are read side by side, items a second, and pauses before another look."""

    segments: int = 1
    rate: int | None = None
    pauses_s: Sequence[float] = (0.0,)

    @property
    def page_items(self) -> int:
        """Items of a page: no more than are read in a second."""
        return min(limits.SCAN_ITEMS_MAX, self.rate or limits.SCAN_ITEMS_MAX)


class Suspect(NamedTuple):
    """A collection that seems wrong, or that cannot be examined."""

    seen: Seen
    findings: list[Finding]
    failure: Problem | None = None


class Examined(NamedTuple):
    """What an examination came to."""

    findings: list[Finding]
    unexamined: list[Problem]
    counts: Counter[str]
    complete: bool


class Examination:
    """Looks at everything once. `now` is the time that repairs of memberships write."""

    def __init__(
        self, run: Run, bucketing: Bucketing, now: str, pace: Pace, progress: Progress
    ) -> None:
        self._run = run
        self._bucketing = bucketing
        self._now = now
        self._pace = pace
        self._progress = progress
        self._counts: Counter[str] = Counter()
        self._suspects: list[Suspect] = []

    async def all(self) -> Examined:
        """Examine the store. Raises what it raises."""
        self._progress.stage("examining", None)
        await asyncio.gather(*map(self._segment, range(self._pace.segments)))
        complete = not self._is_full()
        if self._suspects:
            self._progress.stage("looking again", None)
        for pause_s in self._pace.pauses_s:
            if self._suspects:
                await asyncio.sleep(pause_s)
                self._suspects = await self._again(self._suspects)
        found = put_together(one for suspect in self._suspects for one in suspect.findings)
        failures = [suspect.failure for suspect in self._suspects if suspect.failure]
        return Examined(found, failures, self._counts, complete)

    def _is_full(self) -> bool:
        return sum(len(one.findings) for one in self._suspects) >= limits.DOCTOR_FINDINGS_MAX

    async def _segment(self, segment: int) -> None:
        gathering, start = Gathering(), None
        due_s = time.monotonic()
        while not self._is_full():
            page: ScanPage = await self._run(_page(self._pace, start, segment))
            self._counts["items"] += len(page.items)
            await self._examine(gathering.take(page.items))
            self._progress.advance(len(page.items))
            start = page.next
            if start is None:
                await self._examine(gathering.rest())
                return
            if self._pace.rate:
                due_s += len(page.items) * self._pace.segments / self._pace.rate
                await asyncio.sleep(due_s - time.monotonic())

    async def _examine(self, whole: Sequence[Seen]) -> None:
        """Examine collections that were seen whole."""
        for suspect in await self._look_at(whole):
            self._suspects += _wrong(await self._apart(suspect))
        for seen in whole:
            self._counts["users"] += "User" in seen.types
            self._counts["groups"] += "Group" in seen.types
            self._counts["conversations"] += "Message" in seen.types

    async def _look_at(self, whole: Sequence[Seen]) -> list[Suspect]:
        """Look at each, some at a time."""
        looked_at: list[Suspect] = []
        for first in range(0, len(whole), limits.DOCTOR_AT_ONCE):
            some = whole[first : first + limits.DOCTOR_AT_ONCE]
            looked_at += await asyncio.gather(*map(self._look, some))
        return looked_at

    async def _apart(self, suspect: Suspect) -> list[Suspect]:
        """Of items that were looked at together, one that fails keeps no other from it."""
        if suspect.failure is None or len(suspect.seen.listed) <= 1:
            return [suspect]
        return [await self._look(part) for part in suspect.seen.apart()]

    async def _look(self, seen: Seen) -> Suspect:
        found = await self._run(examine_unreadable(seen))
        try:
            found += await self._run(examine(seen, self._now, self._bucketing))
        except _UNREADABLE as error:
            failure = Problem(seen.told, "", _told(error))
            return Suspect(seen, found, failure)
        return Suspect(seen, found)

    async def _again(self, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Those that still seem wrong, in the same words."""
        left: list[Suspect] = []
        again = await self._look_at([suspect.seen for suspect in suspects])
        for before, now in zip(suspects, again, strict=True):
            known = {finding.words for finding in before.findings}
            same = [finding for finding in now.findings if finding.words in known]
            left += _wrong([now._replace(findings=same)])
        self._progress.advance(len(suspects))
        return left


def _wrong(suspects: Iterable[Suspect]) -> list[Suspect]:
    return [one for one in suspects if one.findings or one.failure]


def _told(error: Exception) -> str:
    return f"it leads to what cannot be read: {type(error).__name__}: {error}"


def _page(pace: Pace, start: Key | None, segment: int) -> Flow[ScanPage]:
    page: ScanPage = yield patterns.scan_table(pace.page_items, start, segment, pace.segments)
    return page
