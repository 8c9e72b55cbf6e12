"""`tavola conversations list` and `read`."""

import pytest

from tests.cli.terminal import Terminal

SCRIPT = "".join(f"{'Ann' if n % 2 else 'Ben'}: line {n}\n" for n in range(1, 451))
CONVERSATION = "dm:ann:ben"


@pytest.fixture
def seeded(terminal: Terminal) -> Terminal:
    """A long conversation of two and one of a group."""
    terminal.ok("seed", "-", stdin=SCRIPT)
    terminal.ok("seed", "-", stdin="Ann: hi\nBen: hi\nCem: hello you two\n")
    return terminal


def numbers(terminal: Terminal, *words: str) -> list[int]:
    """Which entries a reading command answers."""
    answer = terminal.json("conversations", "read", *words)
    return [message["seq"] for message in answer["messages"]]


def test_an_inbox_is_listed_newest_first(seeded: Terminal) -> None:
    rows = seeded.json("conversations", "list", "@ann")["conversations"]
    assert sorted(row["conversation"] for row in rows) == [CONVERSATION, "group:seed"]
    times = [row["head"]["created_at"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert {row["conversation"]: row["unread"] for row in rows} == {
        CONVERSATION: 1,
        "group:seed": 2,
    }
    assert len(seeded.json("conversations", "list", "ann", "--limit", "1")["conversations"]) == 1
    printed = seeded.ok("conversations", "list", "@ann")
    assert "hello you two" in printed
    assert printed.endswith("2 conversations\n")


def test_a_conversation_is_read_beyond_one_page(seeded: Terminal) -> None:
    """Nothing beyond 20 entries could be reached; a page of the API holds 200."""
    assert numbers(seeded, CONVERSATION) == list(range(450, 400, -1))
    assert numbers(seeded, CONVERSATION, "--limit", "1000") == list(range(450, 0, -1))
    assert numbers(seeded, CONVERSATION, "--limit", "201", "--before", "300") == list(
        range(299, 98, -1)
    )


def test_a_year_and_days_bound_what_is_read(seeded: Terminal) -> None:
    first = seeded.json("conversations", "read", CONVERSATION, "--limit", "450")["messages"][-1]
    day = first["created_at"][:10]
    assert numbers(seeded, CONVERSATION, "--from", "2000-01-01", "--to", "2001-01-01") == []
    assert numbers(seeded, CONVERSATION, "--year", "1999") == []
    assert numbers(seeded, CONVERSATION, "--from", day, "--limit", "450")[-1] == 1
    assert numbers(seeded, CONVERSATION, "--to", first["created_at"]) == [1]


def test_what_is_printed_ends_with_the_newest(seeded: Terminal) -> None:
    lines = seeded.ok("conversations", "read", CONVERSATION, "--limit", "2").splitlines()
    assert [line.split("  ")[-1] for line in lines[:2]] == ["line 449", "line 450"]
    assert lines[2] == "2 of 450 messages; earlier ones: --before"


def test_an_operator_sees_what_a_member_may_and_a_stranger_may_not(seeded: Terminal) -> None:
    assert numbers(seeded, "group:seed") == [3, 2, 1]
    assert numbers(seeded, "group:seed", "--as", "@cem") == [3, 2, 1]
    seeded.error("not_found", 1, "conversations", "read", CONVERSATION, "--as", "@cem")


def test_reading_marks_nothing_as_read(seeded: Terminal) -> None:
    before = seeded.items()
    seeded.ok("conversations", "read", CONVERSATION, "--as", "@ann")
    seeded.ok("conversations", "list", "@ann")
    assert seeded.items() == before


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("read", "dm:ben:ann"), "not_found", 1),
        (("read", "dm:ann:ann"), "not_found", 1),
        (("read", "group:none"), "not_found", 1),
        (("read", "rubbish"), "not_found", 1),
        (("read", CONVERSATION, "--as", "@nobody"), "user_not_found", 1),
        (("read", CONVERSATION, "--from", "yesterday"), "invalid", 2),
        (("read", CONVERSATION, "--from", "2026-11-21T10:00:00"), "invalid", 2),
        (("read", CONVERSATION, "--year", "2026", "--from", "2026-01-01"), "invalid", 2),
        (("list", "@nobody"), "user_not_found", 1),
    ],
)
def test_what_cannot_be_read_is_told(
    seeded: Terminal, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    seeded.error(code, exit_code, "conversations", *words)
