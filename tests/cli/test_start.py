"""The command as such: help, quick start, wrong calls, files that cannot be used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from tavola.edge.cli import COMMANDS, main
from tests.cli.terminal import Terminal

NOBODY = 65534


def test_help_imports_no_subcommand() -> None:
    script = (
        "import sys; sys.argv = ['tavola', '--help']\n"
        "from tavola.edge.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'uvicorn', 'starlette', 'rich', 'sqlite3', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_help_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name].help


@pytest.mark.parametrize(
    "words",
    [
        ("rubbish",),
        ("users", "rubbish"),
        ("users", "add"),
        ("users", "list", "--rubbish"),
        ("users", "list", "--limit", "0"),
        ("conversations", "read"),
        ("import", "slack"),
        ("--store", "postgres://x", "users", "list"),
        ("--store", "sqlite:///", "users", "list"),
        ("users", "list", "--store", "tavola.db"),
        ("--config", "nowhere.toml", "users", "list"),
    ],
)
def test_a_wrong_call_is_exit_code_2(terminal: Terminal, words: tuple[str, ...]) -> None:
    result = terminal.run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("users", "list"),
        ("users", "show", "ann"),
        ("conversations", "list", "ann"),
        ("conversations", "read", "dm:a:b"),
        ("table", "scan"),
        ("table", "query", "USERS"),
        ("export", "out.jsonl"),
        ("token", "ann"),
    ],
)
def test_reading_makes_no_store(terminal: Terminal, words: tuple[str, ...]) -> None:
    told = terminal.error("store_unusable", 1, *words)
    assert "is not there" in told
    assert list(terminal.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("seed", "nowhere.txt"), "No such file"),
        (("seed", "/"), "Is a directory"),
        (("import", "slack", "nowhere.zip"), "No such file"),
        (("import", "slack", "/"), "Is a directory"),
        (("import", "jsonl", "nowhere.jsonl"), "No such file"),
        (("import", "jsonl", "/"), "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    terminal: Terminal, words: tuple[str, ...], text: str
) -> None:
    told = terminal.error("file_unusable", 1, *words)
    assert text in told
    assert words[-1] in told
    assert not terminal.store.exists()


def test_a_folder_that_is_not_there_is_named(terminal: Terminal) -> None:
    terminal.ok("users", "add", "ann")
    terminal.error("file_unusable", 1, "export", terminal.folder / "nowhere" / "x.jsonl")
    terminal.error("file_unusable", 1, "export", terminal.folder)


def test_a_store_in_a_folder_that_is_not_there_is_told(terminal: Terminal) -> None:
    store = f"sqlite:///{terminal.folder}/nowhere/t.db"
    assert terminal.run("--store", store, "users", "add", "ann").exit_code == 1


def test_another_programs_file_is_left_alone(terminal: Terminal) -> None:
    terminal.store.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    before = terminal.store.read_bytes()
    terminal.error("store_unusable", 1, "users", "list")
    terminal.error("store_unusable", 1, "users", "add", "ann")
    assert terminal.store.read_bytes() == before


def test_store_and_config_may_stand_behind_the_command(terminal: Terminal, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    terminal.ok("users", "add", "ann", "--store", other)
    assert len(terminal.json("users", "--store", other, "list")["users"]) == 1
    (tmp_path / "t.toml").write_text('bucket = "hour"\n')
    terminal.ok("users", "list", "--config", tmp_path / "t.toml", "--store", other)


def test_a_file_without_permission_is_named(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("Ann: a\nBen: b\n")
    file.chmod(0)
    with nobody_if_superuser():
        assert "Permission denied" in terminal.error("file_unusable", 1, "seed", file)


@contextmanager
def nobody_if_superuser() -> Iterator[None]:
    """The superuser may read every file; then the test runs as nobody."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_an_error_cannot_steer_the_terminal(terminal: Terminal) -> None:
    words = ("--store", f"sqlite:///{terminal.folder}/\x1b]0;title\x07.db", "users", "list")
    assert not {"\x1b", "\x07"} & set(terminal.error("store_unusable", 1, *words))
