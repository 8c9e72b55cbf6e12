"""`tavola backup` and `tavola restore`: the SQLite file, as it was at one moment."""

import itertools
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from tavola.core.errors import invalid
from tavola.edge.cli.common import as_json, command, settings_of
from tavola.edge.cli.output import print_json
from tavola.edge.cli.progress import Lines, progress
from tavola.settings import Settings, sqlite_path
from tavola.stores.sqlite import backup as files

_NAME = re.compile(r"tavola-\d{8}T\d{6}Z\.db")
_MEGABYTE = 1_000_000


class BackedUp(msgspec.Struct):
    """Where a backup is, what it holds, and which older ones were removed."""

    path: str
    bytes: int
    items: int
    removed: list[str]


class Restored(msgspec.Struct):
    """What the store holds now, and where what was there before is."""

    path: str
    bytes: int
    items: int
    aside: str | None


@command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", help="Remove older ones in the folder but N."
)
@as_json
def backup(ctx: click.Context, /, target: Path, *, keep: int | None, as_json: bool) -> None:
    r"""Copy the SQLite file as it is at this moment, beside a running server.

    TARGET is a new file, or a folder that gets one named after the time. The copy is checked
    before it has its name; nobody waits for it. A table of DynamoDB has point-in-time recovery;
    `tavola copy` takes it into a file.

    \b
    tavola backup /backups --keep 14
    tavola backup before-upgrade.db
    """
    store = _file_of(settings_of(ctx))
    if keep and not target.is_dir():
        raise invalid("keep", "folder", "goes with a folder, which TARGET is not")
    file = target / f"tavola-{_stamp()}.db" if target.is_dir() else target
    with progress() as shown:
        made = files.back_up(store, file, _Steps(shown).told)
    removed = _remove_older(made.path, keep) if keep else []
    if as_json:
        print_json(BackedUp(str(made.path), made.bytes, made.items, [str(one) for one in removed]))
        return
    click.echo(f"{made.path}: {made.items:,} items, {made.bytes / _MEGABYTE:,.1f} MB.")
    for one in removed:
        click.echo(f"Removed {one}.")


@command()
@click.argument("source", type=click.Path(path_type=Path))
@as_json
def restore(ctx: click.Context, /, source: Path, *, as_json: bool) -> None:
    r"""Put a backup in the place of the SQLite file. Stop its server first.

    What was there is kept beside it under another name, so nothing is lost by it.

    \b
    tavola restore /backups/tavola-20261121T080000Z.db
    tavola --store sqlite:///try.db restore before-upgrade.db
    """
    store = _file_of(settings_of(ctx))
    if source.resolve() == store.resolve():
        raise invalid("source", "store", "is the store itself")
    aside = _free(store.with_name(f"{store.name}.before-{_stamp()}"))
    with progress() as shown:
        made = files.restore(source, store, aside, _Steps(shown).told)
    kept = str(aside) if aside.exists() else None
    if as_json:
        print_json(Restored(str(made.path), made.bytes, made.items, kept))
        return
    click.echo(f"{made.path}: {made.items:,} items, {made.bytes / _MEGABYTE:,.1f} MB.")
    if kept:
        click.echo(f"What was there is in {kept}.")


def _file_of(settings: Settings) -> Path:
    path = sqlite_path(settings.store)
    if path is None:
        raise invalid("store", "sqlite", "must be a SQLite file: tables are backed up by AWS")
    return path


def _free(path: Path) -> Path:
    """The path, with a number behind it where something of that second is there already."""
    names = (path.with_name(f"{path.name}-{n}") for n in itertools.count(2))
    return next(one for one in itertools.chain([path], names) if not os.path.lexists(one))


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def _remove_older(made: Path, keep: int) -> list[Path]:
    """Of what this command has made there all but the newest; `made` stays, whatever clocks say."""
    others = sorted(
        path for path in made.parent.iterdir() if _NAME.fullmatch(path.name) and path != made
    )
    older = others[: max(0, len(others) - (keep - 1))]
    for path in older:
        path.unlink()
    return older


class _Steps:
    """Tells a progress that wants steps of one that tells sums."""

    def __init__(self, shown: Lines) -> None:
        self._shown = shown
        self._done = 0

    def told(self, done: int, total: int) -> None:
        """So many pages are copied."""
        if self._done == 0:
            self._shown.stage("pages", total)
        self._shown.advance(done - self._done)
        self._done = done
