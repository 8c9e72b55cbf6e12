"""What an examination finds, and how findings of several are put together."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tavola.core.items import Key
from tavola.core.operations import Operation
from tavola.flows.doctor.check import Check
from tavola.flows.doctor.checks import CHECKS
from tavola.flows.flow import Flow

Repair = Callable[[], Flow[Any]]
Identity = tuple[str, Key]

_RANK = {check.code: n for n, check in enumerate(CHECKS)}


class Finding(NamedTuple):
    """An item that is wrong or missing: which check it fails, and what is wrong with it.

    `others` are items that are part of it. `repair` does what the check says that it mends.
    """

    check: Check
    key: Key
    detail: str
    others: tuple[Key, ...] = ()
    repair: Repair | None = None

    @property
    def identity(self) -> Identity:
        """What makes it the same finding, whatever is known of it."""
        return self.check.code, self.key

    @property
    def words(self) -> tuple[str, Key, str]:
        """What must be the same when one looks again: else somebody has written meanwhile."""
        return self.check.code, self.key, self.detail


def by(*writes: Operation) -> Repair:
    """A repair that does these writes, one after another, until one has lost."""

    def repair() -> Flow[None]:
        for write in writes:
            if (yield write) is not None:
                return

    return repair


def put_together(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, in the order of the checks, without those that follow from another.

    What two examinations find of the same item is one finding with the others of both.
    """
    once: dict[Identity, Finding] = {}
    for finding in findings:
        known = once.setdefault(finding.identity, finding)
        others = tuple(dict.fromkeys((*known.others, *finding.others)))
        once[finding.identity] = known._replace(others=others)
    told: list[Finding] = []
    explained: set[Key] = set()
    for finding in sorted(once.values(), key=lambda one: (_RANK[one.check.code], one.key)):
        if finding.key not in explained:
            told.append(finding)
            explained.update((finding.key, *finding.others))
    return told
