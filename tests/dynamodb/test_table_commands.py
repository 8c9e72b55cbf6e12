"""`tavola table …` on DynamoDB: what is there is told as it is, and what is not ours stays."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.items import Item
from tavola.core.wire import encode_item
from tavola.stores.dynamodb.connect import open_table
from tavola.stores.dynamodb.schema import create_table_payload
from tests import builders as b
from tests.cli.terminal import Terminal, typed
from tests.engine.dynoxide import REGION, Engine, running_engine

pytestmark = pytest.mark.usefixtures("of_nobody")

HASH = "$argon2id$nobody-shall-see-this"
MESSAGES = 60
NOT_KNOWN = "The endpoint does not know this operation."


@pytest.fixture(scope="module")
def own() -> Iterator[Engine]:
    """An engine on which no other test makes tables."""
    with running_engine() as engine:
        yield engine


class Console:
    """A terminal whose store is a table of the engine."""

    def __init__(self, folder: Path, engine: Engine, name: str) -> None:
        self.name = name
        self.engine = engine
        self.folder = folder
        self.url = f"dynamodb://{name}?region={REGION}&endpoint={engine.url}"
        self._terminal = Terminal(folder)
        (folder / "store.toml").write_text(f'store = "{self.url}"\n')

    def ok(self, *words: str) -> str:
        return self._terminal.ok("table", *words, "--store", self.url)

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))

    def error(self, code: str, exit_code: int, *words: str) -> str:
        return self._terminal.error(code, exit_code, "table", *words, "--store", self.url)

    def put(self, *items: Item) -> None:
        for item in items:
            self.engine.call("PutItem", {"TableName": self.name, "Item": encode_item(item)})


@pytest.fixture
def console(tmp_path: Path, own: Engine, request: pytest.FixtureRequest) -> Console:
    """A table's name that no other test has; the table is not there yet."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    return Console(tmp_path, own, name)


@pytest.fixture
def filled(console: Console) -> Console:
    """A table with a user, their password, and a conversation."""
    console.ok("create")

    async def fill() -> None:
        store = await open_table(console.name, REGION, console.engine.url)
        password = e.Password(user_id="ann", hash=HASH, set_at=b.T0)
        await store.execute(patterns.create_user(b.user("ann"), password))
        messages = (b.entry(n, body="x" * 900) for n in range(1, MESSAGES + 1))
        await store.execute(tuple(map(patterns.append_message, messages)))
        await store.close()

    asyncio.run(fill())
    return console


def foreign(console: Console) -> Console:
    """The table is somebody else's, with keys as ours."""
    console.engine.call("CreateTable", create_table_payload(console.name))
    console.put({"pk": "ORDER#1", "sk": "A", "type": "Order", "v": 1})
    return console


# --- create, describe, list, drop -----------------------------------------------------------------


def test_a_table_is_made_described_listed_and_dropped(console: Console) -> None:
    told = console.ok("create", "--yes", "anything")
    assert told.startswith(f"Made table {console.name} in {REGION} at http://127.0.0.1:")
    assert f"  left as it is: recovery: {NOT_KNOWN}\n" in told
    described = console.json("describe")
    assert described.pop("stream")["view"] == "NEW_AND_OLD_IMAGES"
    assert described == {
        "name": console.name,
        "place": f"{REGION} at {console.engine.url}",
        "status": "ACTIVE",
        "keys": {"pk": "HASH S", "sk": "RANGE S"},
        "capacity": None,
        "items": 0,
        "bytes": 0,
        "protected": False,
        "tavolas": True,
        "why_not": None,
        "expiry": {"status": "ENABLED", "attribute": "expires_at"},
        "recovery": {"unknown": NOT_KNOWN},
    }
    assert console.name in {one["name"] for one in console.json("list")["tables"]}
    dropped = console.json("drop", "--yes", console.name)
    assert (dropped["table"], dropped["items"]) == (console.name, 0)
    assert console.name not in console.ok("list")
    console.error("table_missing", 1, "describe")


def test_a_table_that_is_there_gets_what_it_lacks(console: Console) -> None:
    bare = {**create_table_payload(console.name), "StreamSpecification": {"StreamEnabled": False}}
    console.engine.call("CreateTable", bare)
    assert "`tavola table create` turns it on" in console.ok("describe")
    made = console.json("create", "--no-recovery")
    assert made == {
        "table": console.name,
        "created": False,
        "turned_on": ["stream", "expiry"],
        "left": [],
    }
    assert "nothing was changed" in console.ok("create")
    assert "NEW_AND_OLD_IMAGES, arn:" in console.ok("describe")


def test_units_are_provisioned_together(console: Console) -> None:
    console.error("invalid", 2, "create", "--read-units", "5")
    console.ok("create", "--read-units", "5", "--write-units", "6")
    assert console.json("describe")["capacity"] == {"read_units": 5, "write_units": 6}
    assert "provisioned, 5 reads and 6 writes a second" in console.ok("describe")


def test_a_list_tells_which_tables_are_tavolas(console: Console) -> None:
    foreign(console)
    other = {
        "TableName": f"{console.name}-keys",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    console.engine.call("CreateTable", other)
    console.engine.call("CreateTable", create_table_payload(f"{console.name}-own"))
    listed = {one["name"]: one["tavolas"] for one in console.json("list")["tables"]}
    assert {n: ours for n, ours in listed.items() if n.startswith(console.name)} == {
        console.name: False,
        f"{console.name}-keys": False,
        f"{console.name}-own": True,
    }
    told = console.ok("list")
    assert "its items have none of Tavola's types" in told
    assert "its keys must be the texts pk and sk" in told
    assert f"{len(listed):,} tables." in told


def test_a_drop_asks_on_loopback_too(filled: Console) -> None:
    for words in (("drop",), ("drop", "--yes", ""), ("drop", "--yes", filled.name.upper())):
        assert filled.name in filled.error("not_confirmed", 2, *words)
    assert filled.json("describe")["status"] == "ACTIVE"


def test_a_drop_names_what_is_lost_before_it_asks(filled: Console) -> None:
    words = ("table", "drop", "--config", "store.toml")
    code, shown = typed(filled.folder, "no\n", *words)
    assert code == 2
    assert f"{MESSAGES + 4} items" in shown
    assert "Whether anything can restore it is not known" in shown
    assert shown.index("items, ") < shown.index("Type the table's name to go on: ")
    assert filled.json("describe")["status"] == "ACTIVE"
    code, shown = typed(filled.folder, f"{filled.name}\n", *words)
    assert code == 0
    assert f"Deleted table {filled.name} in {REGION} at " in shown
    filled.error("table_missing", 1, "describe")


def test_a_protected_table_is_not_dropped(console: Console) -> None:
    console.ok("create", "--protect")
    told = console.error("table_protected", 1, "drop", "--yes", console.name)
    assert "--no-deletion-protection-enabled" in told
    assert console.json("describe")["protected"]


def test_what_is_not_tavolas_is_left_alone(console: Console, tmp_path: Path) -> None:
    foreign(console)
    named = {"TableName": console.name}
    before = [console.engine.call(ask, named) for ask in ("DescribeTable", "Scan")]
    for words in (
        ("create", "--protect"),
        ("drop", "--yes", console.name),
        ("scan",),
        ("scan", "--segments", "3"),
        ("query", "ORDER#1"),
        ("partiql", f'SELECT * FROM "{console.name}"'),
    ):
        assert "is not Tavola's and left alone" in console.error("store_unusable", 1, *words)
    terminal = Terminal(tmp_path)
    for words in (("users", "list"), ("export", "-")):
        terminal.error("store_unusable", 1, *words, "--store", console.url)
    assert "no: its items have none of Tavola's types" in console.ok("describe")
    assert [console.engine.call(ask, named) for ask in ("DescribeTable", "Scan")] == before


def test_a_table_that_is_not_there_is_told_with_what_to_do(console: Console) -> None:
    for words in (
        ("describe",),
        ("scan",),
        ("query", "USERS"),
        ("drop", "--yes", console.name),
        ("partiql", "SELECT * FROM x"),
    ):
        told = console.error("table_missing", 1, *words)
        assert f"There is no table {console.name} in {REGION} at http://127" in told
        assert "check name and region, or make it with `tavola table create`" in told


def test_without_credentials_all_say_how_to_give_them(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    for words in (
        ("create",),
        ("describe",),
        ("list",),
        ("drop", "--yes", console.name),
        ("scan",),
        ("partiql", "SELECT * FROM x"),
    ):
        assert "AWS_ACCESS_KEY_ID" in console.error("store_denied", 1, *words)


# --- scan and partiql -----------------------------------------------------------------------------


@pytest.mark.parametrize("segments", ["1", "2", "9"])
def test_a_scan_in_segments_has_every_item_once(filled: Console, segments: str) -> None:
    items = filled.json("scan", "--segments", segments)["items"]
    keys = [(item["pk"], item["sk"]) for item in items]
    assert len(set(keys)) == len(keys) == MESSAGES + 4
    assert {item["type"] for item in items} == {"User", "Handle", "UserName", "Password", "Message"}
    assert all("unreadable" not in item for item in items)


def test_a_scan_in_segments_stops_at_its_limit(filled: Console) -> None:
    words = ("scan", "--segments", "3", "--type", "Message", "--limit", "7")
    items = filled.json(*words)["items"]
    assert [item["type"] for item in items] == ["Message"] * 7
    assert filled.ok(*words).endswith("7 items\n")


def test_a_select_decodes_whole_items_and_shows_projections_as_they_are(filled: Console) -> None:
    whole = filled.json("partiql", f"SELECT * FROM \"{filled.name}\" WHERE pk = 'USER#ann'")
    assert whole["items"][0]["user_id"] == "ann"
    assert whole["read_units"] == 0.5
    part = f"select sk, names_rev from \"{filled.name}\" where pk = 'USER#ann'"
    assert filled.json("partiql", part)["items"] == [{"sk": "A", "names_rev": 1}]
    assert filled.ok("partiql", part).endswith("1 items, 0.5 read units\n")


def test_a_select_reaches_its_last_page(filled: Console) -> None:
    statement = f"SELECT sk FROM \"{filled.name}\" WHERE begins_with(pk, 'DM#')"
    assert len(filled.json("partiql", statement)["items"]) == MESSAGES
    few = filled.json("partiql", statement, "--limit", "5")
    assert len(few["items"]) == 5
    none = f"SELECT sk FROM \"{filled.name}\" WHERE type = 'Nothing'"
    assert filled.json("partiql", none)["items"] == []


@pytest.mark.parametrize(
    "what", ["*", "hash", '"hash"', "type, hash", "pk, sk, hash", "pk, sk, type, v, hash"]
)
def test_a_passwords_hash_is_never_selected(filled: Console, what: str) -> None:
    statement = f"SELECT {what} FROM \"{filled.name}\" WHERE pk = 'PASSWORD#ann'"
    assert HASH not in filled.ok("partiql", statement)
    (item,) = filled.json("partiql", statement)["items"]
    assert item["hash"] == "(hidden)"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM \"{}\" WHERE pk = 'USER#ann' AND sk = 'A'",
        "UPDATE \"{}\" SET v = 9 WHERE pk = 'USER#ann' AND sk = 'A'",
        "INSERT INTO \"{}\" VALUE {{'pk': 'P', 'sk': 'S'}}",
        'SELECTED FROM "{}"',
        "SELECT * FROM \"{}\"; DELETE FROM \"{}\" WHERE pk = 'USER#ann' AND sk = 'A'",
        "SELECT",
        "",
    ],
)
def test_only_a_select_is_let_through(filled: Console, statement: str) -> None:
    before = filled.json("scan")
    filled.error("invalid", 2, "partiql", statement.format(filled.name, filled.name))
    assert filled.json("scan") == before


def test_a_select_from_another_table_is_told(filled: Console) -> None:
    told = filled.error("table_missing", 1, "partiql", "SELECT * FROM nowhere")
    assert filled.name in told


def test_an_item_that_cannot_be_read_is_shown_without_what_is_secret(filled: Console) -> None:
    newer = {**table.PASSWORD.key(user_id="bob")._asdict(), **table.PASSWORD.stamp(hash=HASH)}
    filled.put({**newer, "v": 99, "set_at": b.T0})
    for words in (("scan", "--type", "Password"), ("query", "PASSWORD#bob")):
        assert HASH not in filled.ok(*words)
        shown = {item["pk"]: item for item in filled.json(*words)["items"]}["PASSWORD#bob"]
        assert (shown["hash"], shown["set_at"]) == ("(hidden)", b.T0)
        assert shown["unreadable"]


def test_an_access_pattern_is_run_and_tells_what_was_charged(filled: Console) -> None:
    words = ("patterns", "run", "read_messages", "conversation=dm:ann:bob", "low=1", "high=99")
    terminal = Terminal(filled.folder)
    page = terminal.json(*words, "limit=20", "--store", filled.url)
    assert [item["seq"] for item in page["items"]] == list(range(MESSAGES, MESSAGES - 20, -1))
    assert (page["read_units"], page["usd_per_million"]) == (3, 0.375)
    password = terminal.ok("patterns", "run", "get_password", "user_id=ann", "--store", filled.url)
    assert HASH not in password
