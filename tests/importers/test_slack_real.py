"""The import of a real workspace's export, where there is one: every entry, once, in its order."""

import json
import os
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TAVOLA_SAMPLE_DATA") or ROOT.parent / "shared" / "data")
EXPORT = DATA / "slack-export-2018.zip"

pytestmark = pytest.mark.skipif(
    not EXPORT.exists(), reason=f"no {EXPORT.name} in {DATA}: set TAVOLA_SAMPLE_DATA"
)


def files() -> dict[str, Any]:
    """The export as it is."""
    with zipfile.ZipFile(EXPORT) as zipped:
        return {name: json.loads(zipped.read(name)) for name in zipped.namelist() if "." in name}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A store with the whole export in it."""
    terminal = Terminal(tmp_path_factory.mktemp("real"))
    report = terminal.json("import", "slack", EXPORT)
    assert (report["users_added"], report["messages_added"], report["direct"]) == (144, 9_709, 214)
    assert (report["groups"], report["unreadable"], report["cut"]) == (1, [], [])
    return terminal


def test_every_entry_is_there_with_its_time_and_author(imported: Terminal) -> None:
    content = files()
    wanted: Counter[tuple[str, int]] = Counter()
    for name, entries in content.items():
        if "/" in name:
            wanted.update(
                (entry["user"], int(entry["ts"].replace(".", "")) // 1000) for entry in entries
            )
    found: Counter[tuple[str, int]] = Counter()
    for item in imported.json("table", "scan", "--type", "Message")["items"]:
        moment = item["created_at"]
        found[item["sender_id"], _milliseconds(moment)] += 1
    assert found == wanted


def _milliseconds(moment: str) -> int:
    from tavola.core.times import to_epoch_ms

    return to_epoch_ms(moment)


def test_every_member_finds_every_conversation(imported: Terminal) -> None:
    content = files()
    wanted: dict[str, set[str]] = {user["id"]: set() for user in content["users.json"]}
    for direct in content["dms.json"]:
        first, second = sorted(direct["members"])
        for member in (first, second):
            wanted[member].add(f"dm:{first}:{second}")
    for channel in content["channels.json"]:
        for member in channel["members"]:
            wanted[member].add(f"group:{channel['id']}")
    pointers: dict[str, list[str]] = {user: [] for user in wanted}
    for item in imported.json("table", "scan", "--type", "InboxPointer")["items"]:
        pointers[item["user_id"]].append(item["conversation"])
    assert {user: sorted(found) for user, found in pointers.items()} == {
        user: sorted(found) for user, found in wanted.items()
    }


def test_no_markup_is_left(imported: Terminal) -> None:
    bodies = [item["body"] for item in imported.json("table", "scan", "--type", "Message")["items"]]
    assert not any("<@" in body or "&gt;" in body or "&amp;" in body for body in bodies)


def test_a_second_import_changes_nothing(imported: Terminal) -> None:
    before = imported.items()
    assert imported.ok("import", "slack", EXPORT).startswith("Nothing new")
    assert imported.items() == before


def test_it_goes_out_and_in_again(imported: Terminal, tmp_path: Path) -> None:
    imported.ok("export", tmp_path / "all.jsonl")
    copy = Terminal(tmp_path)
    copy.ok("import", "jsonl", tmp_path / "all.jsonl")
    copy.ok("export", tmp_path / "again.jsonl")
    assert (tmp_path / "all.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def test_doctor_finds_nothing_in_it_within_ten_seconds(imported: Terminal) -> None:
    began = time.monotonic()
    report = imported.json("doctor")
    assert time.monotonic() - began < 10
    assert (report["clean"], report["notes"], report["conversations"]) == (True, [], 215)
