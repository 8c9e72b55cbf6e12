"""Asks Postgres for its users: reads only, and through a cursor of the server, page by page.

All columns are read as text, cut far behind what we would take, so that no value of any type can
fail or fill the memory: what is in a row is looked at where it can be reported, row by row. This
module is imported when a command needs it, because the driver is an extra.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple, TypeAlias

import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tavola.core import limits
from tavola.core.errors import invalid
from tavola.core.records import Row
from tavola.edge.postgres.address import Source, untold
from tavola.edge.postgres.failures import error_of, error_of_connecting

_PATIENCE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_SET = (
    b"SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle TO ISO; "
    b"SET LOCAL idle_in_transaction_session_timeout TO 0; SET LOCAL client_encoding TO "
)
_PEOPLE = {False: (), True: ("cognito_user_id",)}

_Connection: TypeAlias = psycopg.AsyncConnection[Any]


class Entry(NamedTuple):
    """Who a row is, as far as other systems must agree about it."""

    uuid: str | None
    handle: str | None
    cognito_user_id: str | None


class Directory:
    """The users of a table, as they are in Postgres."""

    def __init__(self, connection: _Connection, source: Source) -> None:
        self._connection = connection
        self._source = source

    async def rows(self, *, people: bool) -> AsyncGenerator[list[Row]]:
        """All rows in the order of their uuids, in pages; with `people` who they are at Cognito.

        Raises the errors of Postgres in the catalogue, as all of these do.
        """
        names = ["uuid", "handle", "display_name", "created_at"]
        async with aclosing(self._pages([*names, *_PEOPLE[people]])) as pages:
            async for page in pages:
                yield [
                    Row(
                        uuid=row[1],
                        handle=row[2],
                        display_name=row[3],
                        created_at=row[4],
                        cognito_user_id=row[5] if people else None,
                        copies=row[0] if row[1] is not None else 1,
                    )
                    for row in page
                ]

    async def entries(self, *, people: bool) -> AsyncGenerator[list[Entry]]:
        """All rows likewise, with nothing but who they are."""
        async with aclosing(self._pages(["uuid", "handle", *_PEOPLE[people]])) as pages:
            async for page in pages:
                yield [Entry(row[1], row[2], row[3] if people else None) for row in page]

    async def still_there(self, uuids: Sequence[str]) -> set[str]:
        """Which of some uuids are in the table now."""
        uuid = self._text("uuid")
        query = sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} = ANY(%s::text[])")
        async with self._reading() as connection:
            cursor = await connection.execute(
                query.format(uuid, sql.Identifier(*self._source.table)), [list(uuids)]
            )
            return {row[0] async for row in cursor}

    async def _pages(self, names: Sequence[str]) -> AsyncGenerator[list[Any]]:
        async with self._reading() as connection, connection.cursor("tavola") as cursor:
            await cursor.execute(self._query(names))
            while page := await cursor.fetchmany(limits.MIRROR_PAGE):
                yield page

    def _query(self, names: Sequence[str]) -> sql.Composed:
        """How many rows have the same uuid is counted there, where a million fit."""
        texts = [
            sql.SQL("{} AS {}").format(self._text(name), sql.Identifier(name)) for name in names
        ]
        return sql.SQL(
            "SELECT count(*) OVER (PARTITION BY uuid), * FROM (SELECT {} FROM {}) AS users "
            "ORDER BY uuid"
        ).format(sql.SQL(", ").join(texts), sql.Identifier(*self._source.table))

    def _text(self, name: str) -> sql.Composed:
        """A column as text, in the order of its bytes."""
        column = sql.Identifier(getattr(self._source.columns, name))
        cut = sql.Literal(limits.MIRROR_CHARS_MAX)
        return sql.SQL('left({}::text, {}) COLLATE "C"').format(column, cut)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[_Connection]:
        """A transaction that writes nothing, and in which times without a zone are UTC.

        It may rest as long as a page of users takes to be written elsewhere. What is set ends with
        it: a pool between us and the server gives the session to others. A database without an
        encoding does not hand out as UTF-8 what is none.
        """
        raw = self._connection.info.parameter_status("server_encoding") == "SQL_ASCII"
        encoding = b"SQL_ASCII" if raw else b"UTF8"
        try:
            async with self._connection.transaction():
                await self._connection.execute(_SET + encoding)
                yield self._connection
        except psycopg.Error as error:
            raise error_of(error, self._source) from None


@asynccontextmanager
async def open_directory(source: Source) -> AsyncIterator[Directory]:
    """Connect to Postgres. Raises `Invalid` for a URL with what libpq does not know."""
    try:
        given = conninfo_to_dict(source.url)
    except psycopg.Error as error:
        raise invalid("postgres_url", "url", untold(str(error), source.url)) from None
    defaults: dict[str, Any] = {
        "connect_timeout": limits.POSTGRES_CONNECT_S,
        "application_name": "tavola",
    }
    try:
        connection = await psycopg.AsyncConnection.connect(
            make_conninfo(**(defaults | _PATIENCE | given)),
            autocommit=True,
            prepare_threshold=None,  # a pool may hand the next query to another session
        )
    except psycopg.Error as error:
        raise error_of_connecting(error, source) from None
    try:
        connection.adapters.register_loader("text", _AnyText)
        await connection.set_read_only(True)
        yield Directory(connection, source)
    finally:
        await connection.close()


class _AnyText(Loader):
    """What is no UTF-8, as a database without an encoding may hold it, is refused with its row."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode(errors="surrogateescape")
