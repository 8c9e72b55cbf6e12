"""`tavola users erase`: nothing tells of somebody any more, and what does is named."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.serving import Serving
from tests.cli.terminal import Terminal

TALK = "Ann: a secret\nBen: hello\nAnn: more secrets\nCleo: hi\nAnn: again\n"


@pytest.fixture
def talked(terminal: Terminal) -> Terminal:
    """Ann, Ben and Cleo, who have written to each other in a group."""
    terminal.ok("seed", "-", stdin=TALK)
    terminal.ok("users", "set", "@ann", "--location", "Casa secreta", "--interest", "secret tea")
    return terminal


def test_nothing_tells_of_them_any_more(talked: Terminal) -> None:
    told = talked.ok("users", "erase", "@ann")
    assert told == "ann is erased, and nothing tells of them any more.\n"
    text = json.dumps(talked.items()).lower()
    assert "secret" not in text
    assert "@ann" not in text
    assert text.count('"deleted_at"') == 1 + 3
    talked.error("user_not_found", 1, "users", "show", "ann")
    talked.error("user_not_found", 1, "users", "erase", "@ann")
    talked.error("id_taken", 1, "users", "add", "anna", "--id", "ann")
    talked.ok("users", "add", "ann", "--id", "another-ann")


def test_repeating_it_changes_nothing(talked: Terminal) -> None:
    assert talked.json("users", "erase", "ann") == {"id": "ann", "left": []}
    before = talked.items()
    assert talked.json("users", "erase", "ann") == {"id": "ann", "left": []}
    assert talked.items() == before
    talked.error("user_not_found", 1, "users", "erase", "nobody")
    talked.error("invalid", 2, "users", "erase", "a#b")


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal in the folder of a running server."""
    folder: Path = tmp_path_factory.mktemp("beside")
    terminal = Terminal(folder)
    terminal.ok("seed", "-", stdin=TALK)
    with Serving(folder) as serving:
        yield terminal
        assert serving.stop() == 0


def test_beside_a_server_it_waits_for_its_feed(beside: Terminal) -> None:
    assert beside.json("users", "erase", "@ann") == {"id": "ann", "left": []}
    assert "secret" not in json.dumps(beside.items())
    assert beside.json("users", "erase", "ann") == {"id": "ann", "left": []}
