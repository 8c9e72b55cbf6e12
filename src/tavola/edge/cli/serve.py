"""`tavola serve`: the server."""

import asyncio
import contextlib
import errno
import signal
import socket
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import click
import structlog
import uvicorn

from tavola.app import open_service, server_of, with_secret
from tavola.core.errors import invalid
from tavola.edge import garbage
from tavola.edge.cli.common import EXIT_FAILED, command, settings_of
from tavola.edge.cli.confirm import is_loopback
from tavola.edge.feed.worker import Worker
from tavola.edge.http.server import build
from tavola.edge.logs import configure
from tavola.settings import Settings
from tavola.stores.sqlite import SQLiteStore

PORT = 8080
PORTS_TRIED = 100
DEMO_STORE = "sqlite:///tavola-demo.db"
KEEP_ALIVE_S = 75  # longer than proxies keep a connection to us, so that they close it, not we
SHUTDOWN_S = 3  # for requests at hand; the whole stop stays under five seconds

log = structlog.get_logger("tavola")


@command(writes=lambda flags: bool(flags["demo"]))  # which seeds
@click.option("--host", help="The address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="The port. [default: 8080, or the next free one]")
@click.option("--demo", is_flag=True, help="Serve demo people and conversations; loopback only.")
@click.option(
    "--with-worker/--without-worker",
    default=None,
    help="On DynamoDB: run the worker here. [default: without]",
)
@click.option("--log-requests/--no-log-requests", default=None, help="Log every request.")
def serve(ctx: click.Context, /, *, demo: bool, **flags: Any) -> None:
    r"""Serve the HTTP API and the web UI.

    \b
    tavola serve                            on tavola.db in this folder
    tavola serve --host 0.0.0.0 --port 80   for others
    tavola serve --demo                     with people to try it out
    tavola serve --with-worker --store 'dynamodb://chat?region=eu-west-1'
    """
    settings = settings_of(ctx, **flags)
    configure(settings.log_format)
    if demo:
        settings = _demo_settings(settings)
    listener = _listen(settings)
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(_serve(settings, listener, demo=demo))


def _new_loop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()


async def _serve(settings: Settings, listener: socket.socket, *, demo: bool) -> None:
    async with open_service(settings, worker=settings.with_worker) as service:
        people = None
        if demo:
            from tavola.edge.demo import seed_demo

            people = await seed_demo(service)
        service.settings = await with_secret(settings)
        app = build(server_of(service, people))
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=SHUTDOWN_S,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        server = _Server(config)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        url = _url_of(listener)
        store = service.store
        if isinstance(store, SQLiteStore):
            if store.lock:
                store.lock.announce(url)
            if not store.writable:
                log.warning("the store cannot be written; serving reads only")
        if isinstance(service.feed, Worker) and not settings.with_worker:
            await _look_for_worker(service.feed)
        server.ready_line = f"Tavola {version('tavola')} is ready at {url}"
        garbage.settle()
        await server.serve(sockets=[listener])


async def _look_for_worker(feed: Worker) -> None:
    if not await feed.is_followed():
        log.warning("inboxes do not follow yet: start `tavola worker` beside this server")


class _Server(uvicorn.Server):
    """Uvicorn without its signal handling, which would end the process before the store closes."""

    ready_line = ""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say where the server answers, once it does."""
        await super().startup(sockets)
        if self.started:
            click.echo(self.ready_line)
            sys.stdout.flush()

    def stop(self) -> None:
        """Finish what is at hand and end; a second time, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _demo_settings(settings: Settings) -> Settings:
    if not is_loopback(settings.host):
        raise invalid("host", "demo", "the demo has known passwords and serves loopback only")
    if settings.store == Settings().store:
        from msgspec.structs import replace

        return replace(settings, store=DEMO_STORE)
    return settings


def _listen(settings: Settings) -> socket.socket:
    """The listening socket: the named port or nothing, else 8080 or the next free one."""
    named = settings.port is not None
    ports = [settings.port or 0] if named else range(PORT, PORT + PORTS_TRIED)
    reason, code = "", "port_taken"
    for port in ports:
        try:
            return _bind(settings.host, port)
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno != errno.EADDRINUSE:  # another port would not help
                code = "cannot_listen"
                break
    where = f"{settings.host}:{settings.port if named else PORT}"
    click.echo(f"Error: cannot listen on {where}: {reason} [{code}]", err=True)
    sys.exit(EXIT_FAILED)


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
        listener.set_inheritable(True)
    except OSError:
        listener.close()
        raise
    return listener


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
