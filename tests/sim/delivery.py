"""Hands changes to the consumers: each at least once, in any order across items."""

import random
from collections import deque
from collections.abc import Callable, Sequence

from tavola.core.apply import Change
from tavola.core.errors import TavolaError
from tavola.core.items import Key
from tavola.flows.consumers import CONSUMERS, Consumer, Task
from tests.sim.replicas import ReplicatedStore
from tests.sim.scheduler import Crashed, Outcome, Scheduler

BATCHES_AT_ONCE = 3


class Delivery:
    """The change feed. A task that crashes or fails in passing is begun again."""

    def __init__(
        self,
        store: ReplicatedStore,
        rng: random.Random,
        scheduler: Scheduler,
        consumers: Sequence[Consumer] = CONSUMERS,
    ) -> None:
        self._consumers = consumers
        self._store = store
        self._rng = rng
        self._scheduler = scheduler
        self._position = 0
        self._waiting: dict[Key, deque[Change]] = {}
        self._delivered: list[Change] = []
        self._lanes = 0

    @property
    def idle(self) -> bool:
        """Whether every change was handled."""
        self._fetch()
        return not self._waiting and not self._lanes

    def deliver(self) -> None:
        """Begin a batch: some changes of some items, in order per item, and some repeats."""
        self._fetch()
        if self._lanes >= BATCHES_AT_ONCE:
            return
        batch = self._take(self._rng.randint(1, 8))
        repeats = min(len(self._delivered), self._rng.choice([0, 0, 1, 3]))
        batch += self._rng.sample(self._delivered, repeats)
        self._delivered += batch
        self._begin(batch)

    def replay(self) -> None:
        """Hand over everything once more, in any order."""
        everything = self._store.leader.read_changes(0, 1_000_000)
        self._rng.shuffle(everything)
        while everything:
            self._begin(everything[:50])
            del everything[:50]

    def _fetch(self) -> None:
        for change in self._store.leader.read_changes(self._position, 1_000):
            self._waiting.setdefault(change.key, deque()).append(change)
            self._position = change.n

    def _take(self, count: int) -> list[Change]:
        taken: list[Change] = []
        while self._waiting and len(taken) < count:
            key = self._rng.choice(list(self._waiting))
            taken.append(self._waiting[key].popleft())
            if not self._waiting[key]:
                del self._waiting[key]
        return taken

    def _begin(self, batch: list[Change]) -> None:
        lanes: dict[str, deque[Task]] = {}
        for plan in self._consumers:
            for task in plan(batch, "day"):
                lanes.setdefault(task.change.key.pk, deque()).append(task)
        for tasks in lanes.values():
            self._lanes += 1
            self._run_lane(tasks)

    def _run_lane(self, tasks: deque[Task]) -> None:
        if not tasks:
            self._lanes -= 1
            return
        first = tasks.popleft()
        self._run(first, lambda: self._run_lane(tasks))

    def _run(self, task: Task, done: Callable[[], object]) -> None:
        def ended(outcome: Outcome) -> None:
            if isinstance(outcome, TavolaError):
                assert outcome.retryable, f"the feed cannot do {task.change}: {outcome!r}"
            if isinstance(outcome, TavolaError | Crashed):
                self._scheduler.start(task.start(), ended)
            else:
                done()

        self._scheduler.start(task.start(), ended)
