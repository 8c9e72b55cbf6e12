"""The command `tavola`. Each subcommand lives in a module of this package, imported when used.

Exit codes: 0 done, 1 it failed, 2 it was called wrongly, 130 interrupted. Errors go to standard
error with their stable code.
"""

from importlib import import_module
from typing import Any, NamedTuple

import click

from tavola.edge.cli.verbatim import verbatim


class Entry(NamedTuple):
    """Where a subcommand is, and its short help: the first line of its own."""

    place: str
    help: str


COMMANDS = {
    "serve": Entry("serve:serve", "Serve the HTTP API and the web UI."),
    "worker": Entry("worker:worker", "Follow a DynamoDB table's stream: move inboxes, copy names."),
    "seed": Entry("seed:seed", "Fill the store with a conversation from a text file."),
    "import": Entry("imports:imports", "Bring in a Slack export, or what `tavola export` wrote."),
    "export": Entry("export:export", "Write everything into a file, a line of JSON for each item."),
    "copy": Entry("copy:copy", "Copy a whole store into an empty one."),
    "backup": Entry(
        "backup:backup", "Copy the SQLite file as it is at this moment, beside a running server."
    ),
    "restore": Entry(
        "backup:restore", "Put a backup in the place of the SQLite file. Stop its server first."
    ),
    "users": Entry(
        "users:users", "Make, show, change, list, export and erase users, and set their passwords."
    ),
    "groups": Entry(
        "groups:groups", "Make, show, rename and delete groups, and let people in and out."
    ),
    "token": Entry("token:token", "Mint a token with which a host app calls for a user."),
    "rules": Entry("rules:rules", "Check rules, try them on a user, and apply them to all."),
    "cognito": Entry(
        "cognito:cognito", "See who is in a Cognito user pool, and make users of them here."
    ),
    "postgres": Entry(
        "postgres:postgres", "Bring the users of a table in Postgres here, and keep them so."
    ),
    "conversations": Entry("conversations:conversations", "List and read conversations."),
    "feed": Entry(
        "feed:feed", "See how far the change feed has come, and derive again what it writes."
    ),
    "doctor": Entry(
        "doctor.command:doctor",
        "Look for what is wrong in the store, say what it means, and mend it.",
    ),
    "table": Entry("table:table", "Make, describe and drop the table, and look at its items."),
    "model": Entry("model:model", "Write the table's model for other tools and for people."),
    "costs": Entry(
        "costs:costs", "Show what each use case costs on DynamoDB, in units and dollars."
    ),
    "patterns": Entry(
        "patterns:patterns", "Show the access patterns, what each asks and costs, and run them."
    ),
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
        module, _, attribute = COMMANDS[name].place.partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tavola", message="tavola %(version)s")
@click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="The settings file; TAVOLA_CONFIG, or tavola.toml in this folder.",
)
@click.option(
    "--store",
    help="Where the items are: sqlite:///PATH or dynamodb://TABLE?region=REGION. "
    "[default: tavola.db here]",
)
@click.pass_context
@verbatim
def main(ctx: click.Context, /, **flags: Any) -> None:
    r"""Direct messages, groups and a user directory in one table.

    \b
    tavola serve --demo                       try it
    tavola --store sqlite:////srv/t.db serve  run it
    tavola COMMAND --help                     examples of each command
    """
    ctx.obj = flags
