"""Garbage collection in a process that answers requests for a long time."""

import gc

YOUNG_MAX = 10_000  # new objects between two collections


def settle() -> None:
    """Leave alone what is there by now, and look less often: requests leave hardly any cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, 20)
