"""`tavola seed`: a conversation from a text file."""

from pathlib import Path

import click

from tavola.app import Service
from tavola.core.errors import FileUnusable
from tavola.edge import clock
from tavola.edge.cli.common import as_json, command, on_store, settings_of
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.cli.reports import print_report
from tavola.edge.importers.report import Report
from tavola.edge.importers.script import parse
from tavola.edge.importers.seed import Scene, scene_of
from tavola.edge.importers.seed import seed as seed_scene

FILE_BYTES_MAX = 16 << 20


@command(writes=True)
@click.argument("file", type=click.Path(allow_dash=True))
@as_json
def seed(ctx: click.Context, /, file: str, *, as_json: bool) -> None:
    r"""Fill the store with a conversation from a text file.

    Each line `Name: text` is a message; a line that does not begin so, or is indented, continues
    the one before. Two people talk directly; more talk in a group named after the file. People
    are found by the handle that their name gives, or made. The messages are a minute apart and end
    a little before now. Seeding again changes nothing.

    \b
    tavola seed babylon5.txt
    printf 'Ann: Tea?\nBen: Always.\n' | tavola seed -
    """
    settings = settings_of(ctx)
    name = "seed" if file == "-" else Path(file).stem
    scene = scene_of(parse(_read(file)), name)
    with progress() as shown:
        report = on_store(settings, lambda service: _seed(service, scene, shown), write=True)
    print_report(report, as_json=as_json)


async def _seed(service: Service, scene: Scene, shown: Lines) -> Report:
    report = await seed_scene(service, scene, clock.now(), shown)
    await service.settle()
    return report


def _read(file: str) -> str:
    with click.open_file(file, "rb") as stream:
        content: bytes = stream.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise FileUnusable(f"{file}: larger than {FILE_BYTES_MAX >> 20} MB")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise FileUnusable(f"{file}: is not UTF-8 text") from None
