"""`tavola patterns list`."""

from tavola.core.patterns import PATTERNS
from tests.cli.terminal import Terminal


def test_the_patterns_are_listed_with_what_is_known_of_them(terminal: Terminal) -> None:
    listed = terminal.json("patterns", "list")["patterns"]
    assert [one["name"] for one in listed] == list(PATTERNS)
    first = next(one for one in listed if one["name"] == "get_user")
    assert [param["name"] for param in first.pop("params")] == ["user_id", "consistent"]
    assert first == {
        "name": "get_user",
        "question": "Who is this user?",
        "key": "pk = USER#u and sk = A",
        "units": "0.5 RRU",
        "index": None,
        "reads": True,
    }
    heading, *rows = terminal.ok("patterns", "list").splitlines()
    assert heading.split() == ["pattern", "question", "key", "condition", "index", "units"]
    assert len(rows) == len(PATTERNS)
