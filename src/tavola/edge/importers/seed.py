"""Fill a store with a script of a conversation: two people talk directly, more in a group.

A name becomes a handle; who has that handle already is the one who speaks, others are made. Times
are a minute apart and end a little before now, but not before what is in the log. Ids come of the
script alone, so seeding twice changes nothing.
"""

import msgspec

from tavola.core import patterns
from tavola.core.errors import ImportUnreadable, Invalid, UserNotFound
from tavola.core.ids import Conversation, check_body, derived_message_id, direct, group
from tavola.core.log import Draft
from tavola.core.times import from_epoch_ms, to_epoch_ms
from tavola.edge.importers.naming import handle_from, id_from, name_from
from tavola.edge.importers.report import Progress, Report
from tavola.edge.importers.script import Said
from tavola.edge.importers.writing import Newcomer, ensure_group, ensure_user, join_all
from tavola.edge.ports import Installation
from tavola.flows import groups, importing, users
from tavola.flows.flow import Flow
from tavola.flows.importing import Dated
from tavola.flows.tail import tail_of

_MINUTE_MS = 60_000


class Scene(msgspec.Struct, frozen=True):
    """A script with its people by their names in it; `title` names the group, if it is one."""

    people: dict[str, Newcomer]
    title: str
    said: list[Said]


def scene_of(said: list[Said], title: str) -> Scene:
    """Who talks in a script; `ImportUnreadable` for a monologue or a text that is too long."""
    people: dict[str, Newcomer] = {}
    for message in said:
        _check_text(message)
        if message.name not in people:
            people[message.name] = _newcomer(message.name, {one.id for one in people.values()})
    if len(people) < 2:
        raise ImportUnreadable(f"Only {said[0].name} speaks; a conversation takes two or more.")
    return Scene(people, title, said)


def _check_text(message: Said) -> None:
    try:
        check_body(message.text)
    except Invalid as error:
        raise ImportUnreadable(f"Line {message.line}: {error}.") from None


def _newcomer(name: str, taken: set[str]) -> Newcomer:
    letter = len(name) == 1 and name.isascii()
    handle = handle_from(f"person-{name}" if letter else name, "").replace(".", "-").strip("-")
    user_id = id_from(handle if handle not in taken else f"{handle} {name}")
    return Newcomer(user_id, handle_from(user_id, name), name_from(name))


async def seed(service: Installation, scene: Scene, now: str, progress: Progress) -> Report:
    """Write what is missing of a scene."""
    report = Report()
    progress.stage("people", len(scene.people))
    ids: dict[str, str] = {}
    for name, person in scene.people.items():
        ids[name], made = await _find_or_make(service, person, now)
        report.users_added += made
        report.users_there += not made
        progress.advance()
    members = list(ids.values())
    if len(members) == 2:
        report.direct, target = 1, direct(*members)
    else:
        report.groups, target = 1, group(id_from(handle_from(scene.title, "seed")))
        title = name_from(scene.title.replace("-", " ").replace("_", " "))
        record = groups.new_group(target.group_id or "", title, members[0], now)
        await ensure_group(service, record)
        # Before anything is said, so that there is something to read.
        report.memberships_added = await join_all(service, target, members, now, members[0])
    progress.stage("messages", len(scene.said))
    messages = _messages(scene, target, ids, now, await service.run(_newest_at(target)))
    flow = importing.append_all(target, messages, now, service.settings.bucket)
    report.messages_added = await service.run(flow)
    report.messages_there = len(messages) - report.messages_added
    progress.advance(len(messages))
    return report


async def _find_or_make(service: Installation, person: Newcomer, now: str) -> tuple[str, bool]:
    try:
        return (await service.run(users.find_user(f"@{person.handle}"))).user_id, False
    except UserNotFound:
        _, made = await ensure_user(service, person, now)
        return person.id, made


def _messages(
    scene: Scene, target: Conversation, ids: dict[str, str], now: str, newest_at: str
) -> list[Dated]:
    dated = []
    for n, said in enumerate(scene.said):
        sender = ids[said.name]
        message_id = derived_message_id("seed", target.id, str(n), sender, said.text)
        at = from_epoch_ms(to_epoch_ms(now) - (len(scene.said) - n) * _MINUTE_MS)
        dated.append(Dated(Draft(message_id, sender, said.text), max(at, newest_at)))
    return dated


def _newest_at(target: Conversation) -> Flow[str]:
    head = tail_of((yield patterns.head_of(target, consistent=True))).head
    return head.created_at if head else ""
