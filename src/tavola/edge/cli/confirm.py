"""Who writes to a table that is not on this machine types its name first, or gives it with `--yes`.

So no command writes into a company's table because a variable was still set. Endpoints on loopback
are not asked about; without an endpoint it is AWS's own. Nothing connects before the answer.
"""

import ipaddress
import sys
from urllib.parse import urlsplit

import click

from tavola.core.errors import NotConfirmed
from tavola.edge.cli.output import safe
from tavola.settings import TableAddress

yes_option = click.option(
    "--yes", metavar="NAME", help="The table's name: yes, write to it, wherever it is."
)


def confirm_table(address: TableAddress | None, yes: str | None) -> None:
    """Ask for the name of a table that is about to be written, unless it is on loopback.

    `yes` is what `--yes` said; no address is a store that is no table. Raises `NotConfirmed`.
    """
    if address is not None and not is_on_loopback(address):
        ask_for_name(address, yes, f"This writes to {place_of(address)}.")


def ask_for_name(address: TableAddress, yes: str | None, about: str) -> None:
    """Ask for a table's name, wherever it is, having said what it is about.

    Raises `NotConfirmed` for another name, and where there is nobody to ask.
    """
    if yes is None and is_attended():
        click.echo(f"{about}\nType the table's name to go on: ", nl=False, err=True)
        yes = sys.stdin.readline().strip()
    check_answer(address, yes, about)


def is_attended() -> bool:
    """Whether there is somebody to ask, who sees the question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def check_answer(address: TableAddress, answer: str | None, about: str) -> None:
    """Raises `NotConfirmed` unless the answer is the table's name."""
    if answer is None:
        raise NotConfirmed(f"{about} If that is meant, say so with --yes {address.table}.")
    if answer != address.table:
        raise NotConfirmed(
            f"{about} It is called {address.table}, not {safe(answer)!r}; nothing was done."
        )


def is_on_loopback(address: TableAddress) -> bool:
    """Whether a table's endpoint is on this machine."""
    return address.endpoint is not None and is_loopback(urlsplit(address.endpoint).hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place_of(address: TableAddress) -> str:
    """A table with where it is, for people."""
    return f"table {address.table} in {address.region} at {address.endpoint or 'AWS'}"
