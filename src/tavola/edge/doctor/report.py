"""What doctor tells: sections, in each the checks with what they found.

Codes are stable; texts are for people and may change.
"""

from collections.abc import Iterable, Sequence

import msgspec

from tavola.edge.doctor.mending import Treated
from tavola.edge.importers.report import Problem
from tavola.edge.transfer.comparing import Place
from tavola.flows.doctor.check import Check
from tavola.flows.doctor.checks import CHECKS
from tavola.flows.doctor.finding import Finding


class Told(msgspec.Struct, frozen=True):
    """An item that is wrong or missing, what is wrong with it, and items that are part of it."""

    pk: str
    sk: str
    detail: str
    others: list[Place]


class CheckReport(msgspec.Struct, frozen=True):
    """A check, what it means when it fails, and what it found. `mends` is what --fix does."""

    code: str
    asks: str
    means: str
    advice: str
    mends: str | None
    count: int
    findings: list[Told]


class Section(msgspec.Struct, frozen=True):
    """What was examined in one place."""

    name: str
    checks: list[CheckReport]


class Note(msgspec.Struct, frozen=True):
    """Something to know about an examination that is no finding."""

    code: str
    text: str


class Report(msgspec.Struct):
    """What was examined and found. `mended` is what was found before --fix, and is no more."""

    clean: bool
    items: int
    users: int
    groups: int
    conversations: int
    notes: list[Note]
    sections: list[Section]
    mended: list[CheckReport]
    unexamined: list[Problem]

    @property
    def found(self) -> list[CheckReport]:
        """The checks that found something, of all sections."""
        return [check for section in self.sections for check in section.checks if check.count]


def section(name: str, kind: str, findings: Iterable[Finding]) -> Section:
    """All checks of a kind of section, with what they found."""
    return Section(name, _told([check for check in CHECKS if check.section == kind], findings))


def _mended(before: Sequence[Finding], after: Sequence[Finding]) -> list[CheckReport]:
    """What was found before and is not any more."""
    left = {finding.identity for finding in after}
    gone = {finding.identity: finding for finding in before if finding.identity not in left}
    return [told for told in _told(CHECKS, gone.values()) if told.count]


def report_of(treated: Treated, notes: list[Note], sections: list[Section]) -> Report:
    """Put together what came of an examination."""
    now = treated.now
    wrong = any(check.count for one in sections for check in one.checks)
    return Report(
        clean=now.complete and not wrong and not now.unexamined,
        items=now.counts["items"],
        users=now.counts["users"],
        groups=now.counts["groups"],
        conversations=now.counts["conversations"],
        notes=notes,
        sections=sections,
        mended=_mended(treated.before, now.findings),
        unexamined=now.unexamined,
    )


def report_of_stack(found: Section, notes: list[Note]) -> Report:
    """What came of looking at a stack: no items were."""
    clean = not any(check.count for check in found.checks)
    return Report(clean, 0, 0, 0, 0, notes, [found], [], [])


def _told(checks: Iterable[Check], findings: Iterable[Finding]) -> list[CheckReport]:
    by_code: dict[str, list[Told]] = {}
    for finding in findings:
        others = [Place(*key) for key in finding.others]
        told = Told(finding.key.pk, finding.key.sk, finding.detail, others)
        by_code.setdefault(finding.check.code, []).append(told)
    return [_one(check, by_code.get(check.code, [])) for check in checks]


def _one(check: Check, found: list[Told]) -> CheckReport:
    return CheckReport(
        check.code, check.asks, check.means, check.advice, check.mends, len(found), found
    )
