"""What subcommands share: settings, running, errors and output."""

import asyncio
import functools
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from tavola.core.errors import Invalid, TavolaError
from tavola.settings import Settings, load

P = ParamSpec("P")
T = TypeVar("T")

EXIT_FAILED = 1
EXIT_USAGE = 2


def settings_of(ctx: click.Context, **flags: Any) -> Settings:
    """The settings in force, with the flags of `tavola` and of this subcommand."""
    common = dict(ctx.find_root().obj or {})
    config = common.pop("config", None)
    return load({**common, **flags}, file=Path(config) if config else None)


def reports_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Tell errors of the catalogue on standard error, and exit with 1, or 2 for wrong input."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except TavolaError as error:
            fail(error)

    return wrapper


def fail(error: TavolaError) -> NoReturn:
    """Tell an error and exit."""
    click.echo(f"Error: {error} [{error.code}]", err=True)
    sys.exit(EXIT_USAGE if isinstance(error, Invalid) else EXIT_FAILED)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a fresh event loop."""
    return asyncio.run(work)
