"""What a store counts about itself; the metrics page reads it."""

from bisect import bisect_left
from collections import Counter

BATCH_BOUNDS: tuple[int, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class StoreStats:
    """Operations by access pattern, and how many writes each commit held."""

    def __init__(self) -> None:
        self.batch_bounds: tuple[int, ...] = BATCH_BOUNDS
        self.operations: Counter[str] = Counter()
        self.batches = [0] * (len(BATCH_BOUNDS) + 1)  # by bound, the last one for all above
        self.batched_writes = 0

    def committed(self, writes: int) -> None:
        """Count a commit of so many writes."""
        self.batches[bisect_left(BATCH_BOUNDS, writes)] += 1
        self.batched_writes += writes
