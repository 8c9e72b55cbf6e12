"""Scripts of conversations: what is a name, and what continues."""

import pytest

from tavola.core.errors import ImportUnreadable
from tavola.edge.importers.script import parse


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("Ann: hi", [("Ann", "hi")]),
        ("Ann: hi\r\nBen: ho\r\n", [("Ann", "hi"), ("Ben", "ho")]),
        ("\ufeffAnn: hi", [("Ann", "hi")]),
        ("\n\nAnn: hi\n\n\n", [("Ann", "hi")]),
        ("Ann:\n  hi", [("Ann", "hi")]),
        ("Ann: one\ntwo\n\nthree", [("Ann", "one\ntwo\n\nthree")]),
        ("Ann: see\nhttp://a.example/x", [("Ann", "see\nhttp://a.example/x")]),
        ("Ann: at\n10:30 or so", [("Ann", "at\n10:30 or so")]),
        ("Ann: see\n  Note: this", [("Ann", "see\nNote: this")]),
        ("Dr. Ann van der: hi", [("Dr. Ann van der", "hi")]),
        ("Ann: x\nfive words are no name: so", [("Ann", "x\nfive words are no name: so")]),
        ("Person 1: a: b", [("Person 1", "a: b")]),
        ("Ann:\thi", [("Ann", "hi")]),
        ("花子: やあ", [("花子", "やあ")]),
        ("Ann: a\u2028b\x0bc", [("Ann", "a\u2028b\x0bc")]),
    ],
)
def test_lines_become_messages(script: str, said: list[tuple[str, str]]) -> None:
    assert [(one.name, one.text) for one in parse(script)] == said


@pytest.mark.parametrize(
    ("script", "line"),
    [("hello", "Line 1 "), ("\n\n  hello", "Line 3 "), ("Ann: hi\nBen:\nAnn: ho", "Line 2: Ben")],
)
def test_a_line_that_is_none_is_named(script: str, line: str) -> None:
    with pytest.raises(ImportUnreadable, match=line):
        parse(script)
