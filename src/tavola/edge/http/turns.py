"""Who writes into one conversation through this server does so in turn, first come, first served.

The log takes care of writers who meet: one wins the next number, the others try again. But each
lost race costs a write, and among dozens of writers somebody would lose until they are told
`busy`. Taking turns avoids races inside one process; those between processes stay the log's.
"""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock for each conversation that is being written into, gone when nobody waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, conversation: str) -> asyncio.Lock:
        """The lock to hold while writing into a conversation."""
        lock = self._locks.get(conversation)
        if lock is None:
            lock = self._locks[conversation] = asyncio.Lock()
        return lock
