"""`tavola users export`: all that is kept of a person, and nothing of anybody else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal

TALK = "Ann: a word\nBen: of others\nAnn: another\n"
PASSED_ON = {"User", "UserGroup", "GroupUser", "LeftGroup", "UserIdentity", "DirectUser", "Message"}


@pytest.fixture
def talked(tmp_path: Path) -> Terminal:
    """Ann with a conversation, a group, one that she left, an identity and a password."""
    first = Terminal(tmp_path, "first.db")
    first.ok("seed", "-", stdin=TALK)
    ann = {"user_id": "ann"}
    more: list[dict[str, Any]] = [
        {"pk": "USER#ann", "sk": "GROUP#club", "type": "UserGroup", "name": "Club"},
        {"pk": "USER#ann", "sk": "LEFT#old", "type": "LeftGroup", "left_at": "2026-11-21"},
        {"pk": "USER#ann", "sk": "IDENTITY#https://id.example#s", "type": "UserIdentity"},
        {"pk": "IDENTITY#https://id.example#s", "sk": "A", "type": "Identity"} | ann,
        {"pk": "GROUP#club", "sk": "A", "type": "Group", "name": "Club", "names_rev": 1},
        {"pk": "GROUP#club", "sk": "USER#ann", "type": "GroupUser", "role": "member"},
        _message("club", 1, "ann", "in the club"),
        _message("club", 2, "ben", "of others in the club"),
        *(_message("old", n, "ann" if n == 7 else "ben", f"of old, {n}") for n in range(1, 450)),
    ]
    more[0] |= {"joined_at": "2026-11-21T08:00:00.000Z"}
    more[4] |= {"visibility": "listed", "created_at": "x", "created_by": "ben"}
    more[5] |= {"joined_at": "x", "handle": "ann", "display_name": "Ann", "names_rev": 1}
    lines = [json.dumps({"v": 1} | item) for item in [*first.items(), *more]]
    (tmp_path / "all.jsonl").write_text("\n".join(lines))
    terminal = Terminal(tmp_path)
    terminal.ok("import", "jsonl", tmp_path / "all.jsonl")
    terminal.ok("users", "password", "@ann", "--password-stdin", stdin="correct horse")
    return terminal


def _message(group: str, seq: int, sender: str, body: str) -> dict[str, Any]:
    uuid = f"00000000-0000-4000-8000-{seq:012x}"
    message = {"id": uuid, "sender_id": sender, "kind": "text", "body": body}
    place = {"pk": f"GROUP#{group}", "sk": f"{seq:012d}", "type": "Message"}
    return place | message | {"created_at": "2026-11-21T08:00:00.000Z"}


def test_everything_of_a_person_is_there_and_nothing_of_others(
    talked: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "ann.jsonl"
    told = talked.json("users", "export", "@ann", file)
    items = [json.loads(line) for line in file.read_text().splitlines()]
    assert told == {"items": len(items), "file": str(file)}
    assert {item["type"] for item in items} == PASSED_ON
    said = [item["body"] for item in items if item["type"] == "Message"]
    assert sorted(said) == ["a word", "another", "in the club", "of old, 7"]
    everything = talked.items()
    assert all(item in everything for item in items)
    assert len({(item["pk"], item["sk"]) for item in items}) == len(items)
    text = file.read_text()
    assert "of others" not in text
    assert "argon" not in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_file_is_there_whole_or_not_at_all(talked: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "somebody.jsonl"
    file.write_text("as it was")
    talked.error("user_not_found", 1, "users", "export", "@nobody", file)
    assert file.read_text() == "as it was"
    assert not list(tmp_path.glob(".somebody*"))
    talked.ok("users", "erase", "ann")
    talked.error("user_not_found", 1, "users", "export", "ann", file)


def test_it_goes_through_a_pipe(talked: Terminal) -> None:
    lines = talked.ok("users", "export", "@ben", "-").splitlines()
    assert {json.loads(line)["type"] for line in lines} == {"User", "DirectUser", "Message"}
