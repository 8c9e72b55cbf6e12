"""What importers write: users that are missing, members of a group, read markers.

Everything is found again when it is repeated, so an interrupted import is finished by a repeat.
What an import brings counts as read: nobody wants years of somebody else's unread messages.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from tavola.core import entities as e
from tavola.core.errors import HandleTaken, IdTaken, NotFound, UserNotFound
from tavola.core.ids import Conversation
from tavola.edge.importers.naming import another_handle
from tavola.edge.ports import Installation
from tavola.flows import groups, markers, users
from tavola.flows.access import access_group

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 64  # flows waiting for the same group commit


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody whom an import knows."""

    id: str
    handle: str
    display_name: str


async def side_by_side(work: Callable[[T], Awaitable[R]], inputs: Iterable[T]) -> list[R]:
    """Results of the work on each input in order, a bounded number of them at a time.

    The first failure is raised, after the others have been stopped.
    """
    room = asyncio.Semaphore(AT_ONCE)

    async def one(value: T) -> R:
        async with room:
            return await work(value)

    started = [asyncio.create_task(one(value)) for value in inputs]
    try:
        return await asyncio.gather(*started)
    finally:
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)


async def ensure_user(service: Installation, newcomer: Newcomer, now: str) -> tuple[str, bool]:
    """The handle of a user who is there, and whether this call made them.

    A handle that somebody else has gets the newcomer's id behind it.
    """
    try:
        return (await service.run(users.find_user(newcomer.id))).handle, False
    except UserNotFound:
        pass
    for handle in (newcomer.handle, another_handle(newcomer.handle, newcomer.id)):
        user = users.new_user(newcomer.id, handle, newcomer.display_name, now)
        try:
            return (await service.run(users.create_user(user))).handle, True
        except IdTaken:
            return newcomer.handle, False  # somebody who was deleted stays so
        except HandleTaken:
            continue
    raise HandleTaken(f"Both @{newcomer.handle} and @{handle} belong to others.")


async def ensure_group(service: Installation, record: e.Group) -> None:
    """Make a group that is not there. Raises `NotFound` for one that was deleted."""
    try:
        await service.run(groups.create_group(record))
    except IdTaken:
        await service.run(access_group(record.group_id))


async def join_all(
    service: Installation, target: Conversation, user_ids: Sequence[str], now: str, creator: str
) -> int:
    """Make these users members who have read everything; how many had not been members."""

    async def join(user_id: str) -> bool:
        role: e.Role = "admin" if user_id == creator else "member"
        flow = groups.join_group(target.group_id or "", user_id, role, now)
        try:
            return (await service.run(flow)).joined_at == now
        except UserNotFound:
            return False

    return sum(await side_by_side(join, user_ids))


async def mark_all_read(
    service: Installation, target: Conversation, user_ids: Sequence[str], last_id: str
) -> None:
    """Who is in a conversation has read it up to its head, if that is the imported `last_id`."""

    async def mark(user_id: str) -> None:
        try:
            _, tail, _ = await service.run(markers.open_conversation(user_id, target.id))
        except NotFound:
            return  # deleted, or out of the group
        if tail.head and tail.head.id == last_id and tail.head.sender_id != user_id:
            await service.run(markers.mark_read(user_id, target.id, tail.head.seq))

    await side_by_side(mark, user_ids)
