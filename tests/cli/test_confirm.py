"""Nobody writes to a table that is not on this machine without having named it."""

import os
from pathlib import Path

import click
import pytest

from tavola.core.errors import NotConfirmed
from tavola.edge.cli import main
from tavola.edge.cli.confirm import check_answer, confirm_table, is_on_loopback
from tavola.settings import TableAddress
from tests.cli.terminal import Terminal, typed

AT_AWS = TableAddress("chat", "eu-west-1")
AWS_URL = "dynamodb://chat?region=eu-west-1"

WRITING = [
    ("seed", "-"),
    ("import", "slack", "nothing.zip"),
    ("import", "jsonl", "-"),
    ("users", "add", "ann", "--no-password"),
    ("users", "password", "@ann", "--password-stdin"),
    ("feed", "rebuild"),
    ("table", "create"),
    ("table", "drop"),
    ("serve", "--demo", "--port", "0"),
]
READING = [
    ("export", "-"),
    ("users", "show", "@ann"),
    ("conversations", "list", "@ann"),
    ("table", "scan"),
    ("table", "query", "USERS"),
    ("table", "describe"),
    ("table", "list"),
    ("table", "partiql", "SELECT * FROM chat"),
    ("feed", "status"),
    ("patterns", "list"),
]


@pytest.fixture
def without_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who has none is told so before anything connects."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("endpoint", "local"),
    [
        (None, False),
        ("http://127.0.0.1:8000", True),
        ("http://127.255.0.9", True),
        ("https://[::1]:8000/", True),
        ("http://localhost:8000", True),
        ("http://LOCALHOST:8000", True),
        ("http://10.0.0.1:8000", False),
        ("http://0.0.0.0:8000", False),
        ("http://128.0.0.1", False),
        ("http://[::2]:8000", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.1\\.example.com", False),
        ("https://dynamodb.eu-west-1.amazonaws.com", False),
    ],
)
def test_only_addresses_of_this_machine_are_on_loopback(
    endpoint: str | None, *, local: bool
) -> None:
    assert is_on_loopback(AT_AWS._replace(endpoint=endpoint)) == local


@pytest.mark.parametrize("answer", ["", "Chat", "chat ", "y", "yes", "eu-west-1"])
def test_only_the_tables_name_is_a_yes(answer: str) -> None:
    check_answer(AT_AWS, "chat", "This writes.")
    with pytest.raises(NotConfirmed, match=r"This writes\..*called chat.*nothing was done"):
        check_answer(AT_AWS, answer, "This writes.")


def test_where_nobody_can_be_asked_the_error_says_what_to_type() -> None:
    with pytest.raises(NotConfirmed, match=r"table chat in eu-west-1 at AWS.*--yes chat\.$"):
        confirm_table(AT_AWS, None)


@pytest.mark.parametrize("address", [None, AT_AWS._replace(endpoint="http://127.0.0.1:8000")])
@pytest.mark.parametrize("yes", [None, "chat", "anything"])
def test_on_this_machine_nothing_is_asked(address: TableAddress | None, yes: str | None) -> None:
    confirm_table(address, yes)


def test_every_command_that_writes_asks_before_it_connects(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for words in WRITING:
        told = terminal.error("not_confirmed", 2, *words, "--store", AWS_URL, stdin="Ann: x\n")
        assert "--yes chat" in told
        wrong = (*words, "--yes", "chatt", "--store", AWS_URL)
        assert "'chatt'" in terminal.error("not_confirmed", 2, *wrong, stdin="Ann: x\n")


def test_what_only_reads_does_not_take_it() -> None:
    context = click.Context(main)
    for name, *rest in READING:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            command = command.get_command(context, rest[0])
        assert command is not None
        assert "yes" not in {option.name for option in command.params}


@pytest.mark.usefixtures("without_credentials")
def test_who_confirms_goes_on(terminal: Terminal) -> None:
    for words in WRITING[3:8]:
        confirmed = (*words, "--yes", "chat", "--store", AWS_URL)
        terminal.error("store_denied", 1, *confirmed, stdin="a password\n")


@pytest.mark.usefixtures("without_credentials")
def test_what_would_not_write_does_not_ask(terminal: Terminal) -> None:
    terminal.error("store_denied", 1, "feed", "rebuild", "--dry-run", "--store", AWS_URL)


def test_on_an_embedded_store_it_is_accepted_and_unused(terminal: Terminal) -> None:
    terminal.ok("users", "add", "ann", "--no-password", "--yes", "anything")
    terminal.ok("seed", "-", "--yes", "tavola.db", stdin="Ann: one\nBen: two\n")
    terminal.ok("users", "password", "@ann", "--password-stdin", "--yes", "", stdin="a password\n")
    terminal.ok("feed", "rebuild", "--yes", "x")
    terminal.ok("feed", "rebuild", "--dry-run", "--yes", "x")


@pytest.mark.usefixtures("without_credentials")
@pytest.mark.parametrize(
    ("answer", "code", "exit_code"),
    [
        ("no\n", "not_confirmed", 2),
        ("\n", "not_confirmed", 2),
        ("\x04", "not_confirmed", 2),
        ("chat\n", "store_denied", 1),
    ],
)
def test_on_a_terminal_the_name_is_asked_for(
    tmp_path: Path, answer: str, code: str, exit_code: int
) -> None:
    ended, shown = typed(tmp_path, answer, "feed", "rebuild", "--store", AWS_URL)
    assert "This writes to table chat in eu-west-1 at AWS.\r\n" in shown
    assert "Type the table's name to go on:" in shown
    assert shown.endswith(f"[{code}]\r\n")
    assert ended == exit_code
