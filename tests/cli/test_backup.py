"""`tavola backup` and `tavola restore`: a moment of a store that is written all the while."""

import os
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

from tavola.core.errors import Invalid
from tavola.stores.sqlite.backup import back_up
from tests.api.people import Api, bearer, token
from tests.api.serving import COMMAND, Serving, wait_until
from tests.cli.terminal import Terminal
from tests.stores.disks import needs_mounts, on_small_disk


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """Two people who have written to each other."""
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    return terminal


def test_what_is_restored_is_what_was_backed_up(filled: Terminal, tmp_path: Path) -> None:
    before = filled.items()
    made = filled.json("backup", tmp_path / "one.db")
    assert made["items"] >= len(before)
    assert made["bytes"] == (tmp_path / "one.db").stat().st_size
    filled.ok("users", "add", "cem")
    told = filled.json("restore", tmp_path / "one.db")
    assert filled.items() == before
    assert filled.json("feed", "status")["lag"] == 0
    aside = Terminal(tmp_path, Path(told["aside"]).name)
    assert "cem" in aside.ok("users", "list")


def test_restoring_twice_within_a_second_keeps_both_that_were_there(
    filled: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tavola.edge.cli.backup._stamp", lambda: "20261121T080000Z")
    filled.ok("backup", tmp_path / "one.db")
    filled.ok("users", "add", "cem")
    asides = [filled.json("restore", tmp_path / "one.db")["aside"] for _ in range(3)]
    assert len(set(asides)) == 3
    assert "cem" in Terminal(tmp_path, Path(asides[0]).name).ok("users", "list")


def test_a_backup_is_one_private_file_that_opens_on_a_read_only_disk(
    filled: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    filled.ok("backup", folder)
    (made,) = folder.iterdir()
    assert made.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(f"file:{made}?immutable=1", uri=True) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_folder_keeps_the_newest_and_what_others_put_there(
    filled: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("tavola-20200101T000000Z.db", "tavola-20210101T000000Z.db", "mine.db"):
        (folder / name).write_bytes(b"older")
    removed = filled.json("backup", folder, "--keep", "2")["removed"]
    assert removed == [str(folder / "tavola-20200101T000000Z.db")]
    assert sorted(path.name for path in folder.iterdir())[0] == "mine.db"
    assert len(list(folder.iterdir())) == 3


def test_what_was_just_made_stays_beside_files_of_a_clock_that_was_ahead(
    filled: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    ahead = folder / "tavola-20990101T000000Z.db"
    ahead.write_bytes(b"ahead")
    made = filled.json("backup", folder, "--keep", "1")
    assert made["removed"] == [str(ahead)]
    assert [str(path) for path in folder.iterdir()] == [made["path"]]


def test_what_another_made_of_that_name_meanwhile_stays(filled: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "one.db"

    def make_another(done: int, total: int) -> None:
        target.write_text("another")

    with pytest.raises(Invalid, match="is there already"):
        back_up(filled.store, target, make_another)
    assert target.read_text() == "another"


def test_a_backup_beside_a_busy_server_is_of_one_moment(tmp_path: Path) -> None:
    """Whatever is written meanwhile: a log without gaps, both joiners, and a feed that goes on."""
    terminal = Terminal(tmp_path)
    terminal.ok("seed", "-", stdin="Ann: hello\nBen: hi\n")
    copies = []
    with Serving(tmp_path) as server:
        host = Api(server.url, bearer(token("host", scope="admin")))
        over = threading.Event()
        written = [0]

        def write() -> None:
            while not over.is_set():
                n = written[-1] + 1
                body = {"id": f"group{n}", "name": f"Group {n}"}
                host.request("POST", "/groups", body).raise_for_status()
                host.put(f"/groups/group{n}/users/ann")
                written.append(n)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for n in range(5):
                before = len(written)
                wait_until(lambda before=before: len(written) > before)  # type: ignore[misc]
                copies.append(Terminal(tmp_path, f"copy{n}.db"))
                terminal.ok("backup", copies[-1].store)
        finally:
            over.set()
            writer.join()
            host.close()
    sizes = []
    for copy in copies:
        kinds = [item["type"] for item in copy.items()]
        assert kinds.count("UserGroup") == kinds.count("GroupUser")
        sizes.append(kinds.count("Group"))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_a_server_starts_on_what_was_restored(filled: Terminal, tmp_path: Path) -> None:
    filled.ok("backup", tmp_path / "one.db")
    filled.store.unlink()
    assert filled.json("restore", tmp_path / "one.db")["aside"] is None
    with Serving(tmp_path) as server:
        filled.error("store_in_use", 1, "restore", tmp_path / "one.db")
        assert server.stop() == 0
    assert "hello" in filled.ok("conversations", "read", "dm:ann:ben")


def test_a_damaged_file_is_neither_backed_up_nor_restored(filled: Terminal, tmp_path: Path) -> None:
    filled.ok("backup", tmp_path / "one.db")
    whole = (tmp_path / "one.db").read_bytes()
    page = 4_096
    (tmp_path / "bad.db").write_bytes(whole[:page] + os.urandom(page) + whole[2 * page :])
    before = filled.items()
    filled.error("store_unusable", 1, "restore", tmp_path / "bad.db")
    assert filled.items() == before
    damaged = Terminal(tmp_path, "bad.db")
    damaged.error("store_unusable", 1, "backup", tmp_path / "two.db")
    assert not (tmp_path / "two.db").exists()
    assert not list(tmp_path.glob(".*partial*"))


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("backup", "tavola.db"), "invalid", 2),
        (("backup", "new.db", "--keep", "3"), "invalid", 2),
        (("backup", "none/new.db"), "file_unusable", 1),
        (("restore", "tavola.db"), "invalid", 2),
        (("restore", "none.db"), "store_unusable", 1),
        (("restore", "text.db"), "store_unusable", 1),
        (("--store", "dynamodb://chat?region=eu-west-1", "backup", "new.db"), "invalid", 2),
        (("--store", "sqlite:///folder", "restore", "one.db"), "store_failed", 1),
        (("--store", "memory://", "restore", "tavola.db"), "invalid", 2),
    ],
)
def test_what_cannot_be_is_told(
    filled: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: str,
    exit_code: int,
) -> None:
    monkeypatch.chdir(filled.folder)
    Path("text.db").write_text("no database")
    Path("folder").mkdir()
    filled.ok("backup", "one.db")
    before = filled.items()
    filled.error(code, exit_code, *words)
    assert filled.items() == before
    assert Path("folder").is_dir()


@needs_mounts
def test_a_full_disk_is_told_of_the_copy(filled: Terminal, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    command = [*on_small_disk(small, 16), *COMMAND, "--store", filled.url, "backup", "one.db"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"Error: {small}: database or disk is full. [store_full]" in ran.stderr
