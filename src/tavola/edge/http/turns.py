"""What must not happen twice at once is done in turn, first come, first served.

Who writes into one conversation through this server does so in turn.

The log takes care of writers who meet: one wins the next number, the others try again. But each
lost race costs a write, and among dozens of writers somebody would lose until they are told
`busy`. Taking turns avoids races inside one process; those between processes stay the log's.

Who guesses passwords does so in turn as well: else many guesses would pass the limit together.
"""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock for each thing that is being worked on, gone when nobody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, thing: str) -> asyncio.Lock:
        """The lock to hold while working on a thing."""
        lock = self._locks.get(thing)
        if lock is None:
            lock = self._locks[thing] = asyncio.Lock()
        return lock
