"""Progress on standard error: a bar on a terminal, a line for each part of the work elsewhere."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import TaskID


class Lines:
    """A line as each part of the work begins."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is left open."""

    def stage(self, name: str, total: int | None) -> None:
        """See `Progress.stage`."""
        click.echo(f"{name} …" if total is None else f"{name}: {total:,} …", err=True)

    def advance(self, steps: int = 1) -> None:
        """See `Progress.advance`."""


class Silent(Lines):
    """Nothing: the results themselves are seen to come."""

    def stage(self, name: str, total: int | None) -> None:
        """See `Progress.stage`."""


class Bar(Lines):
    """A bar for each part of the work."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
        self._bars = Progress(*columns, Elapsed(), console=Console(stderr=True))
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the bars as they are."""
        if error is None:
            self._finish()
        self._bars.stop()

    def stage(self, name: str, total: int | None) -> None:
        """See `Progress.stage`."""
        self._finish()
        self._task = self._bars.add_task(name, total=total)

    def advance(self, steps: int = 1) -> None:
        """See `Progress.advance`."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def _finish(self) -> None:
        if self._task is not None:
            task = next(one for one in self._bars.tasks if one.id == self._task)
            done = task.total if task.total is not None else max(task.completed, 1)
            self._bars.update(self._task, total=done, completed=done)


def progress() -> Lines:
    """What fits where standard error goes."""
    return Bar() if sys.stderr.isatty() else Lines()
