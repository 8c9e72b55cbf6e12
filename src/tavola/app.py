"""The composition root: settings become a store, a feed and a server."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec.structs import replace

from tavola.core import limits
from tavola.core.errors import DriverMissing, StoreDenied, StoreReadOnly, invalid
from tavola.core.explorer import StoreKind
from tavola.edge import clock
from tavola.edge.auth import Attempts, Passwords, Tokens
from tavola.edge.aws.secrets import SecretPlace, place_of, read_secret
from tavola.edge.aws.services import Ask, Message
from tavola.edge.aws.services import Service as AwsService
from tavola.edge.feed.handling import Handler
from tavola.edge.feed.process import is_gone, name_worker
from tavola.edge.feed.runner import FeedRunner
from tavola.edge.feed.worker import Worker
from tavola.edge.http.call import Demo, Explorer, Server
from tavola.edge.ledger import Ledger
from tavola.edge.ports import Feed
from tavola.edge.postgres.address import Columns, Source, check_url
from tavola.edge.rules.notes import Notes
from tavola.edge.rules.reading import RuleFile, load_rules
from tavola.edge.tokens.bearers import Bearers
from tavola.edge.tokens.issuer import Issuer
from tavola.edge.tokens.keys import BadKeys, FixedKeys, Keys, read_keys
from tavola.edge.transfer.copying import check_whole
from tavola.flows.consumers import CONSUMERS, Consumer
from tavola.flows.consumers.rules import consumer_of
from tavola.flows.flow import Flow
from tavola.settings import Settings, dynamodb_address, is_url, prices_of, sqlite_path
from tavola.stores.memory import MemoryStore
from tavola.stores.port import run
from tavola.stores.sqlite import SQLiteStore
from tavola.stores.stats import measured

if TYPE_CHECKING:
    from tavola.edge.postgres.asking import Directory
    from tavola.stores.dynamodb.store import DynamoDBStore

T = TypeVar("T")
AnyStore: TypeAlias = "SQLiteStore | MemoryStore | DynamoDBStore"

SIGN_IN_WINDOW_S = 300.0
SEARCH_WINDOW_S = 60.0
NO_DRIVER = "This needs psycopg: install tavola[postgres], as with pip install 'tavola[postgres]'."
JWKS_PATH = "/.well-known/jwks.json"  # where Cognito and most others have it


class Service:
    """An open store with what runs on it."""

    def __init__(
        self, settings: Settings, store: AnyStore, consumers: Sequence[Consumer] = CONSUMERS
    ) -> None:
        self.settings = settings
        self.store = store
        self.consumers = consumers

    @cached_property
    def feed(self) -> Feed:
        """What hands changes to the consumers; not started yet."""
        handler = Handler(self.run, self.settings.bucket, clock.ago, self.consumers)
        if isinstance(self.store, SQLiteStore | MemoryStore):
            return FeedRunner(self.store, handler, clock.ago)
        worker = Worker(
            self.store.stream,
            self.store,
            handler,
            owner=name_worker(clock.new_id()),
            is_gone=is_gone,
            ago=clock.ago,
        )
        self.store.on_written = worker.expect
        return worker

    async def run(self, flow: Flow[T]) -> T:
        """Run a flow on the store."""
        return await run(flow, self.store)

    async def settle(self) -> None:
        """Wait until the feed has nothing left, where this process may do its work."""
        await self.feed.settle()


@asynccontextmanager
async def open_service(
    settings: Settings, *, write: bool = True, worker: bool = False
) -> AsyncIterator[Service]:
    """Open the store of the settings. Raises `StoreUnusable` for one that is only half copied.

    To write, it loads the rules: raises `RulesInvalid` and `FileUnusable`.
    An embedded store that is opened for writing has its feed running; that of a table runs where
    `worker` says so.
    """
    consumers = consumers_of(settings) if write else CONSUMERS
    store = await open_store(settings, write=write)
    service = Service(settings, store, consumers)
    embedded = isinstance(store, SQLiteStore | MemoryStore)
    follows = write and store.writable and (embedded or worker)
    try:
        if write:
            await check_whole(store, settings.store)
        if follows:
            await service.feed.start()
        try:
            yield service
        finally:
            if follows:
                await service.feed.stop()
    finally:
        await store.close()


def consumers_of(settings: Settings) -> tuple[Consumer, ...]:
    """The consumers of the feed; with the one of the rules, where there are any.

    Raises `RulesInvalid` and `FileUnusable`.
    """
    loaded = rules_of(settings)
    if loaded is None or not loaded.rules:
        return CONSUMERS
    return (*CONSUMERS, consumer_of(loaded.rules, clock.now, Notes()))


def rules_of(settings: Settings) -> RuleFile | None:
    """The rules of the settings, if they name any. Raises `RulesInvalid` and `FileUnusable`."""
    return load_rules(Path(settings.rules)) if settings.rules else None


async def open_store(settings: Settings, *, write: bool) -> AnyStore:
    """The store of the settings alone, without its feed."""
    address = dynamodb_address(settings.store)
    if address:
        from tavola.stores.dynamodb.connect import open_table  # others need not wait for it

        return await open_table(*address)
    path = sqlite_path(settings.store)
    if path is None:
        return MemoryStore()
    return await SQLiteStore.open(path, clock.now) if write else SQLiteStore.open_read_only(path)


async def open_still(settings: Settings) -> AnyStore:
    """The store of the settings to read all of it, while nobody may write it.

    Of a DynamoDB table nobody can be kept from that.
    """
    path = sqlite_path(settings.store)
    return SQLiteStore.open_still(path) if path else await open_store(settings, write=False)


@asynccontextmanager
async def open_asking(asked: AwsService, region: str, endpoint: str) -> AsyncIterator[Ask]:
    """Ask a service of AWS. Raises `StoreDenied` without credentials."""
    import aiohttp
    from aiodynamo.http.aiohttp import AIOHTTP
    from yarl import URL

    from tavola.edge.aws.asking import Asking
    from tavola.stores.dynamodb.credentials import find_credentials
    from tavola.stores.dynamodb.failures import NO_CREDENTIALS
    from tavola.stores.dynamodb.signing import signed

    timeout = aiohttp.ClientTimeout(total=limits.AWS_ANSWER_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        http = AIOHTTP(session)
        credentials = await find_credentials(http)

        async def sign(url: str, message: Message) -> dict[str, str]:
            key = await credentials.get_key(http)
            if key is None:
                raise StoreDenied(NO_CREDENTIALS)
            method, _, headers, body = message
            dated = {**headers, "X-Amz-Date": clock.signing_date()}
            return signed(key, region, URL(url), dated, body, service=asked.name, method=method)

        yield Asking(session, asked, endpoint, sign)


def secret_place(settings: Settings) -> SecretPlace | None:
    """Where the token secret is kept in AWS, if the settings say so. Raises `Invalid`."""
    if settings.token_secret is not None or settings.token_secret_from is None:
        return None
    address = dynamodb_address(settings.store)
    return place_of(settings.token_secret_from, address.region if address else None)


async def fetch_secret(place: SecretPlace) -> str:
    """The secret at a place. Raises `SecretUnavailable`, `StoreDenied` without credentials."""
    async with open_asking(place.service, place.region, place.endpoint) as ask:
        return await read_secret(place, ask)


async def with_secret(settings: Settings) -> Settings:
    """The settings with the token secret fetched, where they say only where it is kept.

    Raises as `fetch_secret` does.
    """
    place = secret_place(settings)
    if place is None:
        return settings
    return replace(settings, token_secret=await fetch_secret(place))


def source_of(settings: Settings, url: str | None = None) -> Source:
    """The users' table in Postgres. Raises `Invalid` without a URL, or with one to be misread."""
    url = url or settings.postgres_url
    if url is None:
        raise invalid("postgres_url", "missing", "must be set, or given as URL")
    columns = Columns(
        uuid=settings.postgres_uuid_column,
        handle=settings.postgres_handle_column,
        display_name=settings.postgres_display_name_column,
        created_at=settings.postgres_created_at_column,
        cognito_user_id=settings.postgres_cognito_user_id_column,
    )
    table = tuple(settings.postgres_table.split("."))
    return Source(check_url(url), settings.postgres_issuer, table, columns)


@asynccontextmanager
async def open_postgres(source: Source) -> AsyncIterator["Directory"]:
    """Read a table of users in Postgres. Raises `DriverMissing` without the extra."""
    try:
        import_module("psycopg")
    except ImportError:
        raise DriverMissing(NO_DRIVER) from None
    from tavola.edge.postgres.asking import open_directory  # only now can it be imported

    async with open_directory(source) as directory:
        yield directory


def server_of(service: Service, demo: Demo | None = None) -> Server:
    """What the HTTP endpoints work with."""
    settings = service.settings
    secret = token_secret(settings)
    tokens = Tokens(secret)
    searches = Attempts(settings.prefix_searches, SEARCH_WINDOW_S)
    return Server(
        run=service.run,
        feed=service.feed,
        stats=service.store.stats,
        tokens=tokens,
        bearers=Bearers(tokens, host_keys(settings), issuer_of(settings)),
        passwords=Passwords(),
        secret=secret.encode(),
        bucketing=settings.bucket,
        heads_max=limits.BUCKET_HEADS_MAX if dynamodb_address(settings.store) else None,
        session_s=settings.session_days * 86_400.0,
        sign_ins=Attempts(settings.sign_in_attempts, SIGN_IN_WINDOW_S),
        searches=searches if settings.prefix_search else None,
        explorer=_explorer_of(settings) if settings.table_explorer else None,
        demo=demo,
        cors_origins=settings.cors_origins,
        ledger=ledger_of(settings) if settings.log_requests else None,
    )


def ledger_of(settings: Settings) -> Ledger:
    """What measures work, and tells what it took."""
    return Ledger(measured, prices_of(settings), settings.metrics_namespace)


def _explorer_of(settings: Settings) -> Explorer:
    embedded: StoreKind = "memory" if sqlite_path(settings.store) is None else "sqlite"
    kind: StoreKind = "dynamodb" if dynamodb_address(settings.store) else embedded
    return Explorer(store=kind, prices=prices_of(settings), measured=measured)


def host_keys(settings: Settings) -> Keys | None:
    """The public keys with which host apps' tokens are verified, if there are any.

    Raises `Invalid` when the file of the setting does not hold what it should.
    """
    place = settings.token_keys
    if place is None:
        return None
    if is_url(place):
        from tavola.edge.tokens.remote import RemoteKeys  # others need not wait for it

        return RemoteKeys(place)
    try:
        return FixedKeys(read_keys(Path(place).read_bytes()))
    except OSError as error:
        raise invalid("token_keys", "file", f"{place}: {error.strerror}") from None
    except BadKeys as error:
        raise invalid("token_keys", "keys", f"{place}: {error}") from None


def issuer_of(settings: Settings) -> tuple[Issuer, Keys] | None:
    """The OIDC issuer whose tokens are taken, with its keys, if there is one.

    Raises `Invalid` when nothing says which of its tokens are for us.
    """
    if settings.issuer is None:
        return None
    if not settings.issuer_audiences and not settings.issuer_client_ids:
        message = "needs issuer_audiences or issuer_client_ids: which of its tokens are for us"
        raise invalid("issuer", "audience", message)
    from tavola.edge.tokens.remote import RemoteKeys  # others need not wait for it

    url = settings.issuer_jwks_url or f"{settings.issuer.rstrip('/')}{JWKS_PATH}"
    issuer = Issuer(
        settings.issuer,
        settings.issuer_audiences,
        settings.issuer_client_ids,
        settings.issuer_token_use,
    )
    return issuer, RemoteKeys(url)


def token_secret(settings: Settings) -> str:
    """The secret that signs tokens: as set, or the one beside the store, made when missing.

    Raises `StoreReadOnly` when it is missing and cannot be kept, `Invalid` when it is missing and
    the store has no place beside it.
    """
    if settings.token_secret is not None:
        return settings.token_secret
    if dynamodb_address(settings.store):
        raise invalid("token_secret", "missing", "must be set: all servers of a table share it")
    path = sqlite_path(settings.store)
    if path is None:
        return secrets.token_urlsafe(32)
    file = path.with_name(path.name + ".secret")
    with contextlib.suppress(FileNotFoundError):
        if kept := file.read_text().strip():
            return kept
    made = secrets.token_urlsafe(32)
    try:
        _write_private(file, made)
    except OSError as error:
        raise StoreReadOnly(f"{file} cannot be written: {error.strerror}.") from None
    return made


def _write_private(file: Path, text: str) -> None:
    """Write a file of mode 0600 in one step."""
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.rename(file)
