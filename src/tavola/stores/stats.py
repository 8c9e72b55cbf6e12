"""What a store counts about itself, and what a piece of work consumes of it.

The metrics page reads the first; `measured` tells the second.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tavola.core.units import Units

BATCH_BOUNDS: tuple[int, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Spent:
    """By access pattern: operations, and request units.

    Units are those that DynamoDB charges: reads of 4 KB, writes of 1 KB.
    """

    def __init__(self) -> None:
        self.operations: Counter[str] = Counter()
        self.read_units: defaultdict[str, float] = defaultdict(float)
        self.write_units: defaultdict[str, float] = defaultdict(float)

    @property
    def units(self) -> Units:
        """The units of all patterns together."""
        return Units(sum(self.read_units.values(), 0.0), sum(self.write_units.values(), 0.0))

    def _add(self, pattern: str, read: float, write: float) -> None:
        if read:
            self.read_units[pattern] += read
        if write:
            self.write_units[pattern] += write


Meters = tuple[Spent, ...]

_METERS: ContextVar[Meters] = ContextVar("meters", default=())


@contextmanager
def measured() -> Iterator[Spent]:
    """Tell what is asked of stores inside, and what that consumes.

    Tasks that are started inside count too; an outer `measured` counts what an inner one does.
    """
    spent = Spent()
    token = _METERS.set((*_METERS.get(), spent))
    try:
        yield spent
    finally:
        _METERS.reset(token)


def meters() -> Meters:
    """Those who measure here, for work that is counted elsewhere."""
    return _METERS.get()


class StoreStats(Spent):
    """Everything since the store was opened; and how many writes each commit held."""

    def __init__(self) -> None:
        super().__init__()
        self.batch_bounds: tuple[int, ...] = BATCH_BOUNDS
        self.batches = [0] * (len(BATCH_BOUNDS) + 1)  # by bound, the last one for all above
        self.batched_writes = 0

    def asked(self, pattern: str) -> None:
        """Count an operation."""
        self.operations[pattern] += 1
        for spent in _METERS.get():
            spent.operations[pattern] += 1

    def answered(self, pattern: str, read: float) -> None:
        """Count an operation that read so many units, in one step: an inbox asks thousands."""
        self.operations[pattern] += 1
        self.read_units[pattern] += read
        for spent in _METERS.get():
            spent.operations[pattern] += 1
            spent.read_units[pattern] += read

    def consumed(
        self, pattern: str, read: float, write: float, measuring: Meters | None = None
    ) -> None:
        """Count the units that one call was charged; who measures is told, by default here."""
        self._add(pattern, read, write)
        for spent in _METERS.get() if measuring is None else measuring:
            spent._add(pattern, read, write)

    def committed(self, writes: int) -> None:
        """Count a commit of so many writes."""
        self.batches[bisect_left(BATCH_BOUNDS, writes)] += 1
        self.batched_writes += writes
