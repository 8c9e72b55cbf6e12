"""People who talk through a server that may die at any moment, and remember what it promised.

Every client keeps on: what was not acknowledged is sent again, under the same id, until it is.
"""

import asyncio
import itertools
import random
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tavola.app import open_service
from tavola.core.items import Item
from tavola.flows.doctor.finding import Finding
from tavola.settings import Settings
from tests.api.logs import write_past
from tests.api.people import Person, new_id
from tests.api.serving import Serving
from tests.doctor.world import examine

Entry = tuple[str, int]  # conversation and number
GROUPS = ("choir", "council")
_DELETED = None


class Place(NamedTuple):
    """Where the store is that servers come and go on."""

    folder: Path
    store: str
    settings: dict[str, str]
    variables: dict[str, str]

    def serve(self) -> Serving:
        """A server."""
        settings = {"store": self.store, **self.settings}
        return Serving(self.folder, settings=settings, variables=self.variables)

    def items(self) -> list[Item]:
        """All items, when nobody serves."""

        async def read() -> list[Item]:
            async with open_service(Settings(store=self.store), write=False) as service:
                return [item async for part in service.store.scan() for item in part]

        return asyncio.run(read())

    def findings(self) -> list[Finding]:
        """What doctor finds, when nobody serves."""

        async def look() -> list[Finding]:
            async with open_service(Settings(store=self.store), write=False) as service:
                return (await examine(service.store)).findings

        return asyncio.run(look())


class Client(Person):
    """One person: they do one thing at a time, and what is unanswered stays in the outbox."""

    def __init__(self, user_id: str, others: list[str], seed: int) -> None:
        super().__init__("http://not.yet", user_id, user_id)
        self.acknowledged: dict[str, Any] = {}  # messages by id, as they were first answered
        self.wanted: dict[Entry, str | None] = {}  # the last edit of each message, done or not
        self.marked: dict[str, int] = defaultdict(int)  # answered markers by conversation
        self.asked: dict[str, int] = defaultdict(int)  # markers that were asked for
        self._others = others
        self._random = random.Random(seed)
        self._outbox: list[dict[str, str]] = []
        self._mine: list[Entry] = []
        self._numbers = itertools.count()

    def live(self, stop: threading.Event) -> None:
        """Do one thing after another until the server is gone."""
        while not stop.is_set():
            try:
                self.act()
            except httpx.TransportError:
                return

    def act(self) -> None:
        """Retry what was not answered, or do something new."""
        if not self._outbox:
            chance = self._random.random()
            if self._mine and chance < 0.1:
                return self._amend()
            if self._mine and chance < 0.2:
                return self._mark()
            self._write()
        self._post()
        return None

    def finish(self) -> None:
        """Have everything answered; what was answered already is asked for again."""
        while self._outbox:
            self._post()
        for place in self.wanted:
            self._ask(place)

    def move_to(self, url: str) -> None:
        """The server has come back elsewhere."""
        self.http.base_url = httpx.URL(url)

    def last_sent(self, conversation: str) -> int:
        """The number of the newest message of one's own that was acknowledged."""
        return max((seq for c, seq in self._mine if c == conversation), default=0)

    def _write(self) -> None:
        where = {"to": self._random.choice(self._others)}
        if self._random.random() < 0.3:
            where = {"conversation": f"group:{self._random.choice(GROUPS)}"}
        self._outbox.append({"id": new_id(), "body": f"{self.id} {next(self._numbers)}", **where})

    def _post(self) -> None:
        reply = self.post(self._outbox[0])
        assert reply.status_code in {200, 201}, reply.text
        message = reply.json()
        assert message["id"] == self._outbox.pop(0)["id"]
        self.acknowledged[message["id"]] = message
        self._mine.append((message["conversation"], message["seq"]))

    def _amend(self) -> None:
        place = self._random.choice(self._mine)
        if self.wanted.get(place, "") is not _DELETED:
            deletes = self._random.random() < 0.3
            self.wanted[place] = _DELETED if deletes else f"edited {next(self._numbers)}"
            self._ask(place)

    def _ask(self, place: Entry) -> None:
        path, body = f"/conversations/{place[0]}/messages/{place[1]}", self.wanted[place]
        deletes = body is _DELETED
        reply = self.request("DELETE" if deletes else "PATCH", path, body and {"body": body})
        assert reply.is_success, reply.text
        assert reply.json()["body"] == body

    def _mark(self) -> None:
        conversation, seq = self._random.choice(self._mine)
        self.asked[conversation] = max(self.asked[conversation], seq)
        answer = self.mark(conversation, seq)
        self.marked[conversation] = max(self.marked[conversation], answer["read_seq"])


def populate(place: Place, people: int, seed: int) -> list[Client]:
    """Make a store of people of whom every second pair, and the groups, have talked in the past:
    their next message opens another bucket. The other pairs have yet to begin.
    """
    names = [f"p{n:02d}" for n in range(people)]
    pairs = list(itertools.combinations(names, 2))
    logs = {
        f"dm:{a}:{b}": [(a, f"2026-0{1 + n % 9}-1{n % 7}T12:00:00.000Z", "long ago")]
        for n, (a, b) in enumerate(pairs[::2])
    }
    for group in GROUPS:
        logs[f"group:{group}"] = [(names[0], "2026-01-01T12:00:00.000Z", "long ago")]
    write_past(place.folder, names, logs, GROUPS, store=place.store)
    return [
        Client(name, [other for other in names if other != name], seed + n)
        for n, name in enumerate(names)
    ]
