"""What an import did, for people and for machines."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """Something that could not be taken as it is: where it stands, and why."""

    where: str
    at: str
    reason: str


class Report(msgspec.Struct):
    """Counts of what was added and of what was there, and what could not be read."""

    users_added: int = 0
    users_there: int = 0
    groups: int = 0
    direct: int = 0
    memberships_added: int = 0
    messages_added: int = 0
    messages_there: int = 0
    unreadable: list[Problem] = []
    cut: list[Problem] = []
    refused: list[Problem] = []

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return bool(self.users_added or self.memberships_added or self.messages_added)


class Progress(Protocol):
    """Tells somebody who waits how far it has come."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin another part of the work, of so many steps."""
        ...

    def advance(self, steps: int = 1) -> None:
        """So many steps are done."""
        ...


class Silent:
    """Nobody waits."""

    def stage(self, name: str, total: int | None) -> None:
        """See `Progress.stage`."""

    def advance(self, steps: int = 1) -> None:
        """See `Progress.advance`."""


def told(problems: Sequence[Problem], lines_max: int) -> list[str]:
    """Problems as lines, the rest counted."""
    lines = [
        f"{problem.where}{f' at {problem.at}' if problem.at else ''}: {problem.reason}"
        for problem in problems[:lines_max]
    ]
    left = len(problems) - lines_max
    return [*lines, f"… and {left:,} more; --json lists all"] if left > 0 else lines
