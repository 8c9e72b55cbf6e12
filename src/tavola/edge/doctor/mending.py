"""Examines, mends what has one right answer, and examines again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

from tavola.core import limits
from tavola.core.errors import TavolaError
from tavola.edge.doctor.examination import Examined
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Run
from tavola.flows.doctor.finding import Finding

Look = Callable[[], Awaitable[Examined]]
Settle = Callable[[], Awaitable[object]]


class Treated(NamedTuple):
    """What there is now, and what was found and tried to be mended before."""

    now: Examined
    before: list[Finding]


async def mend_all(look: Look, run: Run, settle: Settle, progress: Progress) -> Treated:
    """Mend whatever has one right answer, a few times: a repair may show what stood behind.

    The feed does its part between. Raises errors of the store; a repeat finishes it.
    """
    found = await look()
    before: list[Finding] = []
    for _ in range(limits.DOCTOR_ROUNDS_MAX):
        mendable = [finding for finding in found.findings if finding.repair]
        if not mendable:
            break
        progress.stage("mending", len(mendable))
        await _mend(mendable, run, progress)
        before += mendable
        await settle()
        found = await look()
    return Treated(found, before)


async def _mend(findings: Sequence[Finding], run: Run, progress: Progress) -> None:
    gate = asyncio.Semaphore(limits.DOCTOR_AT_ONCE)

    async def one(finding: Finding) -> None:
        async with gate:
            await _try(finding, run)
        progress.advance()

    await asyncio.gather(*map(one, findings))


async def _try(finding: Finding, run: Run) -> None:
    """Do a repair. Where somebody else was faster, the next look says what is left of it."""
    if finding.repair is None:
        return
    try:
        await run(finding.repair())
    except TavolaError as error:
        if not error.retryable and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
