"""What subcommands share: settings, the store, running, errors."""

import asyncio
import errno
import functools
import math
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from tavola.core.errors import FileUnusable, Invalid, NotConfirmed, TavolaError
from tavola.edge.cli.confirm import confirm_table, yes_option
from tavola.edge.cli.output import safe
from tavola.edge.cli.verbatim import verbatim
from tavola.settings import Settings, dynamodb_address, load

if TYPE_CHECKING:  # for a quick start of `--help`
    from tavola.app import Service

P = ParamSpec("P")
T = TypeVar("T")

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130  # as shells say it: 128 + SIGINT


class NumberRange(click.FloatRange):
    """Numbers between two bounds; `nan`, which is neither below nor above any, is none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """See `click.ParamType.convert`."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def settings_of(ctx: click.Context, **flags: Any) -> Settings:
    """The settings in force, with the flags of `tavola` and of this subcommand."""
    common = dict(ctx.find_root().obj or {})
    config = common.pop("config", None)
    return load({**common, **flags}, file=Path(config) if config else None)


def _remember(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    """A global option behind the subcommand counts as one before it."""
    if value is not None and option.name:
        ctx.find_root().obj[option.name] = value


def _global_option(name: str) -> click.Option:
    return click.Option([name], expose_value=False, callback=_remember, help="As for `tavola`.")


Declare = Callable[[Callable[..., Any]], click.Command]
Writes = Callable[[Mapping[str, Any]], bool]


def command(
    parent: click.Group | None = None, name: str | None = None, *, writes: bool | Writes = False
) -> Declare:
    """Make the function below a subcommand that gets the context and tells its errors.

    One that writes takes `--yes NAME`, and does not begin before the table is confirmed that the
    store setting names. Where only some calls write, `writes` tells which, by their options.
    """

    def declare(function: Callable[..., Any]) -> click.Command:
        checked = _confirmed(function, writes) if writes else function
        callback = click.pass_context(reports_errors(verbatim(checked)))
        make = parent.command if parent else click.command
        made: click.Command = make(name)(callback)
        if writes:
            yes_option(made)
        made.params += [_global_option("--store"), _global_option("--config")]
        return made

    return declare


def _confirmed(function: Callable[..., Any], writes: bool | Writes) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(ctx: click.Context, /, *args: Any, yes: str | None, **kwargs: Any) -> Any:
        if writes is True or (writes and writes(kwargs)):
            confirm_table(dynamodb_address(settings_of(ctx).store), yes)
        return function(ctx, *args, **kwargs)

    return wrapper


def group(name: str | None = None) -> Callable[[Callable[[], None]], click.Group]:
    """Make the function below a group of subcommands."""

    def declare(function: Callable[[], None]) -> click.Group:
        made = click.group(name)(verbatim(function))
        made.params += [_global_option("--store"), _global_option("--config")]
        return made

    return declare


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def reports_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Tell errors on standard error, and exit with 1, or 2 for wrong input."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except TavolaError as error:
            fail(error)
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads our output has gone: click ends quietly
                raise
            fail(FileUnusable(_told(error)))
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            sys.exit(EXIT_INTERRUPTED)

    return wrapper


def fail(error: TavolaError) -> NoReturn:
    """Tell an error and exit."""
    click.echo(f"Error: {safe(error)} [{error.code}]", err=True)
    sys.exit(EXIT_USAGE if isinstance(error, Invalid | NotConfirmed) else EXIT_FAILED)


def _told(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename is not None else ""
    return f"{where}{error.strerror or error}"


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a fresh event loop."""
    return asyncio.run(work)


def on_store(
    settings: Settings, work: Callable[["Service"], Awaitable[T]], *, write: bool = False
) -> T:
    """Do something on the store, opened for reading beside whoever writes, or for writing.

    Raises `StoreUnusable` for a table of somebody else, also one whose keys are like ours.
    """

    async def opened() -> T:
        from tavola.app import open_service
        from tavola.edge.logs import configure

        configure(settings.log_format)  # the feed may have to say something, not among the results
        async with open_service(settings, write=write) as service:
            await _check_is_ours(service)
            return await work(service)

    return run_async(opened())


async def _check_is_ours(service: "Service") -> None:
    if dynamodb_address(service.settings.store):
        from tavola.stores.dynamodb.store import DynamoDBStore  # others need not wait for it

        if isinstance(service.store, DynamoDBStore):
            await service.store.check_items()
