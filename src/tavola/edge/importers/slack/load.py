"""Write an export into a store: people, then conversations side by side.

Messages come before members, who join having read everything. Each step finds what is there, so
an interrupted import is finished by repeating it.
"""

import msgspec

from tavola.core.entities import Group
from tavola.core.errors import ConversationClosed, ImportTooOld, NotFound, TavolaError
from tavola.core.ids import Conversation
from tavola.core.times import from_epoch_ms
from tavola.edge.importers.report import Problem, Progress, Report
from tavola.edge.importers.slack.archive import Archive
from tavola.edge.importers.slack.entries import Talk, read_entries
from tavola.edge.importers.slack.plan import SLACKBOT, Plan, Source
from tavola.edge.importers.slack.text import Names
from tavola.edge.importers.writing import (
    Newcomer,
    ensure_group,
    ensure_user,
    join_all,
    mark_all_read,
    side_by_side,
)
from tavola.edge.ports import Installation
from tavola.flows import groups, importing


class Loader:
    """One import of one export."""

    def __init__(
        self, service: Installation, archive: Archive, plan: Plan, now: str, progress: Progress
    ) -> None:
        self._service = service
        self._archive = archive
        self._plan = plan
        self._now = now
        self._progress = progress
        self._names = Names({}, plan.channels)
        self.report = Report(unreadable=list(plan.unreadable))

    async def run(self) -> Report:
        """Write what is missing."""
        self._progress.stage("people", len(self._plan.people))
        await side_by_side(self._add_person, self._plan.people.values())
        self._progress.stage("messages", self._plan.entries)
        await side_by_side(self._add_talk, self._plan.talks)
        self.report.unreadable.sort(key=lambda problem: problem.where)
        self.report.cut.sort(key=lambda problem: problem.where)
        return self.report

    async def _add_person(self, person: Newcomer) -> None:
        handle, made = await ensure_user(self._service, person, self._now)
        self._names.handles |= {person.handle: handle, person.id: handle}
        self.report.users_added += made
        self.report.users_there += not made
        self._progress.advance()

    async def _add_talk(self, target: Conversation) -> None:
        """One conversation; one that cannot be written is noted, and the others go on."""
        try:
            await self._write_talk(target)
        except (ImportTooOld, NotFound, ConversationClosed) as error:
            where = self._plan.talks[target][0]
            self.report.refused.append(Problem(target.id, where.name, _told(error)))

    async def _write_talk(self, target: Conversation) -> None:
        service, report = self._service, self.report
        source = self._plan.talks[target][0]
        if target.group_id:
            await ensure_group(service, self._record(target, source))
        talk = Talk(target, self._plan, self._names)
        found = read_entries(self._archive, talk, self._now)
        report.unreadable += found.unreadable
        report.cut += found.cut
        flow = importing.append_all(target, found.messages, self._now, service.settings.bucket)
        added = await service.run(flow)
        report.messages_added += added
        report.messages_there += len(found.messages) - added
        self._progress.advance(len(found.messages) + len(found.unreadable))
        await self._seat(target, source, found.messages[-1].draft.id if found.messages else "")

    async def _seat(self, target: Conversation, source: Source, last_id: str) -> None:
        """Make members of a group, and all that was imported read."""
        if target.group_id:
            self.report.groups += 1
            self.report.memberships_added += await join_all(
                self._service, target, source.members, self._now, source.creator
            )
        else:
            self.report.direct += 1
        if last_id:
            members = target.users or source.members
            await mark_all_read(self._service, target, members, last_id)

    def _record(self, target: Conversation, source: Source) -> Group:
        created_at = (
            from_epoch_ms(round(source.created_s * 1000)) if source.created_s else self._now
        )
        created_at = min(created_at, self._now)
        creator = source.creator if source.creator in self._plan.people else SLACKBOT
        record = groups.new_group(target.group_id or "", source.name, creator, created_at)
        visibility = "private" if source.private else "listed"
        return msgspec.structs.replace(record, visibility=visibility)


def _told(error: TavolaError) -> str:
    return f"{error} [{error.code}]"


async def import_slack(
    service: Installation, archive: Archive, plan: Plan, now: str, progress: Progress
) -> Report:
    """Write an export that was checked and planned; what was done."""
    return await Loader(service, archive, plan, now, progress).run()
