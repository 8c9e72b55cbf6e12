"""Files to measure on, built with Tavola's own flows and patterns.

A long log is written as an import writes it: in transactions of a hundred entries, several at
once. What the feed has handled is dropped from its record, as a server does within a day, so that
a file is what it would be after some weeks.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from tavola.app import Service, open_service
from tavola.core import entities as e
from tavola.core import limits, patterns
from tavola.core.ids import Conversation, derived_message_id, direct, group
from tavola.core.log import Draft, next_entry
from tavola.core.operations import Transact
from tavola.core.times import from_epoch_ms
from tavola.edge import clock
from tavola.flows.access import Asker
from tavola.flows.groups import Wish, add_user, create_group, new_group
from tavola.flows.importing import Dated, append_all
from tavola.flows.sending import Target, send
from tavola.flows.users import new_user
from tavola.settings import Settings
from tavola.stores.sqlite import SQLiteStore

BODY = "The invoice of the third floor is paid; shall we look at the other two on Thursday at ten?"
AT_ONCE = 5
OPERATOR = Asker("bench", admin=True)
_ANY_TIME = "~"  # later than all
_LONG_AGO = "2020-01-01T12:00:00.000Z"
_USERS_AT_ONCE = 100


def user_names(prefix: str, count: int) -> list[str]:
    """Ids of `count` users, which are their handles too."""
    return [f"{prefix}{number:05d}" for number in range(count)]


async def build_users(path: Path, users: Sequence[str]) -> None:
    """A file with users and nothing else."""
    async with open_service(_settings(path)) as service:
        await add_users(service, users)
        await service.settle()


async def add_users(service: Service, users: Sequence[str]) -> None:
    """Make users, many in a commit."""
    now = clock.now()
    for first in range(0, len(users), _USERS_AT_ONCE):
        part = users[first : first + _USERS_AT_ONCE]
        await service.store.execute(
            tuple(patterns.create_user(new_user(user, user, user, now), None) for user in part)
        )


async def build_long_logs(path: Path, writer: str, lengths: dict[str, int]) -> None:
    """A file in which `writer` has a direct conversation of so many messages with each of some.

    The first message of each goes through the feed; the others are of the same day, so that they
    mean nothing to it.
    """
    heads: list[tuple[Conversation, e.Message]] = []
    async with open_service(_settings(path)) as service:
        await add_users(service, [writer, *lengths])
        for other in lengths:
            target = direct(writer, other)
            draft = Draft(derived_message_id("bench", target.id, "1"), writer, BODY)
            to = Target(conversation=target.id)
            sent = await service.run(send(draft, to, None, clock.now(), "day"))
            heads.append((target, sent.entry))
        await service.settle()
    store = await SQLiteStore.open(path, clock.now)
    for (target, head), length in zip(heads, lengths.values(), strict=True):
        for part in _transactions(target, head, length):
            await store.execute(part)
            await store.forget_changes(store.last_change, _ANY_TIME)
    await store.close()


async def build_inbox(path: Path, owner: str, others: Sequence[str], days: int) -> None:
    """A file in which `owner` has a conversation with each other, active over the last `days`."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    span = now - midnight if days == 1 else timedelta(days=days)
    async with open_service(_settings(path)) as service:
        await add_users(service, [owner, *others])
        for number, other in enumerate(others):
            target = direct(owner, other)
            at = now - span * ((number + 0.5) / len(others))
            draft = Draft(derived_message_id("bench", target.id), other, BODY)
            dated = Dated(draft, from_epoch_ms(round(at.timestamp() * 1000)))
            await service.run(append_all(target, [dated], clock.now(), "day"))
        await service.settle()


async def build_group(path: Path, group_id: str, users: Sequence[str]) -> None:
    """A file with a group of all `users`, and one message in it, of long ago."""
    async with open_service(_settings(path)) as service:
        await add_users(service, users)
        await service.run(create_group(new_group(group_id, group_id, users[0], clock.now())))
        for first in range(0, len(users), _USERS_AT_ONCE):
            joins = [
                add_user(OPERATOR, group_id, user, Wish(), clock.now())
                for user in users[first : first + _USERS_AT_ONCE]
            ]
            await asyncio.gather(*map(service.run, joins))
        draft = Draft(derived_message_id("bench", group_id), users[0], BODY)
        await service.run(
            append_all(group(group_id), [Dated(draft, _LONG_AGO)], clock.now(), "day")
        )
        await service.settle()


def _settings(path: Path) -> Settings:
    return Settings(store=f"sqlite:///{path}")


def _transactions(
    target: Conversation, head: e.Message, length: int
) -> Iterator[tuple[Transact, ...]]:
    """What appends entries up to the number `length`: transactions, some at once."""
    entries = _entries(target, head, length)
    while True:
        parts = [tuple(islice(entries, limits.TRANSACTION_WRITES_MAX)) for _ in range(AT_ONCE)]
        if not parts[0]:
            return
        yield tuple(patterns.append_imported(part) for part in parts if part)


def _entries(target: Conversation, head: e.Message, length: int) -> Iterator[e.Message]:
    for seq in range(head.seq + 1, length + 1):
        draft = Draft(derived_message_id("bench", target.id, str(seq)), head.sender_id, BODY)
        head = next_entry(target.id, head, draft, head.created_at, None)
        yield head
