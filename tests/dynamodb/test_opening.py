"""A table is named by one setting, and what is wrong with it is told on one line."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiodynamo.http.aiohttp import AIOHTTP

from tavola.app import open_service, server_of
from tavola.core import errors, limits, patterns
from tavola.core.items import Key
from tavola.core.operations import Get, Put
from tavola.settings import Settings, TableAddress, dynamodb_address, sqlite_path
from tavola.stores.dynamodb.connect import new_session, open_table, sender_of
from tavola.stores.dynamodb.requests import Request
from tavola.stores.dynamodb.schema import check_table, create_table_payload
from tavola.stores.dynamodb.sender import Pace
from tavola.stores.dynamodb.store import DynamoDBStore
from tests import builders as b
from tests.api.serving import SECRET, environment, serve_to_the_end
from tests.cli.terminal import Terminal
from tests.engine.dynoxide import CREDENTIALS, REGION, Engine

NOWHERE = "http://127.0.0.1:1"


pytestmark = pytest.mark.usefixtures("of_nobody")


def use(work: Callable[[DynamoDBStore], Awaitable[Any]], *address: str) -> Any:
    """Open a table, do something with it, close it."""

    async def opened() -> Any:
        store = await open_table(*address)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


def url_of(engine: Engine, name: str) -> str:
    return f"dynamodb://{name}?region={REGION}&endpoint={engine.url}"


# --- the setting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("dynamodb://tavola?region=eu-west-1", TableAddress("tavola", "eu-west-1")),
        (
            "dynamodb://My.Table_1-a?endpoint=http://127.0.0.1:8000&region=local",
            TableAddress("My.Table_1-a", "local", "http://127.0.0.1:8000"),
        ),
        (
            "dynamodb://tavola?region=x&endpoint=https%3A%2F%2F%5B%3A%3A1%5D%3A8000%2F",
            TableAddress("tavola", "x", "https://[::1]:8000/"),
        ),
        ("sqlite:///tavola.db", None),
        ("memory://", None),
        ("rubbish", None),
    ],
)
def test_a_url_names_a_table(url: str, address: TableAddress | None) -> None:
    assert dynamodb_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "dynamodb://",
        "dynamodb://tavola",
        "dynamodb://tavola?region=",
        "dynamodb://tavola?region=EU West",
        "dynamodb://tavola?region=a&region=b",
        "dynamodb://tavola?region=a&rubbish=1",
        "dynamodb://tavola?region=a&endpoint=",
        "dynamodb://tavola?region=a&endpoint=127.0.0.1:8000",
        "dynamodb://tavola?region=a&endpoint=http://user:secret@host",
        "dynamodb://tavola?region=a&endpoint=http://host/path",
        "dynamodb://tavola?region=a.example.com/",
        "dynamodb://tavola/x?region=a",
        "dynamodb://tavola?region=a#x",
        "dynamodb://ab?region=a",
        "dynamodb://a b c?region=a",
        "dynamodb://[tavola?region=a",
        "dynamodb://user@tavola?region=a",
    ],
)
def test_a_bad_url_is_refused(url: str) -> None:
    with pytest.raises(errors.Invalid, match="dynamodb://"):
        dynamodb_address(url)
    with pytest.raises(errors.Invalid):
        sqlite_path(url)


# --- opening --------------------------------------------------------------------------------------


def test_a_table_is_opened_written_and_read(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.setenv(name, NOWHERE)

    async def work(store: DynamoDBStore) -> Any:
        await store.execute(Put("t", {"pk": "P", "sk": "S"}))
        return await store.execute(Get("t", Key("P", "S"), consistent=True))

    assert use(work, engine.new_table(), REGION, engine.url) == {"pk": "P", "sk": "S"}


async def nothing(_: DynamoDBStore) -> None:
    """Opening is enough."""


def test_a_missing_table_is_named(engine: Engine) -> None:
    with pytest.raises(
        errors.TableMissing, match=r"no table nowhere in eu-central-1 at http://127"
    ):
        use(nothing, "nowhere", REGION, engine.url)


def test_without_credentials_it_says_how_to_give_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(errors.StoreDenied, match="AWS_ACCESS_KEY_ID"):
        use(nothing, engine.new_table(), REGION, engine.url)
    assert capfd.readouterr().err == ""


class OneAttempt(Pace):
    """One attempt, and a pause until the deadline: what is then told does not hang on chance."""

    def pauses(self) -> Iterator[float]:
        yield 2 * self.deadline_s


def test_an_endpoint_that_does_not_answer_is_told() -> None:
    async def ask() -> None:
        async with new_session() as session:
            pace = OneAttempt(deadline_s=2.0)
            sender = sender_of(AIOHTTP(session), CREDENTIALS, REGION, NOWHERE, pace)
            await sender.send(Request("DescribeTable", {"TableName": "tavola"}))

    with pytest.raises(errors.StoreFailed, match=r"cannot be reached.*127\.0\.0\.1"):
        asyncio.run(ask())


def described(**changes: Any) -> dict[str, Any]:
    """A table as DynamoDB describes it."""
    return {**create_table_payload("other"), "TableStatus": "ACTIVE", **changes}


def test_what_is_created_is_tavolas() -> None:
    check_table(described())


@pytest.mark.parametrize(
    "description",
    [
        described(KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}]),
        described(
            KeySchema=[
                {"AttributeName": "sk", "KeyType": "HASH"},
                {"AttributeName": "pk", "KeyType": "RANGE"},
            ]
        ),
        described(
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
            ]
        ),
        described(
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ),
        described(TableStatus="CREATING"),
    ],
)
def test_another_table_is_left_alone(description: dict[str, Any]) -> None:
    with pytest.raises(errors.StoreUnusable, match="Table other is"):
        check_table(description)


# --- the command line -----------------------------------------------------------------------------


def test_commands_that_read_work_on_a_table(engine: Engine, tmp_path: Path) -> None:
    name = engine.new_table()

    async def fill(store: DynamoDBStore) -> None:
        await store.execute(patterns.create_user(b.user("ann"), None))

    use(fill, name, REGION, engine.url)
    terminal = Terminal(tmp_path)
    shown = terminal.ok("users", "list", "--store", url_of(engine, name), "--json")
    assert "ann" in shown
    assert "USER#ann" in terminal.ok("table", "scan", "--store", url_of(engine, name), "--json")


def without_stream(engine: Engine) -> str:
    """The setting of a table whose changes nobody can read."""
    payload = create_table_payload("no-stream")
    del payload["StreamSpecification"]
    engine.call("CreateTable", payload)
    return url_of(engine, "no-stream")


def test_what_needs_a_stream_says_how_to_get_one(engine: Engine, tmp_path: Path) -> None:
    url = without_stream(engine)
    terminal = Terminal(tmp_path)
    terminal.ok("users", "add", "ann", "--no-password", "--store", url)
    told = terminal.error("feed_missing", 1, "feed", "rebuild", "--store", url)
    assert "no-stream" in told
    assert "`tavola table create`" in told
    for words in (("serve", "--port", "0"), ("serve", "--with-worker", "--port", "0"), ("worker",)):
        code, told = serve_to_the_end(tmp_path, *words, "--store", url)
        assert (code, told.splitlines()[-1].endswith("[feed_missing]")) == (1, True), told
    assert terminal.json("table", "create", "--store", url)
    terminal.ok("feed", "rebuild", "--store", url)


def test_only_a_table_has_a_worker(tmp_path: Path) -> None:
    assert "serve" in Terminal(tmp_path).error("invalid", 2, "worker")


def test_a_bucket_of_an_inbox_is_ordered_by_a_bounded_number_of_reads(engine: Engine) -> None:
    async def heads_max(store: str) -> int | None:
        async with open_service(Settings(store=store, token_secret=SECRET), write=False) as service:
            return server_of(service).heads_max

    assert asyncio.run(heads_max(url_of(engine, engine.new_table()))) == limits.BUCKET_HEADS_MAX
    assert asyncio.run(heads_max("memory://")) is None


def test_a_table_needs_a_token_secret_that_all_servers_share() -> None:
    from tavola.app import token_secret

    with pytest.raises(errors.Invalid, match="token_secret"):
        token_secret(Settings(store="dynamodb://tavola?region=eu-west-1"))


def test_who_uses_another_store_does_not_wait_for_this_one(tmp_path: Path) -> None:
    script = (
        "import sys; from tavola.edge.cli import main\n"
        "sys.argv = ['tavola', 'users', 'list', '--store', 'memory://']\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.exit(str({'aiohttp', 'aiodynamo', 'yarl'} & set(sys.modules) or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == ""
