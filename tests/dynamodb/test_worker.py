"""`tavola worker` as a process: followed at once, killed, replaced, and there only once."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import httpx
import pytest

from tests.api.people import People
from tests.api.serving import COMMAND, START_S_MAX, STOP_S_MAX, Serving, environment, wait_until
from tests.cli.terminal import Terminal
from tests.engine.dynoxide import ENVIRONMENT, Engine, free_port

pytestmark = pytest.mark.usefixtures("of_nobody")

FOLLOWED_S_MAX = 1.0  # the promise: from a message's acknowledgement to both inboxes


class Working:
    """`tavola worker` in a folder, from its start to its end."""

    def __init__(
        self,
        folder: Path,
        store: str,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._errors = folder / f"worker-{time.monotonic_ns()}"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*COMMAND, "worker", *arguments],
                cwd=folder,
                env=environment(folder, store=store) | ENVIRONMENT | dict(variables or {}),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout
        assert "follows the table" in self._process.stdout.readline(), self.log

    @property
    def log(self) -> str:
        """What it has said."""
        return self._errors.read_text()

    @property
    def at_work(self) -> bool:
        """Whether it has the lease, or has had it."""
        return "this worker is at work" in self.log

    def wait_for_work(self) -> None:
        """Return as soon as it has the lease."""
        wait_until(lambda: self.at_work)

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_S_MAX)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.kill()


@pytest.fixture
def store(engine: Engine) -> str:
    """A new table's address."""
    return engine.store_url(engine.new_table())


@pytest.fixture
def served(tmp_path: Path, store: str) -> Iterator[Serving]:
    """A server without a worker of its own."""
    with Serving(tmp_path, settings={"store": store}, variables=ENVIRONMENT) as serving:
        yield serving
        assert serving.stop() == 0


@pytest.fixture
def people(served: Serving) -> Iterator[People]:
    """An admin, who makes users."""
    people = People(served.url)
    yield people
    people.close()


def seconds_until_in_both_inboxes(people: People) -> float:
    """How long a first message takes from its acknowledgement."""
    ann, bob = people.pair()
    ann.send(bob)
    began = time.monotonic()
    wait_until(lambda: bool(ann.inbox() and bob.inbox()))
    return time.monotonic() - began


def test_a_first_message_is_soon_in_both_inboxes(
    people: People, tmp_path: Path, store: str
) -> None:
    with Working(tmp_path, store) as worker:
        worker.wait_for_work()
        seconds = [seconds_until_in_both_inboxes(people) for _ in range(5)]
        assert max(seconds) < FOLLOWED_S_MAX, seconds
        assert worker.stop() == 0


def test_a_server_without_any_worker_says_so(served: Serving) -> None:
    assert "`tavola worker`" in served.errors


def test_who_comes_behind_one_that_was_killed_handles_what_was_left(
    people: People, tmp_path: Path, store: str
) -> None:
    for _ in range(3):
        with Working(tmp_path, store) as worker:
            worker.wait_for_work()
            ann, bob = people.pair()
            ann.send(bob)
            worker.kill()
    with Working(tmp_path, store) as worker:
        seconds_until_in_both_inboxes(people)
        everybody = people.made
        wait_until(lambda: all(person.inbox() for person in everybody))
        assert worker.stop() == 0


def test_of_two_workers_one_waits_until_the_other_ends(
    people: People, tmp_path: Path, store: str
) -> None:
    with Working(tmp_path, store) as first:
        first.wait_for_work()
        with Working(tmp_path, store) as second:
            wait_until(lambda: "this one waits" in second.log)
            seconds_until_in_both_inboxes(people)
            assert not second.at_work
            assert first.stop() == 0
            second.wait_for_work()
            seconds_until_in_both_inboxes(people)
            assert second.stop() == 0


def test_the_status_tells_who_is_at_work(tmp_path: Path, store: str) -> None:
    terminal = Terminal(tmp_path)
    words = ("feed", "status", "--store", store)
    assert "none; start one" in terminal.ok(*words)
    with Working(tmp_path, store) as worker:
        worker.wait_for_work()
        terminal.ok("users", "add", "ann", "--no-password", "--store", store)
        wait_until(lambda: bool(terminal.json(*words)["shards"]))
        status = terminal.json(*words)
        assert status["worker"]["owner"]
        assert status["set_aside"] == []
        assert re.search(r"shards +1\n", terminal.ok(*words))
        assert worker.stop() == 0
    assert terminal.json(*words)["worker"] is None


def test_a_worker_shows_its_metrics(tmp_path: Path, store: str) -> None:
    port = free_port()
    with Working(tmp_path, store, "--metrics-port", str(port)) as worker:
        Terminal(tmp_path).ok("users", "add", "ann", "--no-password", "--store", store)

        def handled() -> bool:
            page = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=START_S_MAX).text
            return "tavola_feed_changes_total 3.0" in page and "tavola_write_units_total" in page

        wait_until(handled)
        assert worker.stop() == 0


def test_commands_that_write_leave_nothing_to_be_done(tmp_path: Path, store: str) -> None:
    terminal = Terminal(tmp_path)
    terminal.ok("seed", "-", "--store", store, stdin="Ann: hello\nBen: hi\n")
    assert len(terminal.json("conversations", "list", "@ben", "--store", store)["conversations"])
    report = terminal.json("feed", "rebuild", "--store", store)
    assert (report["pointers_put"], report["names_copied"]) == (0, 0)
