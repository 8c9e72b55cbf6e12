"""Makes Tavola's table, or brings to one that is there what it lacks.

It lacks a stream, expiry or point-in-time recovery where somebody else made it, or where making it
was interrupted; repeating finishes that. Nothing else of a table is changed, and nothing at all of
one that is not Tavola's. What an endpoint does not know is left, and told.
"""

from collections.abc import Callable

import msgspec

from tavola.core.errors import StoreUnusable, TableMissing
from tavola.core.table import STREAM_VIEW, TTL_ATTRIBUTE
from tavola.stores.dynamodb import described as d
from tavola.stores.dynamodb.admin import Admin
from tavola.stores.dynamodb.schema import Capacity, create_table_payload

Tell = Callable[[str], None]


class Wanted(msgspec.Struct, frozen=True):
    """How a new table shall be; on demand without a capacity."""

    capacity: Capacity | None = None
    recovery: bool = True
    protect: bool = False


class Made(msgspec.Struct):
    """What came of it: what was turned on of the table, and what was left as it was, and why."""

    created: bool
    turned_on: list[str] = []
    left: list[str] = []


async def make_table(admin: Admin, table: str, wanted: Wanted, tell: Tell) -> Made:
    """Make a table, or complete it; `tell` gets each step that takes time.

    Raises `StoreUnusable` for a table that is not Tavola's, or has another stream, and `Invalid`
    for what DynamoDB does not accept.
    """
    tell("creating")
    made = Made(created=await _is_missing(admin, table))
    if made.created:
        payload = create_table_payload(table, wanted.capacity, protect=wanted.protect)
        made.created = await admin.create(payload)
    tell("waiting")
    found = await admin.until_active(table)
    if made.created:
        made.turned_on = ["stream", "protection"] if wanted.protect else ["stream"]
    else:
        await _check(admin, found)
        await _complete(admin, found, wanted, made)
    tell("expiry")
    await _expire(admin, table, made)
    if wanted.recovery:
        tell("recovery")
        await _recover(admin, table, made)
    return made


async def _is_missing(admin: Admin, table: str) -> bool:
    try:
        await admin.describe(table)
    except TableMissing:
        return True
    return False


async def _check(admin: Admin, found: d.Described) -> None:
    """Raises `StoreUnusable` for a table in which nothing may be changed."""
    await admin.check_ours(found)
    if found.stream and found.stream.view != STREAM_VIEW:
        raise StoreUnusable(
            f"Table {found.name} has a stream of {found.stream.view}, which others may read. "
            f"Tavola needs {STREAM_VIEW}: turn that stream off first, then repeat this."
        )


async def _complete(admin: Admin, found: d.Described, wanted: Wanted, made: Made) -> None:
    """What a new table has from its beginning."""
    table = found.name

    async def has_stream() -> bool:
        return (await admin.until_active(table)).stream is not None

    async def is_protected() -> bool:
        return (await admin.until_active(table)).protected

    if await admin.ensure(has_stream, d.stream_request(table)):
        made.turned_on.append("stream")
    if wanted.protect and await admin.ensure(is_protected, d.protection_request(table)):
        made.turned_on.append("protection")
    await admin.until_active(table)
    if wanted.capacity is not None and wanted.capacity != found.capacity:
        made.left.append("billing: what a table has is not changed here")


async def _expire(admin: Admin, table: str, made: Made) -> None:
    """Expiry by our attribute, unless it goes by another one."""

    async def is_on() -> bool:
        found = await admin.expiry(table)
        return isinstance(found, d.Expiry) and found.status in d.ON

    found = await admin.expiry(table)
    if isinstance(found, d.Unknown):
        made.left.append(f"expiry: {found.unknown}")
    elif found.status in d.ON and found.attribute != TTL_ATTRIBUTE:
        made.left.append(f"expiry: items expire by {found.attribute}, not by {TTL_ATTRIBUTE}")
    elif await admin.ensure(is_on, d.expiry_request(table)):
        made.turned_on.append("expiry")


async def _recover(admin: Admin, table: str, made: Made) -> None:
    async def is_on() -> bool:
        found = await admin.recovery(table)
        return isinstance(found, d.Recovery) and found.status in d.ON

    found = await admin.recovery(table)
    if isinstance(found, d.Unknown):
        made.left.append(f"recovery: {found.unknown}")
    elif await admin.ensure(is_on, d.recovery_request(table)):
        made.turned_on.append("recovery")
