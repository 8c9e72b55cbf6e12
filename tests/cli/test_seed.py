"""`tavola seed`: a script becomes a conversation, once."""

from pathlib import Path

import pytest

from tavola.edge import clock
from tests.cli.terminal import Terminal

SCRIPT = """Person 1: Have you seen it?
Person 2: Not yet.
I was away.

  Note: for a week
Person 1: 🍵 https://example.com/a:b
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A file with a conversation of two."""
    file = tmp_path / "tea time.txt"
    file.write_text(SCRIPT)
    return file


def bodies(terminal: Terminal, conversation: str) -> list[str]:
    """What was said, oldest first."""
    words = ("conversations", "read", conversation, "--limit", "1000")
    return [message["body"] for message in reversed(terminal.json(*words)["messages"])]


def test_two_people_talk_directly(terminal: Terminal, script: Path) -> None:
    report = terminal.json("seed", script)
    assert (report["users_added"], report["messages_added"], report["direct"]) == (2, 3, 1)
    assert terminal.json("users", "show", "@person-1")["display_name"] == "Person 1"
    assert bodies(terminal, "dm:person-1:person-2") == [
        "Have you seen it?",
        "Not yet.\nI was away.\n\nNote: for a week",
        "🍵 https://example.com/a:b",
    ]


def test_seeding_twice_changes_nothing(terminal: Terminal, script: Path) -> None:
    """The old script made everything again each time."""
    terminal.ok("seed", script)
    before = terminal.items()
    report = terminal.json("seed", script)
    assert (report["users_added"], report["messages_added"], report["messages_there"]) == (0, 0, 3)
    assert terminal.items() == before
    assert "Nothing new" in terminal.ok("seed", script)


def test_seeded_times_are_a_minute_apart_and_past(terminal: Terminal) -> None:
    """The old seeds were written into the future."""
    script = "".join(f"Person {n % 2 + 1}: {n}\n" for n in range(100))
    terminal.ok("seed", "-", stdin=script)
    words = ("conversations", "read", "dm:person-1:person-2", "--limit", "100")
    times = [message["created_at"] for message in reversed(terminal.json(*words)["messages"])]
    assert times == sorted(set(times))
    assert times[-1] < clock.now()
    assert times[0] > clock.ago(101 * 60)


def test_more_than_two_talk_in_a_group_of_the_files_name(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "Weekend_trip.txt"
    file.write_text("A: one\nB: two\n花子: three\n")
    report = terminal.json("seed", file)
    assert (report["groups"], report["memberships_added"], report["users_added"]) == (1, 3, 3)
    (row,) = terminal.json("conversations", "list", "@person-a")["conversations"]
    assert (row["conversation"], row["title"]) == ("group:weekend_trip", "Weekend trip")
    assert row["unread"] == 2
    before = terminal.items()
    terminal.ok("seed", file)
    assert terminal.items() == before


def test_who_has_the_handle_already_is_the_one_who_speaks(terminal: Terminal) -> None:
    terminal.ok("users", "add", "Ann", "--id", "app-1")
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    assert bodies(terminal, "dm:app-1:ben") == ["hello", "hi"]


def test_another_script_of_the_same_two_comes_behind(terminal: Terminal) -> None:
    terminal.ok("seed", "-", stdin="Ann: one\nBen: two\n")
    terminal.ok("seed", "-", stdin="Ben: three\nAnn: four\n")
    assert bodies(terminal, "dm:ann:ben") == ["one", "two", "three", "four"]


def test_a_longer_script_adds_what_is_new(terminal: Terminal) -> None:
    terminal.ok("seed", "-", stdin="Ann: one\nBen: two\n")
    assert (
        terminal.json("seed", "-", stdin="Ann: one\nBen: two\nAnn: three\n")["messages_added"] == 1
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "no name at all\n",
        "Ann: only she\nAnn: speaks\n",
        "Ann:\nBen: hi\n",
        f"Ann: {'x' * 4_001}\nBen: hi\n",
        "Ann: a\x00b\nBen: hi\n",
    ],
)
def test_what_is_no_conversation_is_told_and_nothing_is_written(
    terminal: Terminal, text: str
) -> None:
    terminal.error("import_unreadable", 1, "seed", "-", stdin=text)
    assert not terminal.store.exists()
