"""Stores that hold a past: conversations whose messages have times of their own."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from tavola.app import open_service
from tavola.core.ids import derived_message_id, parse_conversation
from tavola.core.log import Draft
from tavola.edge import clock
from tavola.flows import groups, importing, users
from tavola.settings import Settings

Line = tuple[str, str, str]  # who wrote, when, what


def write_past(
    folder: Path,
    people: Iterable[str],
    logs: dict[str, list[Line]],
    group_ids: Iterable[str] = (),
    *,
    store: str | None = None,
) -> None:
    """Fill a store, or the one that a server in this folder will open.

    Everybody is in all groups.
    """
    url = store or f"sqlite:///{folder / 'tavola.db'}"
    asyncio.run(_write(url, list(people), logs, group_ids))


async def _write(
    url: str, people: list[str], logs: dict[str, list[Line]], group_ids: Iterable[str]
) -> None:
    async with open_service(Settings(store=url)) as service:
        for user_id in people:
            user = users.new_user(user_id, user_id, user_id.title(), clock.now())
            await service.run(users.create_user(user))
        for group_id in group_ids:
            record = groups.new_group(group_id, group_id.title(), people[0], clock.now())
            await service.run(groups.create_group(record))
            for user_id in people:
                await service.run(groups.join_group(group_id, user_id, "member", clock.now()))
        for conversation, lines in logs.items():
            dated = [
                importing.Dated(Draft(derived_message_id(conversation, at), who, body), at)
                for who, at, body in lines
            ]
            target = parse_conversation(conversation)
            await service.run(importing.append_all(target, dated, clock.now(), "day"))
        await service.settle()
