"""What is in an export: people, and conversations with the files of their entries.

Channels, private channels and group DMs become groups, the latter two private ones; a DM of two
becomes their direct conversation, one with oneself a private group of one.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from tavola.core.ids import Conversation, direct, group
from tavola.edge.importers.naming import another_handle, handle_from, id_from, name_from
from tavola.edge.importers.report import Problem
from tavola.edge.importers.slack.archive import USERS, Archive
from tavola.edge.importers.writing import Newcomer

SLACKBOT = "USLACKBOT"
_S_MAX = 100_000_000_000  # seconds: what is above says something else


class Source(msgspec.Struct, frozen=True):
    """A conversation of Slack's: its id, its name for people, and the files of its entries."""

    id: str
    name: str
    members: tuple[str, ...]
    created_s: float
    creator: str
    private: bool
    files: tuple[str, ...]


class Plan(msgspec.Struct):
    """All that will be written but the messages themselves."""

    people: dict[str, Newcomer] = {}
    handles: set[str] = set()
    bots: set[str] = set()
    talks: dict[Conversation, list[Source]] = {}
    channels: dict[str, str] = {}
    entries: int = 0
    unreadable: list[Problem] = []


def make_plan(archive: Archive) -> Plan:
    """Read who and what is in an export that was checked."""
    plan = Plan()
    _plan_people(plan, archive)
    folders = archive.folders()
    for list_name, private in (("channels.json", False), ("groups.json", True)):
        for entry in _entries(plan, archive, list_name):
            _add_group(plan, entry, folders, private=private)
    for entry in _entries(plan, archive, "mpims.json"):
        _add_group(plan, entry, folders, private=True, named=False)
    for entry in _entries(plan, archive, "dms.json"):
        _add_direct(plan, entry, folders)
    _meet_writers(plan, archive)
    for folder, names in folders.items():
        for name in names:
            found = archive.read(name)
            reason = f"{len(found):,} entries of a conversation that the export does not name"
            plan.unreadable.append(Problem(name, "", f"{folder}: {reason}"))
    return plan


def author_of(entry: dict[str, Any]) -> str:
    """Who wrote an entry: a user, a bot, or Slack itself."""
    comment = entry.get("comment")
    candidates = [entry.get("user"), entry.get("bot_id")]
    if isinstance(comment, dict):
        candidates.insert(0, comment.get("user"))
    for candidate in candidates:
        if isinstance(candidate, str) and candidate:
            return id_from(candidate)
    username = entry.get("username")
    if isinstance(username, str) and username.strip():
        return id_from(f"bot-{username}")
    return SLACKBOT


def _plan_people(plan: Plan, archive: Archive) -> None:
    for entry in _entries(plan, archive, USERS):
        profile = _profile(entry.get("profile"))
        name = _text(entry.get("name"))
        shown = (profile.get("display_name"), profile.get("real_name"), entry.get("real_name"))
        _meet(plan, entry["id"], name or entry["id"], *shown, name)
        if entry.get("is_bot") is True or entry["id"] == SLACKBOT:
            plan.bots.add(entry["id"])


def _meet(plan: Plan, user_id: str, handle: str, *names: Any) -> None:
    """Add somebody, with a handle that nobody before has."""
    if user_id in plan.people:
        return
    wanted = handle_from(handle, user_id)
    if wanted in plan.handles:
        wanted = another_handle(wanted, user_id)
    plan.handles.add(wanted)
    plan.people[user_id] = Newcomer(user_id, wanted, name_from(*names, handle, user_id))


def _add_group(
    plan: Plan,
    entry: dict[str, Any],
    folders: dict[str, list[str]],
    *,
    private: bool,
    named: bool = True,
) -> None:
    source = _source(entry, folders, private=private)
    title = source.name if named else ", ".join(_names(plan, source.members)) or source.name
    source = msgspec.structs.replace(source, name=name_from(title, source.name, source.id))
    plan.talks.setdefault(group(source.id), []).append(source)
    plan.channels[source.id] = source.name


def _add_direct(plan: Plan, entry: dict[str, Any], folders: dict[str, list[str]]) -> None:
    source = _source(entry, folders, private=True)
    pair = sorted(set(source.members))
    if len(pair) == 2:
        plan.talks.setdefault(direct(*pair), []).append(source)
        return
    names = _names(plan, tuple(pair))
    title = f"Notes of {names[0]}" if len(pair) == 1 else ", ".join(names)
    source = msgspec.structs.replace(source, name=name_from(title, source.id))
    plan.talks.setdefault(group(source.id), []).append(source)


def _source(entry: dict[str, Any], folders: dict[str, list[str]], *, private: bool) -> Source:
    name = _text(entry.get("name"))
    files = folders.pop(name, None) or folders.pop(entry["id"], None) or []
    members = entry.get("members")
    listed = [one for one in members if isinstance(one, str)] if isinstance(members, list) else []
    created, creator = entry.get("created"), _text(entry.get("creator"))
    return Source(
        id=entry["id"],
        name=name or entry["id"],
        members=tuple(dict.fromkeys(id_from(member) for member in listed if member)),
        created_s=float(created) if isinstance(created, int) and 0 < created < _S_MAX else 0.0,
        creator=id_from(creator) if creator else "",
        private=private,
        files=tuple(files),
    )


def _meet_writers(plan: Plan, archive: Archive) -> None:
    """Members and authors who are not among the users: bots, and people of other workspaces."""
    for sources in plan.talks.values():
        for source in sources:
            for name in source.files:
                for entry in archive.read(name):
                    plan.entries += 1
                    if isinstance(entry, dict):
                        _meet_writer(plan, entry)
    for sources in plan.talks.values():
        for source in sources:
            for member in source.members:
                _meet(plan, member, "slackbot" if member == SLACKBOT else member)


def _meet_writer(plan: Plan, entry: dict[str, Any]) -> None:
    author = author_of(entry)
    if author in plan.people:
        return
    bot, profile = _profile(entry.get("bot_profile")), _profile(entry.get("user_profile"))
    names = [
        *(profile.get("display_name"), profile.get("real_name"), profile.get("name")),
        *(entry.get("username"), bot.get("name")),
        "Slackbot" if author == SLACKBOT else author,
    ]
    known = [name for name in names if isinstance(name, str) and name.strip()]
    if not isinstance(entry.get("user"), str) or author == SLACKBOT:
        plan.bots.add(author)
    _meet(plan, author, _text(profile.get("name")) or known[0], *known)


def _entries(plan: Plan, archive: Archive, list_name: str) -> Iterator[dict[str, Any]]:
    """The entries of a list that have an id, in the form that ids have here."""
    for n, entry in enumerate(archive.read(list_name), 1):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]:
            yield {**entry, "id": id_from(entry["id"])}
        else:
            plan.unreadable.append(Problem(list_name, f"entry {n}", "has no id"))


def _names(plan: Plan, user_ids: tuple[str, ...]) -> list[str]:
    people = [plan.people.get(user_id) for user_id in user_ids]
    return [
        person.display_name if person else user_id
        for person, user_id in zip(people, user_ids, strict=True)
    ]


def _profile(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
