"""The zip of an export: opened, checked whole, and read a file at a time. Nothing is unpacked."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from tavola.core import limits
from tavola.core.errors import ImportUnreadable
from tavola.edge.importers.report import Progress

USERS = "users.json"
LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")

_CHUNK_BYTES = 1 << 20
_DAY_FILE = re.compile(r"[^/]+/[^/]+\.json")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


class Archive:
    """An open export. Names are those inside its top folder."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self._top = _top_folder(zipped)
        self._infos = {
            info.filename.removeprefix(self._top): info
            for info in zipped.infolist()
            if not info.is_dir() and info.filename.startswith(self._top)
        }

    def folders(self) -> dict[str, list[str]]:
        """The files of entries by the folder that they are in, in the order of their names."""
        found: dict[str, list[str]] = {}
        for name in sorted(self._infos):
            if _DAY_FILE.fullmatch(name) and not name.startswith("__MACOSX/"):
                found.setdefault(name.partition("/")[0], []).append(name)
        return found

    def check(self, progress: Progress) -> None:
        """Read every byte: sizes, checksums, JSON, required files; `ImportUnreadable`."""
        if USERS not in self._infos or not any(name in self._infos for name in LISTS):
            raise ImportUnreadable(
                f"This is no Slack export: {USERS} and one of {', '.join(LISTS)} must be in it."
            )
        _check_sizes(list(self._infos.values()))
        lists = {USERS, *LISTS}
        days = {name for names in self.folders().values() for name in names}
        progress.stage("checking", len(self._infos))
        for name in self._infos:
            if name in lists or name in days:
                self.read(name)
            else:
                self._check_bytes(name)
            progress.advance()

    def read(self, name: str) -> list[Any]:
        """A file's list; nothing where there is no such file. Raises `ImportUnreadable`."""
        info = self._infos.get(name)
        if info is None:
            return []
        try:
            content = json.loads(self._zip.read(info))
        except (*_BROKEN, RecursionError) as error:
            raise _broken(name, error) from None
        if not isinstance(content, list):
            raise ImportUnreadable(f"{name} holds no list.")
        return content

    def _check_bytes(self, name: str) -> None:
        try:
            with self._zip.open(self._infos[name]) as file:
                while file.read(_CHUNK_BYTES):
                    pass
        except _BROKEN as error:
            raise _broken(name, error) from None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an export; raises `ImportUnreadable`, and `OSError` for the file itself."""
    try:
        zipped = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise ImportUnreadable(f"{path} is not a zip file, or is damaged: {error}.") from None
    with zipped:
        yield Archive(zipped)


def _top_folder(zipped: zipfile.ZipFile) -> str:
    """Where users.json is: at the top, or in the one folder that somebody has zipped again."""
    places = [
        name.removesuffix(USERS)
        for name in zipped.namelist()
        if PurePosixPath(name).name == USERS and name.count("/") < 2
    ]
    return min(places, key=len, default="")


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    """Never read more than an export can sensibly hold, whatever the zip is made to say."""
    if any(info.file_size > limits.IMPORT_FILE_BYTES_MAX for info in infos):
        megabytes = limits.IMPORT_FILE_BYTES_MAX >> 20
        raise ImportUnreadable(f"A file in it is larger than {megabytes:,} MB.")
    if sum(info.file_size for info in infos) > limits.IMPORT_ZIP_BYTES_MAX:
        megabytes = limits.IMPORT_ZIP_BYTES_MAX >> 20
        raise ImportUnreadable(f"Unpacked it is larger than {megabytes:,} MB.")


def _broken(name: str, error: Exception) -> ImportUnreadable:
    what = "too deep" if isinstance(error, RecursionError) else str(error)
    return ImportUnreadable(f"{name} in it is damaged: {what}.")
