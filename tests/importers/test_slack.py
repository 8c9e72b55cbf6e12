"""`tavola import slack` on a small export with all kinds of entries."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.importers.slack_zip import DATED, FILES, build


@pytest.fixture
def imported(terminal: Terminal, tmp_path: Path) -> Terminal:
    """A store with the small export in it."""
    terminal.ok("import", "slack", build(tmp_path / "small.zip"))
    return terminal


def entries(terminal: Terminal, conversation: str) -> list[dict[str, Any]]:
    """What a conversation holds, oldest first."""
    answer = terminal.json("conversations", "read", conversation, "--limit", "1000")
    return list(reversed(answer["messages"]))


def test_every_dated_entry_becomes_one_message(terminal: Terminal, tmp_path: Path) -> None:
    report = terminal.json("import", "slack", build(tmp_path / "small.zip"))
    assert report["messages_added"] == DATED
    assert (report["groups"], report["direct"]) == (5, 1)
    assert report["users_added"] == 9  # six, a bot, a guest, a member nobody knows
    messages = [item for item in terminal.items() if item["type"] == "Message"]
    assert len(messages) == len({item["id"] for item in messages}) == DATED


def test_what_cannot_be_read_is_counted_and_listed(terminal: Terminal, tmp_path: Path) -> None:
    result = terminal.run("import", "slack", build(tmp_path / "small.zip"))
    assert result.exit_code == 0
    assert "5 could not be read:" in result.stderr
    report = terminal.json("import", "slack", tmp_path / "small.zip")
    assert [(found["where"], found["reason"]) for found in report["unreadable"]] == [
        ("general/2018-01-02.json", "has no time: ts is ''"),
        ("general/2018-01-02.json", "has no time: ts is 'soon'"),
        ("general/2018-01-02.json", "is in the future"),
        ("general/2018-01-02.json", "is no object"),
        ("lost/2018-01-01.json", "lost: 1 entries of a conversation that the export does not name"),
    ]
    assert [found["reason"] for found in report["cut"]] == ["cut: it had 5,000 characters"]


def test_users_keep_slacks_ids_and_get_valid_unique_handles(imported: Terminal) -> None:
    users = {user["id"]: user for user in imported.json("users", "list")["users"]}
    assert {user_id: user["handle"] for user_id, user in users.items()} == {
        "U1": "ann",
        "U2": "ben-bohm",
        "U3": "u3",
        "U4": "u4",
        "U5": "ann-u5",
        "U6": "robot",
        "U8": "guest",
        "U9": "u9",
        "B1": "build-bot",
    }
    names = {user_id: user["display_name"] for user_id, user in users.items()}
    assert (names["U1"], names["U2"], names["U3"], names["U4"]) == ("Ann A", "Ben", "花子", "x")
    assert not any(user.get("admin") for user in users.values())


def test_a_channel_becomes_a_group_with_its_entries_in_order(imported: Terminal) -> None:
    found = entries(imported, "group:C1")
    assert [(entry["sender_id"], entry["kind"], entry["body"]) for entry in found] == [
        ("U2", "system", "@ben-bohm has joined the channel"),
        (
            "U1",
            "text",
            "Hi @ben-bohm, see #empty and a page (http://a.example/?x=1&y=2) <3 @here",
        ),
        ("U1", "text", "the same moment"),
        ("U1", "text", "out of order"),
        ("U3", "text", "[file: cat.jpg]\n[file: notes]"),
        ("B1", "system", "build 7 failed"),
        ("U8", "text", "hello from elsewhere"),
        ("U1", "text", found[7]["body"]),
        ("U1", "text", "(no text)"),
        ("U1", "text", "a\ufffdb \ufffd"),
    ]


def test_original_times_are_kept_to_the_millisecond(imported: Terminal) -> None:
    times = [entry["created_at"] for entry in entries(imported, "group:C1")]
    assert times == sorted(times)
    assert times[:3] == [
        "2018-01-01T09:46:40.000Z",
        "2018-01-01T09:47:40.123Z",
        "2018-01-01T09:47:40.123Z",
    ]


def test_a_text_that_is_too_long_is_cut_with_a_mark(imported: Terminal) -> None:
    body = entries(imported, "group:C1")[7]["body"]
    assert len(body) == 4_000
    assert body.endswith("é\n[cut: it had 5,000 characters]")


def test_members_are_those_of_the_channel_and_have_read_everything(imported: Terminal) -> None:
    members = imported.json("table", "query", "GROUP#C1", "--from", "USER#")["items"]
    assert {item["user_id"]: item["role"] for item in members} == {
        "U1": "admin",
        "U2": "member",
        "U3": "member",
        "U9": "member",
    }
    for user in ("U1", "U2", "U3", "U4", "U9"):
        for row in imported.json("conversations", "list", user)["conversations"]:
            assert row["unread"] == 0, (user, row)


def test_private_things_stay_private(imported: Terminal) -> None:
    groups = {
        item["group_id"]: (item["visibility"], item["name"])
        for item in imported.json("table", "scan", "--type", "Group")["items"]
    }
    assert groups == {
        "C1": ("listed", "general"),
        "C2": ("listed", "empty"),
        "G1": ("private", "secret"),
        "G2": ("private", "Ann A, Ben, x"),
        "D2": ("private", "Notes of Ann A"),
    }


def test_a_dm_becomes_the_direct_conversation_of_the_two(imported: Terminal) -> None:
    found = entries(imported, "dm:U1:U2")
    assert [(entry["sender_id"], entry["kind"], entry["body"]) for entry in found] == [
        ("U2", "text", "hi"),
        ("U1", "text", "hi yourself"),
        ("U1", "system", "Robot: reminder: tea"),
    ]
    assert [entry["body"] for entry in entries(imported, "group:D2")] == ["buy milk"]


def test_importing_twice_changes_nothing_and_says_so(imported: Terminal, tmp_path: Path) -> None:
    before = imported.items()
    printed = imported.ok("import", "slack", tmp_path / "small.zip")
    assert printed.startswith("Nothing new: everything was there already.")
    report = imported.json("import", "slack", tmp_path / "small.zip")
    assert not report["users_added"] + report["messages_added"] + report["memberships_added"]
    assert report["messages_there"] == DATED
    assert imported.items() == before


def test_a_later_export_adds_what_is_new(imported: Terminal, tmp_path: Path) -> None:
    newer = {"user": "U1", "ts": "1515000000.000000", "text": "news"}
    files = FILES | {"general/2018-01-03.json": [newer], "D1/2018-01-03.json": [newer]}
    report = imported.json("import", "slack", build(tmp_path / "later.zip", files))
    assert report["messages_added"] == 2
    assert entries(imported, "group:C1")[-1]["body"] == "news"
    rows = imported.json("conversations", "list", "U2")["conversations"]
    assert [row["unread"] for row in rows] == [0] * len(rows)


def test_a_conversation_that_went_on_is_left_alone(imported: Terminal, tmp_path: Path) -> None:
    imported.ok("seed", "-", stdin="Ann: we moved\nBen-Bohm: so we did\n")
    newer = {"user": "U1", "ts": "1515000000.000000", "text": "news"}
    files = FILES | {"general/2018-01-03.json": [newer], "D1/2018-01-03.json": [newer]}
    result = imported.run("import", "slack", build(tmp_path / "later.zip", files))
    assert result.exit_code == 1
    assert "1 conversations could not be written" in result.stderr
    assert "[import_too_old]" in result.stderr
    assert entries(imported, "group:C1")[-1]["body"] == "news"
    assert [entry["body"] for entry in entries(imported, "dm:U1:U2")][-2:] == [
        "we moved",
        "so we did",
    ]


def test_a_handle_that_somebody_has_goes_to_nobody_else(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("users", "add", "ann", "--id", "ours")
    terminal.ok("import", "slack", build(tmp_path / "small.zip"))
    assert terminal.json("users", "show", "@ann")["id"] == "ours"
    assert terminal.json("users", "show", "U1")["handle"] == "ann-u1"
    assert entries(terminal, "group:C1")[0]["body"].startswith("@ben-bohm")


def test_a_folder_around_the_export_is_seen_through(terminal: Terminal, tmp_path: Path) -> None:
    path = build(tmp_path / "again.zip", FILES, folder="My Export 2018/")
    assert terminal.json("import", "slack", path)["messages_added"] == DATED


def test_the_feed_has_nothing_left(imported: Terminal) -> None:
    rows = imported.json("conversations", "list", "U1")["conversations"]
    assert {row["conversation"] for row in rows} == {
        "group:C1",
        "group:G1",
        "group:G2",
        "group:D2",
        "dm:U1:U2",
    }
    (state,) = imported.json("table", "scan", "--type", "FeedState")["items"]
    changes = imported.json("import", "slack", imported.folder / "small.zip")
    assert changes["messages_added"] == 0
    (again,) = imported.json("table", "scan", "--type", "FeedState")["items"]
    assert again["position"] == state["position"]
