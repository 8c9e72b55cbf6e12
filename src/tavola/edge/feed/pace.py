"""How often a worker does what it does again and again, in seconds."""

from typing import NamedTuple

from tavola.core import limits


class Pace(NamedTuple):
    """The intervals of a worker; see `core.limits` for the reason of each."""

    look_s: float = limits.STREAM_PAUSE_S
    shards_s: float = limits.SHARDS_INTERVAL_S
    checkpoint_s: float = limits.CHECKPOINT_INTERVAL_S
    idle_checkpoint_s: float = limits.CHECKPOINT_IDLE_S
    beat_s: float = limits.LEASE_BEAT_S
    lease_s: float = limits.LEASE_S
    lease_look_s: float = limits.LEASE_LOOK_S
