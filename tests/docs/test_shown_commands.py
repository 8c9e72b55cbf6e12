"""Every command that a page or a service's unit shows is one: its name, options and arguments."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tavola.edge.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/server/*.service")]
BLOCKS = re.compile(r"^ *```sh\n(.*?)^ *```$", re.M | re.S)
NAMES = "|".join(("--store", *COMMANDS))  # elsewhere `tavola` is a user, a folder or an image
CALLS = re.compile(
    rf"""(?<![\w-])tavola[ ]((?:{NAMES})(?!\S)(?:[^\n|&;<>()#"']|"[^"]*"|'[^']*')*)"""
)
STARTS = re.compile(r"^ExecStart=(.*)$", re.M)


def commands(page: Path) -> Iterator[list[str]]:
    """What stands behind `tavola`, up to the end of the command."""
    text = page.read_text()
    for block in (*BLOCKS.findall(text), *STARTS.findall(text)):
        for words in CALLS.findall(block.replace("\\\n", " ")):
            yield shlex.split(words)


SHOWN = sorted(
    {(page.name, shlex.join(words)) for page in PAGES for words in commands(page) if words}
)


@pytest.mark.parametrize(("page", "words"), SHOWN)
def test_a_command_that_is_shown_can_be_typed(page: str, words: str) -> None:
    parse(main, shlex.split(words))


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Take a command apart as its call would, without doing it."""
    context = command.make_context(command.name, words, parent=parent)
    if isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        parse(found, rest, context)


def test_commands_are_found() -> None:
    assert {("servers.md", "restore /var/lib/tavola-backups/tavola-20261121T031500Z.db")} < set(
        SHOWN
    )
    assert ("tavola.service", "serve") in SHOWN
