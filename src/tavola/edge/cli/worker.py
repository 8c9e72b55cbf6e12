"""`tavola worker`: follows the stream of a table."""

import asyncio
import signal
import sys
from importlib.metadata import version

import click
from prometheus_client import start_http_server

from tavola.app import open_service
from tavola.core.errors import invalid
from tavola.edge.cli.common import command, run_async, settings_of
from tavola.edge.http.metrics import registry_for
from tavola.edge.logs import configure
from tavola.settings import Settings, dynamodb_address


@command(writes=lambda _: False)  # nobody is there to be asked; `--yes` is accepted all the same
@click.option("--metrics-port", type=click.IntRange(1, 65535), help="Show metrics on this port.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="And this address.")
def worker(ctx: click.Context, /, *, metrics_port: int | None, metrics_host: str) -> None:
    r"""Follow a DynamoDB table's stream: move inboxes, copy names.

    Start as many as you like, for safety: one is at work, the others wait until it ends or gives
    no sign of life for half a minute. `tavola serve --with-worker` has one inside. An embedded
    store needs none. Like `serve`, it does not ask for the table's name.

    \b
    tavola worker --store 'dynamodb://chat?region=eu-west-1'
    tavola worker --metrics-port 9100
    """
    settings = settings_of(ctx)
    address = dynamodb_address(settings.store)
    if address is None:
        raise invalid("store", "store", "must be a DynamoDB table: others are followed by `serve`")
    configure(settings.log_format)
    run_async(_work(settings, address.table, metrics_port, metrics_host))


async def _work(settings: Settings, table: str, port: int | None, host: str) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with open_service(settings, worker=True) as service:
        if port is not None:
            registry = registry_for(service.store.stats, service.feed)
            start_http_server(port, host, registry)
        click.echo(f"Tavola {version('tavola')} follows the table {table}")
        sys.stdout.flush()
        await ended.wait()
