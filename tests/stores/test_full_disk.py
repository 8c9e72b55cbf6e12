"""A full disk: clear errors, reads go on, nothing is half written, and space brings all back."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.people import People, Person, new_id, problem
from tests.api.serving import Serving, wait_until
from tests.stores.disks import (
    UNLIMITED,
    as_seen_by,
    limit_files,
    needs_mounts,
    needs_prlimit,
    on_small_disk,
)

BODY = "x" * 4_000


class Full:
    """A server whose disk is full, and whom it had before."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.people = People(serving.url)
        self.ann, self.bob = self.people.pair()
        self.before = [self.ann.send(self.bob, f"{n}") for n in range(5)]
        self.inbox = self.bob.inbox()

    def lag(self) -> int:
        """How much the feed has left."""
        page = httpx.get(f"{self.serving.url}/metrics").text
        (line,) = [li for li in page.splitlines() if li.startswith("tavola_feed_lag_changes ")]
        return int(float(line.split()[1]))

    def fill(self) -> list[Any]:
        """Send until nothing more fits; what was acknowledged meanwhile."""
        sent: list[Any] = []
        while (reply := self.try_to_send()).is_success:
            sent.append(reply.json())
            assert len(sent) < 10_000
        return sent

    def try_to_send(self) -> httpx.Response:
        """Send a long message."""
        return self.ann.post({"id": new_id(), "to": self.bob.id, "body": BODY})


def check_full(full: Full, sent: list[Any]) -> list[dict[str, str]]:
    """What must hold while the disk is full; the messages that were refused."""
    refused = [{"id": new_id(), "to": full.bob.id, "body": BODY} for _ in range(3)]
    for body in refused:
        reply = full.ann.post(body)
        assert reply.status_code in {503, 507}, reply.text
        code = {503: "store_failed", 507: "store_full"}[reply.status_code]
        assert problem(reply, reply.status_code, code)["retryable"] is True
    first_ever = full.people.request("POST", "/users", {"handle": "new", "display_name": BODY[:99]})
    assert first_ever.status_code in {503, 507}
    assert full.bob.request("GET", "/users/@new").status_code == 404, "all or nothing"
    assert check_log(full.bob, full.ann) == [*full.before, *sent]
    row = full.bob.row(full.ann.dm(full.bob))
    assert row["head"]["seq"] == 5 + len(sent)
    assert httpx.get(f"{full.serving.url}/healthz").status_code == 200
    return refused


def check_log(person: Person, other: Person) -> list[Any]:
    """A whole log, which must be 1..n; oldest first."""
    log: list[Any] = []
    for page in itertools.count():
        reply = person.messages(person.dm(other), after=200 * page, limit=200)
        log += reply["messages"][::-1]
        if not reply["more_after"]:
            break
    assert [message["seq"] for message in log] == list(range(1, len(log) + 1))
    return log


def check_recovered(full: Full, sent: list[Any], refused: list[dict[str, str]]) -> None:
    """What must hold as soon as there is space again."""
    now = [full.ann.post(body) for body in refused]
    assert [reply.status_code for reply in now] == [201] * len(refused), now[0].text
    assert [reply.status_code for reply in map(full.ann.post, refused)] == [200] * len(refused)
    log = [*full.before, *sent, *(reply.json() for reply in now)]
    assert check_log(full.bob, full.ann) == log
    cas = full.people.user("cas")
    full.ann.send(cas)
    wait_until(lambda: full.lag() == 0)
    assert [row["unread"] for row in cas.inbox()] == [1]
    assert full.ann.inbox()[0]["user"]["id"] == cas.id
    assert full.bob.row(full.ann.dm(full.bob))["unread"] == len(log)


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Full]:
    """A server whose files cannot grow much more."""
    with Serving(tmp_path) as serving:
        full = Full(serving)
        wal = tmp_path / "tavola.db-wal"
        limit_files(serving.pid, wal.stat().st_size + 200_000)
        yield full
        full.people.close()


@needs_prlimit
def test_files_that_cannot_grow_are_waited_out(limited: Full) -> None:
    sent = limited.fill()
    refused = check_full(limited, sent)
    limit_files(limited.serving.pid, UNLIMITED)
    check_recovered(limited, sent, refused)
    assert limited.serving.stop() == 0


@needs_prlimit
def test_a_server_on_a_full_disk_can_be_stopped_and_started(limited: Full, tmp_path: Path) -> None:
    sent = limited.fill()
    assert limited.serving.stop() == 0
    with Serving(tmp_path) as again:
        bob = Person(again.url, limited.bob.id, limited.bob.handle)
        assert check_log(bob, limited.ann) == [*limited.before, *sent]
        assert bob.row(bob.dm(limited.ann))["unread"] == 5 + len(sent)
        bob.close()


@needs_mounts
def test_a_full_disk_is_told_and_waited_out(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with Serving(tmp_path, wrapped_in=on_small_disk(disk, 1_500)) as serving:
        full = Full(serving)
        filler = as_seen_by(serving.pid, disk) / "filler"
        filler.write_bytes(b"x" * 500_000)
        sent = full.fill()
        refused = check_full(full, sent)
        reply = full.try_to_send()
        problem(reply, 507, "store_full")
        filler.unlink()
        check_recovered(full, sent, refused)
        assert serving.stop() == 0
        full.people.close()


@needs_prlimit
def test_the_feed_waits_for_space(tmp_path: Path) -> None:
    """The first message fits, what the feed makes of it does not."""
    with Serving(tmp_path) as serving:
        full = Full(serving)
        wal = tmp_path / "tavola.db-wal"
        limit_files(serving.pid, wal.stat().st_size + 9_000)
        others = []
        for n in itertools.count():
            reply = full.ann.post({"id": new_id(), "to": full.bob.id, "body": f"{n}"})
            if not reply.is_success:
                break
            others.append(reply.json())
        limit_files(serving.pid, UNLIMITED)
        cas = full.people.user("cas")
        wait_until(lambda: full.lag() == 0)
        full.ann.send(cas)
        assert [row["user"]["id"] for row in full.ann.inbox()] == [cas.id, full.bob.id]
        full.people.close()


@needs_mounts
def test_a_start_without_any_space_says_why(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with pytest.raises(AssertionError, match=r"Error: .*\[store_(full|failed|read_only)\]"):
        Serving(tmp_path, wrapped_in=on_small_disk(disk, 16))
