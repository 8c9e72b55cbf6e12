"""Sample items of the table: the demo's people and the end of each of their conversations.

They are written by the flows that write everything, at a fixed time, so that they are the same
whenever they are made. Nothing of them is secret: nobody has a password.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Protocol

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.items import Item
from tavola.edge import demo
from tavola.edge.ports import Installation
from tavola.edge.transfer.jsonl import KEPT_BACK
from tavola.flows import amending, users
from tavola.flows.flow import Flow

MADE = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
MESSAGES_MAX = 5  # of each conversation
ISSUER, SUBJECT = "https://id.example.com", "248289761001"


class ItemSource(Protocol):
    """A store, as far as its items are read."""

    def scan(self) -> AsyncIterator[list[Item]]: ...


class EmptyInstallation(Installation, Protocol):
    """An open store without items, with a feed that can be waited for."""

    @property
    def store(self) -> ItemSource: ...

    async def settle(self) -> None: ...


async def sample_items(service: EmptyInstallation) -> list[Item]:
    """Fill an empty store; all of its items but those that no export has."""
    cast = demo.load()
    for person in cast.people:
        await service.run(users.create_user(demo.user_of(person, MADE)))
    for talk in cast.conversations:
        messages = demo.messages_of(talk, MADE)[-MESSAGES_MAX:]
        await demo.seed_talk(service, talk, messages, demo.text_of(MADE))
    await _amend(service, cast.conversations[0])
    await service.run(_rarer(cast))
    await service.settle()
    return [
        item
        async for items in service.store.scan()
        for item in items
        if item["type"] not in KEPT_BACK
    ]


async def _amend(service: EmptyInstallation, talk: demo.Talk) -> None:
    """Somebody deletes the first message, so that there are a tombstone and an amendment."""
    sender = demo.messages_of(talk, MADE)[-MESSAGES_MAX].draft.sender_id
    now = demo.text_of(MADE)
    await service.run(amending.delete_message(sender, talk.target.id, 1, now))


def _rarer(cast: demo.Cast) -> Flow[None]:
    """What few installations have: an issuer's somebody, one who left a group, a mark."""
    first, now = cast.people[0].handle, demo.text_of(MADE)
    left_group, leaver = next(
        (talk.id, person.handle)
        for talk in cast.conversations
        for person in cast.people
        if talk.group and person.handle not in talk.members
    )
    records = (
        table.IDENTITY.build(e.Identity(issuer=ISSUER, subject=SUBJECT, user_id=first)),
        table.USER_IDENTITY.build(e.UserIdentity(user_id=first, issuer=ISSUER, subject=SUBJECT)),
        table.LEFT_GROUP.build(e.LeftGroup(user_id=leaver, group_id=left_group, left_at=now)),
        table.RULE_MARK.build(e.RuleMark(user_id=first, scope="@", rule="newcomers", held=True)),
    )
    yield tuple(map(patterns.copy_item, records))
