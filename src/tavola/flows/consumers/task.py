"""What a consumer answers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tavola.core.apply import Change
from tavola.core.times import Bucketing
from tavola.flows.flow import Flow


class Task(NamedTuple):
    """Work that follows from a change. `start` makes a fresh flow at each try."""

    change: Change
    start: Callable[[], Flow[None]]


Consumer = Callable[[Sequence[Change], Bucketing], list[Task]]
