"""The command `tavola`. Each subcommand lives in a module of this package, imported when used.

Exit codes: 0 done, 1 it failed, 2 it was called wrongly. Errors go to standard error.
"""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "serve": "tavola.edge.cli.serve:serve",
}


class Lazy(click.Group):
    """A group whose subcommands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The subcommand of a name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tavola", message="tavola %(version)s")
@click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="The settings file; TAVOLA_CONFIG, or tavola.toml in this folder.",
)
@click.option("--store", help="Where the items are, as sqlite:///PATH. [default: tavola.db here]")
@click.pass_context
def main(ctx: click.Context, /, **flags: Any) -> None:
    r"""Direct messages, groups and a user directory in one table.

    \b
    tavola serve --demo                       try it
    tavola --store sqlite:////srv/t.db serve  run it
    tavola COMMAND --help                     examples of each command
    """
    ctx.obj = flags
