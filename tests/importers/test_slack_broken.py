"""Exports that are no exports: exit 1, a reason, and nothing is written."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tavola.core import limits
from tests.cli.terminal import Terminal
from tests.importers.slack_zip import FILES, build


def without(*names: str) -> dict[str, Any]:
    """The files but some."""
    return {name: content for name, content in FILES.items() if name not in names}


def flipped(path: Path) -> Path:
    """A good zip with one byte of an entry's data changed."""
    build(path)
    with zipfile.ZipFile(path) as zipped:
        info = zipped.getinfo("general/2018-01-02.json")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 40] ^= 0xFF
    path.write_bytes(content)
    return path


def cut_off(path: Path) -> Path:
    """A good zip without its end, as after a broken download."""
    content = build(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def encrypted(path: Path) -> Path:
    """A zip whose entries say that they are encrypted."""
    content = build(path).read_bytes()
    content = content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
    listed = b"PK\x01\x02\x14\x03\x14\x00"
    path.write_bytes(content.replace(listed + b"\x00\x00", listed + b"\x01\x00"))
    return path


def bomb(path: Path) -> Path:
    """A zip one of whose entries claims to be huge."""
    content = bytearray(build(path).read_bytes())
    at = content.index(b"PK\x01\x02") + 24  # the uncompressed size in the first directory entry
    content[at : at + 4] = struct.pack("<I", limits.IMPORT_FILE_BYTES_MAX + 1)
    path.write_bytes(content)
    return path


BROKEN: dict[str, Callable[[Path], Path]] = {
    "no zip": lambda path: (path.write_bytes(b"rubbish"), path)[1],
    "empty file": lambda path: (path.write_bytes(b""), path)[1],
    "empty zip": lambda path: build(path, {}),
    "a changed byte": flipped,
    "cut off": cut_off,
    "encrypted": encrypted,
    "a claimed size": bomb,
    "no users": lambda path: build(path, without("users.json")),
    "no conversations": lambda path: build(
        path, without("channels.json", "groups.json", "mpims.json", "dms.json")
    ),
    "no JSON": lambda path: build(path, FILES | {"general/2018-01-09.json": "{"}),
    "no UTF-8": lambda path: build(path, FILES | {"general/2018-01-09.json": b'["\xff"]'}),
    "no list": lambda path: build(path, FILES | {"general/2018-01-09.json": {}}),
    "users no list": lambda path: build(path, FILES | {"users.json": {"U1": {}}}),
    "too deep": lambda path: build(path, FILES | {"D1/2018-01-09.json": "[" * 200_000}),
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_export_writes_nothing(
    terminal: Terminal, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path / "broken.zip")
    terminal.error("import_unreadable", 1, "import", "slack", path)
    assert not terminal.store.exists()


def test_names_in_a_zip_are_never_used_for_writing(terminal: Terminal, tmp_path: Path) -> None:
    evil: dict[str, Any] = {
        "../evil.json": [],
        "/evil2.json": [],
        "..\\evil3.json": [],
        "C1/../../evil4.json": [],
    }
    path = build(tmp_path / "evil.zip", FILES | evil)
    terminal.ok("import", "slack", path)
    assert not list(tmp_path.parent.glob("**/evil*.json"))
    assert not Path("/evil2.json").exists()


def test_odd_entries_of_lists_are_listed(terminal: Terminal, tmp_path: Path) -> None:
    odd = {
        "users.json": [
            *FILES["users.json"],
            "rubbish",
            {},
            {"id": 7},
            {"id": "W#/ü", "name": None},
        ],
        "channels.json": [
            *FILES["channels.json"],
            None,
            {"id": "C7", "members": [None, 7, "U1"], "created": "soon", "name": 4},
        ],
        "dms.json": [*FILES["dms.json"], {"id": "D7", "members": "U1"}, {"id": "D8"}],
    }
    report = terminal.json("import", "slack", build(tmp_path / "odd.zip", FILES | odd))
    lists = [found["where"] for found in report["unreadable"] if "/" not in found["where"]]
    assert lists == ["channels.json", "users.json", "users.json", "users.json"]
    assert (
        terminal.json("table", "query", "GROUP#C7", "--from", "USER#")["items"][0]["user_id"]
        == "U1"
    )
