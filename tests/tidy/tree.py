"""What the tidy tests look at: the files of this project that git knows or would add."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Return every committed file and every new one that is not ignored, relative to `ROOT`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(set(filter(None, listed.split("\0"))))
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def files_under(folder: str, *suffixes: str) -> list[Path]:
    """Return the files of a folder (`""` means all) whose names end in one of the suffixes."""
    return [
        path
        for path in files()
        if path.suffix in suffixes and (not folder or path.is_relative_to(folder))
    ]
