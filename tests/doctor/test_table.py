"""`tavola doctor` on a table of DynamoDB: in segments, at a rate, with and without a worker."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tavola.app import open_service
from tavola.core import limits, patterns
from tavola.core.items import Key
from tavola.core.operations import Delete, Operation, Put
from tavola.edge.doctor import feed
from tavola.edge.doctor.examination import Pace
from tavola.flows.sending import Target, send
from tavola.settings import Settings
from tests import builders as b
from tests.cli.terminal import Terminal
from tests.contract.conftest import Database
from tests.doctor import world
from tests.engine.dynoxide import ENVIRONMENT, Engine

DAY_S = 86_400


@pytest.fixture
def store(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a table with the healthy world in it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    url = engine.store_url(engine.new_table())
    do(url, *(Put("t", item) for item in world.healthy()))
    return url


def do(url: str, *operations: Operation) -> None:
    """Write to a table, without any feed."""

    async def write() -> None:
        async with open_service(Settings(store=url)) as service:
            await service.store.execute(operations)

    asyncio.run(write())


def doctor(folder: Path, url: str, *words: str, exit_code: int = 0) -> Any:
    result = Terminal(folder).run("doctor", "--store", url, "--json", "--wait", "5", *words)
    assert result.exit_code == exit_code, result.stderr
    return json.loads(result.stdout)


def found(report: Any) -> dict[str, int]:
    checks = report["sections"][0]["checks"]
    return {check["code"]: check["count"] for check in checks if check["count"]}


def test_segments_and_a_rate_find_the_same(tmp_path: Path, store: str) -> None:
    do(store, Delete("harm", Key("HANDLE#bo", "bobby")))
    for words in ((), ("--segments", "5"), ("--rate", "40", "--segments", "2")):
        report = doctor(tmp_path, store, *words, exit_code=1)
        assert found(report) == {"handle_missing": 1}
        assert (report["users"], report["groups"], report["conversations"]) == (4, 3, 4)
    assert doctor(tmp_path, store, "--fix")["clean"]
    assert doctor(tmp_path, store)["clean"]


def test_what_a_worker_has_still_to_do_is_done_where_doctor_may_write(
    tmp_path: Path, store: str
) -> None:
    async def live() -> None:
        async with open_service(Settings(store=store)) as service:
            moment = b.at(2 * DAY_S)
            target = Target(conversation=b.DIRECT)
            await service.run(send(b.draft(50), target, None, moment, "day"))

    asyncio.run(live())
    report = doctor(tmp_path, store)
    assert (report["clean"], report["notes"]) == (True, [])


def test_a_table_elsewhere_is_not_written_without_its_name(tmp_path: Path) -> None:
    elsewhere = "dynamodb://chat?region=eu-west-1&endpoint=http://192.0.2.1:1"
    terminal = Terminal(tmp_path)
    terminal.error("not_confirmed", 2, "doctor", "--fix", "--store", elsewhere)
    terminal.error("not_confirmed", 2, "doctor", "--yes", "other", "--store", elsewhere)


def test_a_table_that_nobody_follows_is_noted(db: Database) -> None:
    assert db.wait(feed.is_followed(db.store)) == [feed.UNFOLLOWED]
    db.do(patterns.put_lease(world.lease(), None))
    assert db.wait(feed.is_followed(db.store)) == []


def test_a_feed_that_does_not_catch_up_is_noted() -> None:
    class Stuck:
        async def settle(self) -> None:
            await asyncio.sleep(60)

    assert asyncio.run(feed.settle(Stuck(), 0.01)) == [feed.BEHIND]


def test_an_examination_stops_when_too_much_is_wrong(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DOCTOR_FINDINGS_MAX", 3)
    for item in world.healthy():
        if item["type"] in ("Handle", "UserName", "InboxPointer"):
            db.do(Delete("harm", Key(item["pk"], item["sk"])))
    examined = db.wait(world.examine(db.store, Pace(rate=5)))
    assert not examined.complete
    assert 3 <= len(examined.findings) < 9
