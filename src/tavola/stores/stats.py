"""What a store counts about itself; the metrics page reads it."""

from bisect import bisect_left
from collections import Counter, defaultdict

BATCH_BOUNDS: tuple[int, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class StoreStats:
    """By access pattern: operations, and request units; and how many writes each commit held.

    Units are those that DynamoDB charges: reads of 4 KB, writes of 1 KB.
    """

    def __init__(self) -> None:
        self.batch_bounds: tuple[int, ...] = BATCH_BOUNDS
        self.operations: Counter[str] = Counter()
        self.read_units: defaultdict[str, float] = defaultdict(float)
        self.write_units: defaultdict[str, float] = defaultdict(float)
        self.batches = [0] * (len(BATCH_BOUNDS) + 1)  # by bound, the last one for all above
        self.batched_writes = 0

    def consumed(self, pattern: str, read: float, write: float) -> None:
        """Count the units that one call was charged."""
        if read:
            self.read_units[pattern] += read
        if write:
            self.write_units[pattern] += write

    def committed(self, writes: int) -> None:
        """Count a commit of so many writes."""
        self.batches[bisect_left(BATCH_BOUNDS, writes)] += 1
        self.batched_writes += writes
