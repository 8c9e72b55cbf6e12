"""`tavola export` and `tavola import jsonl`: out, and back in, equal item by item."""

import stat
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, typed

SCRIPT = "Ann: hello\nBen: \U0001f375 مرحبا\n"


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """Users with and without a password, a direct conversation and a group."""
    terminal.ok("users", "add", "ann", "--id", "ann", "--interest", "tides", "--interest", "tea")
    terminal.ok("users", "add", "zoe", "--password-stdin", stdin="a secret of hers")
    terminal.ok("seed", "-", stdin=SCRIPT)
    terminal.ok("seed", "-", stdin=SCRIPT + "Cem: hi\n")
    return terminal


def test_a_round_trip_leaves_every_item_equal(filled: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    answer = filled.json("export", file)
    copy = Terminal(tmp_path, "copy.db")
    assert copy.json("import", "jsonl", file) == {"items": answer["items"]}
    assert copy.items() == filled.items()
    assert len(copy.items()) == answer["items"]
    assert copy.json("conversations", "list", "@ann") == filled.json(
        "conversations", "list", "@ann"
    )
    assert copy.json("users", "show", "ann")["interests"] == ["tea", "tides"]


def test_passwords_and_the_feed_stay(filled: Terminal) -> None:
    types = {item["type"] for item in filled.items()}
    assert types.isdisjoint({"Password", "FeedState"})
    assert {"User", "Handle", "UserName", "Message", "DirectUser", "InboxPointer"} <= types


def test_an_export_is_private_and_leaves_nothing_beside_it(
    filled: Terminal, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    file = tmp_path / "all.jsonl"
    file.write_text("an older one")
    filled.ok("export", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    beside = {one for one in set(tmp_path.iterdir()) - before if "tavola.db" not in one.name}
    assert beside == {file}


def test_standard_input_is_checked_whole_too(filled: Terminal, tmp_path: Path) -> None:
    lines = filled.run("export", "-").stdout_bytes
    copy = Terminal(tmp_path, "copy.db")
    copy.ok("import", "jsonl", "-", stdin=lines)
    assert copy.items() == filled.items()


def test_a_store_with_something_in_it_is_refused(filled: Terminal, tmp_path: Path) -> None:
    filled.ok("export", tmp_path / "all.jsonl")
    filled.error("store_not_empty", 1, "import", "jsonl", tmp_path / "all.jsonl")


USER = '{"pk":"USER#a","sk":"A","type":"User","v":1,"handle":"aa","display_name":"A","names_rev":1'


@pytest.mark.parametrize(
    "line",
    [
        b"rubbish",
        b"\xff",
        b"[]",
        b"1",
        b"{}",
        b"{" * 100_000,
        b'{"pk":"USER#a","sk":"A"}',
        b'{"pk":"USER#a","sk":"A","type":"Nothing","v":1}',
        b'{"pk":"GROUP#a","sk":"A","type":"User","v":1}',
        b'{"pk":["USER#a"],"sk":"A","type":"User","v":1}',
        b'{"pk":"USER#a","sk":"A","type":["User"],"v":1}',
        b'{"pk":"USER#a","sk":"A","type":"User","v":"x"}',
        USER.encode() + b"}",
        USER.encode() + b',"created_at":1}',
        USER.replace('"v":1', '"v":99').encode() + b',"created_at":"2026-01-01T00:00:00.000Z"}',
        b'{"pk":"PASSWORD#a","sk":"A","type":"Password","v":1,"hash":"x","set_at":"x"}',
        b'{"pk":"FEED#main","sk":"LEASE","type":"FeedState","v":1}',
        b'{"pk":"USER#a","sk":"GROUP#g","type":"UserGroup","v":1,"joined_at":"x","name":{"$set":[]}}',
    ],
)
def test_a_line_that_is_no_item_is_named_and_nothing_is_written(
    filled: Terminal, tmp_path: Path, line: bytes
) -> None:
    good = filled.run("export", "-").stdout_bytes
    file = tmp_path / "broken.jsonl"
    file.write_bytes(good + line + b"\n")
    copy = Terminal(tmp_path, "copy.db")
    told = copy.error("import_unreadable", 1, "import", "jsonl", file)
    assert f"Line {len(good.splitlines()) + 1}:" in told
    assert not copy.store.exists()


def test_the_same_item_twice_is_refused(filled: Terminal, tmp_path: Path) -> None:
    good = filled.run("export", "-").stdout_bytes
    copy = Terminal(tmp_path, "copy.db")
    first = good.splitlines(keepends=True)[0]
    (tmp_path / "twice.jsonl").write_bytes(good + first)
    copy.error("import_unreadable", 1, "import", "jsonl", tmp_path / "twice.jsonl")


def test_an_empty_file_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    copy = Terminal(tmp_path)
    assert copy.json("import", "jsonl", tmp_path / "empty.jsonl") == {"items": 0}
    assert copy.items() == []


def test_on_a_terminal_the_bar_ends_with_what_there_was(filled: Terminal) -> None:
    items = len(filled.items())
    words = ("export", "all.jsonl", "--store", f"sqlite:///{filled.store}")
    code, shown = typed(filled.folder, "", *words)
    assert code == 0
    assert f"{items}/{items}" in shown
