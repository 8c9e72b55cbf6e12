"""Sends requests about whole tables, and waits until what they ask for is done.

DynamoDB changes one thing of a table at a time and says `TableBusy` meanwhile. A change may be
asked for twice, by an attempt whose answer got lost or by somebody else: so each change first looks
whether it is needed, and looks again when it is refused.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from tavola.core import limits
from tavola.core.errors import (
    Invalid,
    OperationUnknown,
    StoreDenied,
    StoreTimeout,
    StoreUnusable,
    TableBusy,
    TableMissing,
)
from tavola.core.items import BadItem, Item
from tavola.core.units import Units
from tavola.stores.dynamodb import described as d
from tavola.stores.dynamodb.answers import found_item, units_of
from tavola.stores.dynamodb.requests import Request
from tavola.stores.dynamodb.schema import foreign_items, foreign_table
from tavola.stores.dynamodb.sender import Sender

T = TypeVar("T")


class Waiting(NamedTuple):
    """How long to wait for a table, and how often to look, in seconds."""

    deadline_s: float = limits.TABLE_WAIT_S
    pause_s: float = limits.TABLE_PAUSE_S


class Selected(NamedTuple):
    """A page of what a statement selects, and what it consumed."""

    items: list[Item]
    units: Units


class Admin:
    """The tables of an endpoint. `place` names it for people."""

    def __init__(self, sender: Sender, place: str, waiting: Waiting | None = None) -> None:
        self._sender = sender
        self._waiting = waiting or Waiting()
        self.place = place

    async def describe(self, table: str) -> d.Described:
        """A table as it is. Raises `TableMissing`."""
        try:
            answer = await self._send(d.of_table("DescribeTable", table))
        except TableMissing:
            raise missing_table(table, self.place) from None
        return d.described(answer["Table"])

    async def expiry(self, table: str) -> d.Expiry | d.Unknown:
        """Whether its items expire."""
        answer = await self._ask(d.of_table("DescribeTimeToLive", table))
        return answer if isinstance(answer, d.Unknown) else d.expiry_of(answer)

    async def recovery(self, table: str) -> d.Recovery | d.Unknown:
        """Whether it can be restored to a moment of its last days."""
        answer = await self._ask(d.of_table("DescribeContinuousBackups", table))
        return answer if isinstance(answer, d.Unknown) else d.recovery_of(answer)

    async def foreign(self, found: d.Described) -> str | None:
        """Why a described table is not Tavola's; None when it is, as far as may be looked.

        Raises `TableMissing` when it has gone since.
        """
        if found.foreign or found.status not in (d.ACTIVE, "UPDATING"):
            return found.foreign
        return await foreign_by_items(self._sender, found.name)

    async def check_ours(self, found: d.Described) -> None:
        """Raises `StoreUnusable` for a described table that is not Tavola's."""
        if reason := await self.foreign(found):
            raise foreign_table(found.name, reason)

    async def names(self) -> list[str]:
        """The names of all tables, in order."""
        found: list[str] = []
        start: str | None = None
        while True:
            answer = await self._send(d.list_request(start))
            found += answer["TableNames"]
            start = answer.get("LastEvaluatedTableName")
            if start is None:
                return found

    async def create(self, payload: dict[str, Any]) -> bool:
        """Ask for a table; whether there was none of its name.

        Raises `Invalid` for what DynamoDB does not accept.
        """
        try:
            await self._send(Request("CreateTable", payload))
        except TableBusy:  # so it says that there is one
            return False
        return True

    async def until_active(self, table: str) -> d.Described:
        """A table when nothing of it is being changed any more.

        Raises `StoreTimeout`, and `StoreUnusable` when it is on its way out.
        """

        async def look() -> d.Described | None:
            with suppress(TableMissing):  # for a moment after it was asked for
                found = await self.describe(table)
                if found.status == "DELETING":
                    raise StoreUnusable(f"Table {table} is being deleted; wait until it is gone.")
                return found if found.status == d.ACTIVE else None
            return None

        return await self._until(look, f"Table {table} is still not active")

    async def drop(self, table: str) -> None:
        """Delete a table, and return when it is gone. Raises `Invalid` when that is refused."""

        async def is_gone() -> bool | None:
            try:
                await self.describe(table)
            except TableMissing:
                return True
            return None

        with suppress(TableMissing):  # gone before, or by an attempt whose answer got lost
            await self.change(d.of_table("DeleteTable", table))
        await self._until(is_gone, f"Table {table} is still there")

    async def ensure(self, is_done: Callable[[], Awaitable[bool]], change: Request) -> bool:
        """Change a table unless that is done; whether it had to be.

        Raises `Invalid` when DynamoDB refuses it, and `OperationUnknown`.
        """
        if await is_done():
            return False
        try:
            await self.change(change)
        except Invalid:
            if not await is_done():
                raise
        return True

    async def change(self, change: Request) -> None:
        """Change something of a table as soon as no other change is under way."""

        async def attempt() -> bool | None:
            with suppress(TableBusy):
                await self._send(change)
                return True
            return None

        await self._until(attempt, "Something else of the table is still being changed")

    async def select(self, statement: str, limit: int | None) -> AsyncIterator[Selected]:
        """What a PartiQL statement selects, page by page; `limit` items are read for each.

        Raises `Invalid` for a statement that DynamoDB does not understand, `TableMissing`.
        """
        token: str | None = None
        while True:
            answer = await self._send(d.select_request(statement, limit, token))
            items = [found_item(wire) for wire in answer.get("Items", [])]
            yield Selected(items, units_of(answer, writes=False))
            token = answer.get("NextToken")
            if token is None:
                return

    async def _send(self, request: Request) -> dict[str, Any]:
        try:
            return await self._sender.send(request)
        except BadItem as error:  # here it is the caller's: a number of units, a statement
            raise Invalid(f"DynamoDB does not accept it: {error}") from None

    async def _ask(self, request: Request) -> dict[str, Any] | d.Unknown:
        try:
            return await self._send(request)
        except (OperationUnknown, StoreDenied) as error:
            return d.Unknown(str(error))

    async def _until(self, look: Callable[[], Awaitable[T | None]], complaint: str) -> T:
        """What a look finds in the end; `StoreTimeout` when that takes too long."""
        end = time.monotonic() + self._waiting.deadline_s
        while (found := await look()) is None:
            if time.monotonic() >= end:
                waited = f"{self._waiting.deadline_s:.0f} s"
                raise StoreTimeout(f"{complaint} after {waited}; see `tavola table describe`.")
            await asyncio.sleep(self._waiting.pause_s)
        return found


def missing_table(table: str, place: str) -> TableMissing:
    """The error for a table that is not there, with what to do."""
    return TableMissing(
        f"There is no table {table} in {place}: check name and region, or make it with "
        "`tavola table create`."
    )


async def foreign_by_items(sender: Sender, table: str) -> str | None:
    """Why a table is not Tavola's by what it holds; None when it is, or nobody may look."""
    try:
        answer = await sender.send(d.look_request(table))
    except StoreDenied:
        return None
    return foreign_items(answer["Items"])
