"""Drives flows by hand: against a script of expected requests, or on the memory store.

The memory store never waits, so its coroutines are run without an event loop.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

from tavola.core.errors import TavolaError
from tavola.core.operations import Operation, Request
from tavola.flows.flow import Flow
from tavola.stores.memory import MemoryStore

T = TypeVar("T")


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("the coroutine waited")


def play(flow: Flow[T], *steps: tuple[Request, Any]) -> T:
    """Run a flow against a script: each request must equal the expected one; then the reply.

    An answer that is an exception is thrown into the flow, as a store would raise it.
    """
    answer: Any = None
    for number, (expected, next_answer) in enumerate(steps, start=1):
        try:
            request = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        except StopIteration as stop:
            raise AssertionError(f"ended before step {number} with {stop.value!r}") from stop
        assert request == expected, f"step {number}"
        answer = next_answer
    try:
        request = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    except StopIteration as stop:
        reply: T = stop.value
        return reply
    raise AssertionError(f"after the last step came {request!r}")


def operations_in(request: Request) -> tuple[Operation, ...]:
    """The operations of a request, be it one or several."""
    return request if isinstance(request, tuple) else (request,)


class World:
    """A memory store with the operations that were done on it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.done: list[Operation] = []

    def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end; errors of the catalogue go into it, and out of it."""
        try:
            request = next(flow)
            while True:
                try:
                    answer = self.answer(request)
                except TavolaError as error:
                    request = flow.throw(error)
                else:
                    request = flow.send(answer)
        except StopIteration as stop:
            reply: T = stop.value
            return reply

    def answer(self, request: Request) -> Any:
        """Do what a flow asks for."""
        self.done += operations_in(request)
        if isinstance(request, tuple):
            return [at_once(self.store.execute(operation)) for operation in request]
        return at_once(self.store.execute(request))

    def run_all(self, *operations: Operation) -> None:
        """Do operations one after another that are not counted."""
        for operation in operations:
            at_once(self.store.execute(operation))

    def patterns(self, flow: Flow[Any]) -> list[str]:
        """The access patterns that a flow uses, in order, one for each operation."""
        before = len(self.done)
        self.run(flow)
        return [operation.pattern for operation in self.done[before:]]
