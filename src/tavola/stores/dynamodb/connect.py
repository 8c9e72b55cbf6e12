"""Opens a table: credentials first, then one look at the table itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiodynamo.client import Client
from aiodynamo.credentials import Credentials
from aiodynamo.http.aiohttp import AIOHTTP
from aiodynamo.http.types import HttpImplementation
from yarl import URL

from tavola.core import limits
from tavola.core.errors import TableMissing
from tavola.stores.dynamodb.admin import Admin, missing_table
from tavola.stores.dynamodb.credentials import find_credentials
from tavola.stores.dynamodb.requests import Request
from tavola.stores.dynamodb.schema import check_table
from tavola.stores.dynamodb.sender import Once, Pace, Sender
from tavola.stores.dynamodb.signing import ToStreams
from tavola.stores.dynamodb.store import DynamoDBStore
from tavola.stores.dynamodb.streams import TableStream


async def open_table(table: str, region: str, endpoint: str | None = None) -> DynamoDBStore:
    """The store of a table that is there.

    Raises `StoreDenied` without credentials, `TableMissing`, `StoreUnusable` for a table that is
    not Tavola's, `StoreFailed` when the endpoint does not answer.
    """
    session = new_session()
    try:
        http = AIOHTTP(session)
        credentials = await find_credentials(http)
        sender = sender_of(http, credentials, region, endpoint)
        await _check(sender, table, place_of(region, endpoint))
    except BaseException:
        await session.close()
        raise
    streams = streams_of(http, credentials, region, endpoint)
    return DynamoDBStore(sender, table, session.close, TableStream(sender, streams, table))


@asynccontextmanager
async def open_admin(region: str, endpoint: str | None = None) -> AsyncIterator[Admin]:
    """The tables of an endpoint, whichever are there. Raises `StoreDenied` without credentials."""
    async with new_session() as session:
        http = AIOHTTP(session)
        credentials = await find_credentials(http)
        sender = sender_of(http, credentials, region, endpoint)
        yield Admin(sender, place_of(region, endpoint))


def place_of(region: str, endpoint: str | None) -> str:
    """Where tables are, for people."""
    return f"{region} at {endpoint or 'AWS'}"


def new_session() -> aiohttp.ClientSession:
    """Connections to DynamoDB. Waiting for a free one is bounded by each request's deadline."""
    timeout = aiohttp.ClientTimeout(
        total=None, sock_connect=limits.STORE_ATTEMPT_S, sock_read=limits.STORE_ATTEMPT_S
    )
    connector = aiohttp.TCPConnector(limit=limits.STORE_CONNECTIONS_MAX)
    return aiohttp.ClientSession(timeout=timeout, connector=connector)


def sender_of(
    http: HttpImplementation,
    credentials: Credentials,
    region: str,
    endpoint: str | None,
    pace: Pace | None = None,
) -> Sender:
    """What sends requests to an endpoint; without one, to AWS. The environment has no say."""
    url = URL(endpoint) if endpoint else None
    client = Client(http, credentials, region, url, throttle_config=Once())
    return Sender(client, pace or Pace())


def streams_of(
    http: HttpImplementation,
    credentials: Credentials,
    region: str,
    endpoint: str | None,
    pace: Pace | None = None,
) -> Sender:
    """What sends requests to the streams of the same endpoint's tables."""
    streams = endpoint or f"https://streams.dynamodb.{region}.amazonaws.com/"
    signing = ToStreams(http, credentials, region)
    return sender_of(signing, credentials, region, streams, pace)


async def _check(sender: Sender, table: str, where: str) -> None:
    try:
        answer = await sender.send(Request("DescribeTable", {"TableName": table}))
    except TableMissing:
        raise missing_table(table, where) from None
    check_table(answer["Table"])
