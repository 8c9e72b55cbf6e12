"""`kill -9` at any moment under load: nothing that was acknowledged is lost or doubled."""

import os
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.serving import Serving, wait_until
from tests.engine.dynoxide import ENVIRONMENT, running_engine
from tests.kill.world import Client, Place, populate

ROUNDS = 4
PEOPLE = 10
LIFE_S = (0.05, 1.0)
SEED = int(os.environ.get("TAVOLA_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)

Log = list[dict[str, Any]]


@pytest.fixture(params=["sqlite", "dynamodb"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """A store of each kind that outlives its servers."""
    if request.param == "sqlite":
        yield Place(tmp_path, f"sqlite:///{tmp_path / 'tavola.db'}", {}, {})
        return
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with running_engine() as engine:
        url = engine.store_url(engine.new_table())
        yield Place(tmp_path, url, {"with_worker": "true"}, ENVIRONMENT)


@pytest.fixture
def clients(place: Place) -> Iterator[list[Client]]:
    """People with a past, in the store that the server will open."""
    print(f"TAVOLA_TEST_SEED={SEED}")  # noqa: T201 - shown with a failure
    made = populate(place, PEOPLE, SEED)
    yield made
    for client in made:
        client.close()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled(place: Place, clients: list[Client]) -> None:
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        with place.serve() as serving:
            _wait_for_feed(serving)
            for client in clients:
                client.move_to(serving.url)
            _check_kept(clients, _read_logs(clients))
            _live_and_die(serving, clients, chance.uniform(*LIFE_S))
    with place.serve() as serving:
        _check_at_rest(serving, clients)
        assert serving.stop() == 0
    _check_derived(place, clients)


@pytest.mark.slow
def test_what_was_acknowledged_last_is_in_everybodys_inbox(
    place: Place, clients: list[Client]
) -> None:
    """The power goes when the reply has come, and the feed has not yet had its turn."""
    for first in range(2):
        with place.serve() as serving:
            for client in clients:
                client.move_to(serving.url)
            with ThreadPoolExecutor(PEOPLE) as pool:
                list(pool.map(lambda client: client.get("/me"), clients))  # all are connected
                others = clients[first + 1 :] + clients[: first + 1]
                sent = list(
                    pool.map(lambda pair: pair[0].send(pair[1]), zip(clients, others, strict=True))
                )
            serving.kill()
        with place.serve() as serving:
            _wait_for_feed(serving)
            for client, message in zip(clients, sent, strict=True):
                client.move_to(serving.url)
                assert client.row(message["conversation"])["head"]["seq"] >= message["seq"]
            _check_inbox(clients[first], _read_logs(clients))
            assert serving.stop() == 0
    _check_derived(place, clients)


def _check_at_rest(serving: Serving, clients: list[Client]) -> None:
    for client in clients:
        client.move_to(serving.url)
        client.finish()
    _wait_for_feed(serving)
    assert _metric(serving, "tavola_feed_aside_total") == 0
    logs = _read_logs(clients)
    _check_kept(clients, logs)
    _check_edits(clients, logs)
    for client in clients:
        _check_inbox(client, logs)


def _live_and_die(serving: Serving, clients: list[Client], seconds: float) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def live(client: Client) -> None:
        try:
            client.live(stop)
        except BaseException as failure:  # noqa: BLE001 - told by the thread that waits
            failures.append(failure)

    threads = [threading.Thread(target=live, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    serving.kill()
    for thread in threads:
        thread.join()
    assert not failures, (SEED, failures[0])


def _read_logs(clients: list[Client]) -> dict[str, Log]:
    """Every log in full, oldest first, read by one of its members."""
    logs: dict[str, Log] = {}
    for client in clients:
        for conversation in _all_rows(client).keys() - logs.keys():
            logs[conversation] = _read_log(client, conversation)
    return logs


def _read_log(client: Client, conversation: str) -> Log:
    log: Log = []
    more = True
    while more:
        reply = client.messages(conversation, after=len(log), limit=200)
        log += reply["messages"][::-1]
        more = reply["more_after"]
    return log


def _all_rows(client: Client) -> dict[str, Any]:
    """The whole inbox by conversation, in order; nothing may come twice."""
    rows: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        reply = client.get("/inbox", limit=15, **cursor)
        rows += reply["conversations"]
        if reply["next"] is None:
            break
        cursor = {"cursor": reply["next"]}
    by_id = {row["conversation"]: row for row in rows}
    assert len(by_id) == len(rows), SEED
    times = [row["head"]["created_at"] for row in rows]
    assert times == sorted(times, reverse=True), SEED
    return by_id


def _check_kept(clients: list[Client], logs: dict[str, Log]) -> None:
    """Logs are 1..n, times grow, ids are unique, and what was acknowledged is where it was."""
    for log in logs.values():
        assert [message["seq"] for message in log] == list(range(1, len(log) + 1)), SEED
        assert len({message["id"] for message in log}) == len(log), SEED
        times = [message["created_at"] for message in log]
        assert times == sorted(times), SEED
    for client in clients:
        for message in client.acknowledged.values():
            kept = logs[message["conversation"]][message["seq"] - 1]
            for name in ("id", "sender_id", "created_at", "seq", "kind"):
                assert kept[name] == message[name], SEED


def _check_edits(clients: list[Client], logs: dict[str, Log]) -> None:
    for client in clients:
        for message in client.acknowledged.values():
            place = message["conversation"], message["seq"]
            body = logs[place[0]][place[1] - 1]["body"]
            if place in client.wanted:
                assert body == client.wanted[place], SEED
            else:
                assert body == message["body"], SEED


def _check_inbox(client: Client, logs: dict[str, Log]) -> None:
    """Every conversation with messages is there, and unread is what a naive count gives."""
    mine = {c for c in logs if c.startswith("group:") or client.id in c.split(":")}
    rows = _all_rows(client)
    assert rows.keys() == mine, SEED
    for conversation, row in rows.items():
        log, read_seq = logs[conversation], row["read_seq"]
        assert row["head"] == log[-1], SEED
        sent = max((m["seq"] for m in log if m["sender_id"] == client.id), default=0)
        least = max(client.marked[conversation], sent)
        assert least <= read_seq <= max(least, client.asked[conversation]), SEED
        assert row["unread"] == sum(message["seq"] > read_seq for message in log), SEED


def _check_derived(place: Place, clients: list[Client]) -> None:
    """Both joiners of every direct conversation have names, and pointers are where heads are."""
    items = place.items()
    heads: dict[str, str] = defaultdict(str)
    for item in items:
        if item["type"] == "Message":
            heads[item["pk"]] = max(heads[item["pk"]], item["created_at"])
    joined = Counter(i["pk"] for i in items if i["type"] == "DirectUser" and "handle" in i)
    pointers = {(item["pk"], item["sk"]) for item in items if item["type"] == "InboxPointer"}
    expected = set()
    for pk, head_at in heads.items():
        kind, *ids = pk.split("#")
        users = ids if kind == "DM" else [client.id for client in clients]
        conversation = ":".join(["dm", *ids]) if kind == "DM" else f"group:{ids[0]}"
        expected |= {(f"USER#{user}", f"INBOX#{head_at[:10]}#{conversation}") for user in users}
        assert kind != "DM" or joined[pk] == 2, SEED
    assert pointers == expected, SEED
    assert place.findings() == [], SEED


def _wait_for_feed(serving: Serving) -> None:
    """Wait until everything is handled that was written before."""
    wait_until(lambda: _metric(serving, "tavola_feed_lag_changes") == 0)
    if "with_worker" in serving.settings:
        wait_until(lambda: _metric(serving, "tavola_feed_lag_seconds") == 0)


def _metric(serving: Serving, name: str) -> float | None:
    """The value of a metric; None when it is not known yet."""
    page = httpx.get(f"{serving.url}/metrics").text
    found = [line.split()[1] for line in page.splitlines() if line.startswith(f"{name} ")]
    return float(found[0]) if found else None
