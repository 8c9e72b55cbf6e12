"""From SQLite to DynamoDB and back: every item as it was, through whatever happens on the way."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import errors, limits, patterns, table
from tavola.core.items import Item, decode_line, is_same, key_of
from tavola.core.operations import Put
from tavola.core.wire import decode_item
from tavola.edge import clock
from tavola.edge.importers.report import Silent
from tavola.edge.transfer.comparing import compare
from tavola.edge.transfer.copying import Filled, Pace, StoreSource, fill
from tavola.stores.memory import MemoryStore
from tavola.stores.sqlite import SQLiteStore
from tests import builders as b
from tests.cli.terminal import Terminal
from tests.dynamodb import faults
from tests.dynamodb.conftest import Bench
from tests.dynamodb.faults import Fault, leave_undone, refuse
from tests.engine.dynoxide import ENVIRONMENT, Engine, running_engine
from tests.importers.test_slack_real import EXPORT

SCRIPT = "Ann: hello\nBen: \U0001f375 مرحبا\nAnn: \u202eשלום\n"

S3 = ("--format", "dynamodb-json")

ODD: list[dict[str, Any]] = [
    {"text": "", "list": [], "map": {}, "null": None, "yes": True, "no": False},
    {"whole": 10**37, "low": -(10**38) + 1, "zero": 0, "long": 2**64},
    {"part": Decimal("0.1"), "digits": Decimal("1234567890.1234567890123456789012345678")},
    {"tags": frozenset({"a", "", "\U0001f9d1\u200d\U0001f680"}), "list": [frozenset({"x"})]},
    {"\U0001f600 name": {"deep": [{"deeper": [None, "\0", "\u2028"]}]}},
    {"large": "x" * (limits.ITEM_BYTES_MAX - 200)},
    {"large": ["x" * 1000] * 390},
]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes any."""
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)


@pytest.fixture
def filled(tmp_path: Path) -> Terminal:
    """People who talk, a password, and items of values that are rarely seen."""
    terminal = Terminal(tmp_path)
    terminal.ok("users", "add", "zoe", "--password-stdin", stdin="a secret of hers")
    terminal.ok("seed", "-", stdin=SCRIPT)
    terminal.ok("seed", "-", stdin=SCRIPT + "Cem: hi\n")
    fill_file(terminal, odd())
    return terminal


def odd() -> list[Item]:
    """Users whose items hold what a table can hold; a later version's attributes, say."""
    users = [table.USER.build(b.user(f"odd{n}")) for n in range(len(ODD))]
    return [user | more for user, more in zip(users, ODD, strict=True)]


def fill_file(terminal: Terminal, items: list[Item]) -> None:
    async def work() -> None:
        store = await SQLiteStore.open(terminal.store, clock.now)
        await store.execute(tuple(Put("t", item) for item in items))
        await store.close()

    asyncio.run(work())


def file_url(terminal: Terminal) -> str:
    return f"sqlite:///{terminal.store}"


def lines(terminal: Terminal, url: str, *more: str) -> list[str]:
    """What an export of a store says, in an order of its own."""
    return sorted(terminal.ok("export", "-", *more, "--store", url).rstrip("\n").split("\n"))


def test_what_goes_there_and_back_is_the_same_in_every_item(
    engine: Engine, filled: Terminal, tmp_path: Path
) -> None:
    there, back = engine.store_url(engine.new_table()), Terminal(tmp_path, "back.db")
    went = filled.json("copy", "--from", file_url(filled), "--to", there, "--verify")
    assert went["verified"]["identical"] is True
    assert went["copied"]["items"] == went["verified"]["items"] > len(ODD)
    came = filled.json("copy", "--from", there, "--to", file_url(back), "--verify")
    assert came["verified"] == went["verified"]
    again = filled.json("copy", "--from", there, "--to", file_url(back), "--verify")
    assert again["copied"]["copied"] == 0
    assert again["verified"]["identical"] is True
    assert lines(filled, file_url(back)) == lines(filled, file_url(filled)) == lines(filled, there)
    assert filled.json("table", "scan", "--type", "Password", "--store", there)["items"]


def test_an_export_is_the_same_on_both_and_goes_into_both(
    engine: Engine, filled: Terminal, tmp_path: Path
) -> None:
    file, there = tmp_path / "all.jsonl", engine.store_url(engine.new_table())
    answer = filled.json("export", file)
    assert filled.json("import", "jsonl", file, "--store", there) == {"items": answer["items"]}
    assert lines(filled, there) == lines(filled, file_url(filled))
    filled.ok("export", tmp_path / "again.jsonl", "--store", there)
    back = Terminal(tmp_path, "back.db")
    back.ok("import", "jsonl", tmp_path / "again.jsonl")
    assert lines(back, file_url(back)) == lines(filled, file_url(filled))


def test_an_import_is_finished_by_repeating_it_and_refuses_what_is_not_its_own(
    engine: Engine, filled: Terminal, tmp_path: Path
) -> None:
    file, there = tmp_path / "all.jsonl", engine.store_url(engine.new_table())
    filled.ok("export", file)
    filled.ok("import", "jsonl", file, "--store", there)
    told = filled.ok("import", "jsonl", file, "--store", there)
    assert told.startswith("Nothing to import: all ")
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    filled.error("store_not_empty", 1, "import", "jsonl", file, "--store", there)


def test_lines_for_the_import_from_s3_hold_each_value_with_its_type(
    engine: Engine, filled: Terminal
) -> None:
    there = engine.store_url(engine.new_table())
    filled.ok("copy", "--from", file_url(filled), "--to", there)
    here = lines(filled, file_url(filled), *S3)
    assert lines(filled, there, *S3) == here
    told = {}
    for line in here:
        document = json.loads(line)
        assert document.keys() == {"Item"}
        item = decode_item(document["Item"])
        told[key_of(item)] = item
    wanted = [decode_line(line.encode()) for line in lines(filled, file_url(filled))]
    assert len(wanted) == len(told)
    assert all(is_same(item, told[key_of(item)]) for item in wanted)
    assert not any(item["type"] in ("Password", "FeedState") for item in told.values())


def test_a_line_for_the_import_from_s3_is_written_as_it_is_documented(filled: Terminal) -> None:
    whole = [json.loads(line)["Item"] for line in lines(filled, file_url(filled), *S3)]
    values = {item["pk"]["S"]: item for item in whole}
    assert values["USER#odd1"]["whole"] == {"N": "1" + 37 * "0"}
    assert values["USER#odd0"]["null"] == {"NULL": True}
    assert values["USER#odd0"]["yes"] == {"BOOL": True}
    assert values["USER#odd3"]["tags"] == {"SS": ["", "a", "\U0001f9d1\u200d\U0001f680"]}


BAD_DAYS: dict[str, list[Fault]] = {
    "throttling": [refuse("ProvisionedThroughputExceededException")] * 30,
    "unprocessed": [leave_undone(20)] * 60,
    "lost answers": [faults.let_through, faults.lose_the_answer] * 20,
    "lost requests": [faults.let_through, faults.lose_the_request] * 20,
    "all of it": [
        leave_undone(3),
        faults.lose_the_answer,
        refuse("ThrottlingException"),
        faults.fail_behind_it,
        leave_undone(24),
        refuse("InternalServerError", 500),
    ]
    * 15,
}


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_copy_comes_through_a_bad_day_whole(bench: Bench, day: str) -> None:
    items = [table.USER.build(b.user(f"u{n:04d}")) for n in range(1_200)]

    async def work() -> None:
        source = MemoryStore()
        await source.execute(tuple(map(patterns.copy_item, items)))
        named = StoreSource("sqlite:///source", None, source)
        bench.faulty.plan += BAD_DAYS[day]
        done = await fill(bench.store, named, Pace(checkpoint_s=0.0), clock.now, Silent())
        assert done == Filled(1_200, 1_200)
        bench.faulty.plan.clear()
        bench.faulty.plan += BAD_DAYS[day]
        found = await compare(source, bench.store, Silent())
        assert (found.identical, found.items) == (True, 1_200)

    bench.wait(work())


def test_a_copy_that_is_given_up_goes_on_behind_what_was_acknowledged(bench: Bench) -> None:
    items = [table.USER.build(b.user(f"u{n:04d}")) for n in range(1_200)]
    pace = Pace(checkpoint_s=0.0)

    async def work() -> None:
        source = MemoryStore()
        await source.execute(tuple(map(patterns.copy_item, items)))
        named = StoreSource("sqlite:///source", None, source)
        bench.faulty.plan += [faults.let_through] * 40 + [refuse("AccessDeniedException")]
        with pytest.raises(errors.StoreDenied):
            await fill(bench.store, named, pace, clock.now, Silent())
        done = await fill(bench.store, named, pace, clock.now, Silent())
        assert done.items == 1_200
        assert 0 < done.copied < 1_200
        assert (await compare(source, bench.store, Silent())).identical

    bench.wait(work())


def test_a_copy_from_a_table_goes_on_behind_what_was_acknowledged(bench: Bench) -> None:
    items = [table.USER.build(b.user(f"u{n:04d}")) for n in range(1_200)]
    pace = Pace(checkpoint_s=0.0)

    async def work() -> None:
        await bench.store.execute(tuple(map(patterns.copy_item, items)))
        await bench.store.execute(
            patterns.put_checkpoint(e.FeedState(feed="main", part="LEASE", at=b.T0))
        )
        named, target = StoreSource("dynamodb://source", None, bench.store), MemoryStore()
        bench.faulty.plan += [faults.let_through] * 7 + [refuse("AccessDeniedException")]
        with pytest.raises(errors.StoreDenied):
            await fill(target, named, pace, clock.now, Silent())
        done = await fill(target, named, pace, clock.now, Silent())
        assert done.items == 1_200
        assert 0 < done.copied < 1_200
        assert (await compare(bench.store, target, Silent())).identical

    bench.wait(work())


def test_an_item_with_values_that_no_store_of_ours_takes_is_named(
    engine: Engine, tmp_path: Path
) -> None:
    name, terminal = engine.new_table(), Terminal(tmp_path)
    binary = {"pk": {"S": "MINE"}, "sk": {"S": "1"}, "image": {"B": "AAAA"}}
    engine.call("PutItem", {"TableName": name, "Item": binary})
    copying = ("copy", "--from", engine.store_url(name), "--to", file_url(terminal))
    assert "MINE 1: " in terminal.error("import_unreadable", 1, *copying)
    named = {"pk": {"S": "MINE"}, "sk": {"S": "1"}, "map": {"M": {"$set": {"S": "x"}}}}
    engine.call("PutItem", {"TableName": name, "Item": named})
    assert "MINE 1: map: a map's names" in terminal.error("import_unreadable", 1, *copying)


def test_an_item_in_the_copy_with_such_values_is_named_too(
    engine: Engine, filled: Terminal
) -> None:
    name = engine.new_table()
    copying = ("copy", "--from", file_url(filled), "--to", engine.store_url(name), "--verify")
    filled.ok(*copying)
    binary = {"pk": {"S": "USER#odd0"}, "sk": {"S": "A"}, "image": {"B": "AAAA"}}
    engine.call("PutItem", {"TableName": name, "Item": binary})
    assert "USER#odd0 A: " in filled.error("import_unreadable", 1, *copying)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A real workspace's export, where there is one."""
    if not EXPORT.exists():
        pytest.skip(f"no {EXPORT.name}: set TAVOLA_SAMPLE_DATA")
    terminal = Terminal(tmp_path_factory.mktemp("real"))
    terminal.ok("import", "slack", EXPORT)
    return terminal


@pytest.mark.slow
def test_a_real_workspace_goes_there_and_back(imported: Terminal, tmp_path: Path) -> None:
    with running_engine() as engine:  # of its own: what others wrote would slow it down
        there, back = engine.store_url(engine.new_table()), Terminal(tmp_path, "back.db")
        imported.ok("copy", "--from", file_url(imported), "--to", there)
        came = imported.json("copy", "--from", there, "--to", file_url(back), "--verify")
    assert came["verified"]["identical"] is True
    assert came["verified"]["items"] > 11_000
    assert back.ok("export", "-") == imported.ok("export", "-")
