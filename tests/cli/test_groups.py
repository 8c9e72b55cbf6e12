"""`tavola groups`, alone on a store and beside a running server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.serving import Serving
from tests.cli.terminal import Terminal


@pytest.fixture(params=["alone", "beside a server"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on a store with ann and ben."""
    terminal = Terminal(tmp_path)
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    if request.param == "alone":
        yield terminal
        return
    with Serving(tmp_path) as serving:
        yield terminal
        assert serving.stop() == 0


def test_a_group_lives_from_its_making_to_its_end(town: Terminal) -> None:
    words = ("--name", "The Choir", "--admin", "@ann", "--private")
    made = town.json("groups", "add", "choir", *words)
    assert (made["id"], made["name"], made["visibility"]) == ("choir", "The Choir", "private")
    assert town.json("groups", "show", "choir") == made
    joined = town.json("groups", "join", "choir", "@ben", "--no-history")
    assert (joined["user_id"], joined["role"]) == ("ben", "member")
    assert town.json("groups", "join", "choir", "ben", "--role", "admin")["role"] == "admin"
    rows = town.json("groups", "members", "choir")["users"]
    assert [(row["id"], row["role"]) for row in rows] == [("ann", "admin"), ("ben", "admin")]
    assert len(town.json("groups", "members", "choir", "--limit", "1")["users"]) == 1
    assert "ann is not in choir" in town.ok("groups", "leave", "choir", "ann")
    assert town.ok("groups", "members", "choir").endswith("1 members\n")
    assert town.json("groups", "rename", "choir", "Singers", "--listed") == made | {
        "name": "Singers",
        "visibility": "listed",
    }
    named = {"id": "choir", "name": "Singers", "visibility": "listed"}
    assert town.json("groups", "list")["groups"] == [named]
    left = town.json("groups", "leave", "choir", "@ben")
    assert left == {"group_id": "choir", "user": "@ben", "member": False}
    gone = town.json("groups", "delete", "choir", "--purge")
    assert gone == {"id": "choir", "deleted": True, "log": "purge"}
    assert town.json("groups", "list")["groups"] == []
    town.error("not_found", 1, "groups", "show", "choir")
    town.error("id_taken", 1, "groups", "add", "choir")


def test_a_group_whose_admin_is_nobody_is_not_made(town: Terminal) -> None:
    town.error("user_not_found", 1, "groups", "add", "choir", "--admin", "@nobody")
    assert town.json("groups", "list")["groups"] == []


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("add", "a#b"), "invalid", 2),
        (("add", "club", "--name", " "), "invalid", 2),
        (("show", "none"), "not_found", 1),
        (("members", "none"), "not_found", 1),
        (("join", "none", "ann"), "not_found", 1),
        (("leave", "none", "ann"), "not_found", 1),
        (("rename", "none", "x"), "not_found", 1),
        (("delete", "none"), "not_found", 1),
    ],
)
def test_what_cannot_be_is_told(
    terminal: Terminal, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    terminal.ok("users", "add", "ann", "--id", "ann")
    terminal.error(code, exit_code, "groups", *words)


def test_names_cannot_steer_the_terminal(terminal: Terminal) -> None:
    terminal.ok("users", "add", "ann")
    terminal.ok("groups", "add", "club", "--name", "[bold]club[/bold]")
    assert "[bold]club[/bold]" in terminal.ok("groups", "list")
