"""What a function keeps from one invocation to the next: an event loop, and what is open on it.

Nothing is made when a module is imported. A container may be a copy of another one's memory, taken
behind the imports: ids, connections and chance that both had from there would be the same ones.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Generic, TypeVar

from tavola.edge import garbage

T = TypeVar("T")
R = TypeVar("R")


class Container(Generic[T]):
    """Opens something at the first invocation, and hands it to each."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._opened = opened
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stack = AsyncExitStack()
        self._held: T | None = None

    def run(self, work: Callable[[T], Awaitable[R]]) -> R:
        """Do something with what is open. What cannot be opened is tried anew the next time."""
        if self._loop is None:
            random.seed()  # pauses between attempts are at random, in each copy others
            self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)  # where the adapter of HTTP looks for it
        return self._loop.run_until_complete(self._do(work))

    async def _do(self, work: Callable[[T], Awaitable[R]]) -> R:
        if self._held is None:
            self._held = await self._stack.enter_async_context(self._opened())
            garbage.settle()
        return await work(self._held)

    def close(self) -> None:
        """Close what is open. A container that is thrown away does not: nothing is lost with it."""
        if self._loop is not None:
            self._loop.run_until_complete(self._stack.aclose())
            self._loop.close()
            asyncio.set_event_loop(None)
        self._loop = self._held = None
