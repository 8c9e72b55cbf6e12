"""The command `python -m bench`."""

import asyncio
import tempfile
from pathlib import Path

import click
import uvloop

from bench.cases import CASES
from bench.figures import Figure
from bench.machine import look_at
from bench.report import print_report, write_json
from bench.world import World

ROOT = Path(__file__).parents[1]
MANY, MANY_QUICKLY = 1_000_000, 100_000
SECONDS, SECONDS_QUICKLY = 10.0, 3.0

_EXAMPLES = """Examples:
make bench
make bench ARGS="--quick"
make bench ARGS="--only closed --only open --seconds 30"
"""
_CASES_HELP = "\n".join(
    f"{name:13} {(case.__doc__ or '').splitlines()[0]}" for name, case in CASES.items()
)


@click.command(
    epilog=f"\b\n{_EXAMPLES}\n\n\b\nCases:\n{_CASES_HELP}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--only", multiple=True, type=click.Choice(list(CASES)), help="Only these cases.")
@click.option("--seconds", type=float, help="How long each load is measured. [default: 10]")
@click.option(
    "--quick", is_flag=True, help="3 seconds each, and 100,000 messages in place of 1,000,000."
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=ROOT / "bench" / "results" / "latest.json",
    help="Where to write the figures. [default: bench/results/latest.json]",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "build" / "bench",
    help="On the disk to measure; the large files stay here for the next run. "
    "[default: build/bench]",
)
def main(
    only: tuple[str, ...], seconds: float | None, json_file: Path, folder: Path, *, quick: bool
) -> None:
    """Measure `tavola serve`: each case starts a server of its own on a file of its own.

    The first run builds the large files, which takes a minute. Server and generator share the
    machine, so the table says how much CPU each took; for that it needs Linux.
    """
    folder.mkdir(parents=True, exist_ok=True)
    machine = look_at(folder)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=folder, prefix="run-") as temporary:
        world = World(
            seconds=seconds or (SECONDS_QUICKLY if quick else SECONDS),
            messages_many=MANY_QUICKLY if quick else MANY,
            folder=Path(temporary).resolve(),
            cache=folder.resolve() / "cache",
        )
        for name in only or CASES:
            click.echo(f"{name}: {(CASES[name].__doc__ or '').splitlines()[0]}", err=True)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                figures += runner.run(CASES[name](world))
    write_json(json_file, machine, figures)
    print_report(machine, figures)


if __name__ == "__main__":
    main()
