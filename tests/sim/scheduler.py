"""Interleaves flows: at each step one operation of one of them is done, and things go wrong.

- Operations of one request are done one at a time, in any order, with others' between them.
- A flow may crash before or behind an operation: what it has written stays, who asked hears
  nothing.
- An operation may fail for a passing reason: then nothing of it has happened.
"""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from tavola.core.errors import StoreFailed, TavolaError
from tavola.flows.flow import Flow
from tests.drive import operations_in
from tests.sim.replicas import ReplicatedStore


class Crashed(NamedTuple):
    """Nobody knows how far the flow has come."""


Outcome = Any  # a reply, a `TavolaError` or `Crashed`


class Faults(NamedTuple):
    """How likely each fault is, at each step."""

    crash: float
    failure: float


NO_FAULTS = Faults(0, 0)


class Job:
    """A flow on its way: what it asks for, and the answers so far."""

    def __init__(self, flow: Flow[Any], ended: Callable[[Outcome], None]) -> None:
        self._flow = flow
        self._ended = ended
        self.running = True
        self._resume(lambda: next(flow))

    def step(self, store: ReplicatedStore, rng: random.Random, faults: Faults) -> None:
        """Do one operation; perhaps crash before it, or before its answer arrives."""
        crashing = rng.random() < faults.crash
        if not crashing or rng.random() < 0.5:
            index = rng.choice([n for n, answer in enumerate(self._answers) if answer is _OPEN])
            failing = rng.random() < faults.failure
            self._answers[index] = self._execute(store, index, failing=failing)
        if crashing:
            self._flow.close()
            self._end(Crashed())
        elif _OPEN not in self._answers:
            self._advance()

    def _execute(self, store: ReplicatedStore, index: int, *, failing: bool) -> Any:
        if failing:
            return StoreFailed()
        try:
            return store.execute(self._operations[index])
        except TavolaError as error:
            return error

    def _advance(self) -> None:
        errors = [answer for answer in self._answers if isinstance(answer, TavolaError)]
        if errors:
            self._resume(lambda: self._flow.throw(errors[0]))
        else:
            answer = self._answers if self._several else self._answers[0]
            self._resume(lambda: self._flow.send(answer))

    def _resume(self, go_on: Callable[[], Any]) -> None:
        try:
            request = go_on()
        except StopIteration as stop:
            self._end(stop.value)
        except TavolaError as error:
            self._end(error)
        else:
            self._several = isinstance(request, tuple)
            self._operations = operations_in(request)
            self._answers: list[Any] = [_OPEN] * len(self._operations)

    def _end(self, outcome: Outcome) -> None:
        self.running = False
        self._ended(outcome)


class Scheduler:
    """Runs many jobs, in an order that the seed decides."""

    def __init__(self, store: ReplicatedStore, rng: random.Random, faults: Faults) -> None:
        self.faults = faults
        self._store = store
        self._rng = rng
        self._jobs: list[Job] = []

    def __len__(self) -> int:
        return len(self._jobs)

    def start(self, flow: Flow[Any], ended: Callable[[Outcome], None]) -> None:
        """Begin a flow; `ended` is told how it ended."""
        job = Job(flow, ended)
        if job.running:
            self._jobs.append(job)

    def step(self) -> None:
        """Do one operation of one job."""
        job = self._rng.choice(self._jobs)
        job.step(self._store, self._rng, self.faults)
        if not job.running:
            self._jobs.remove(job)

    def run_all(self) -> None:
        """Step until nothing is left."""
        while self._jobs:
            self.step()


class _Open:
    """Stands for an answer that is not there yet."""


_OPEN = _Open()
