"""Disks as they fail: full ones and read-only ones, for one process alone."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNLIMITED = resource.RLIM_INFINITY

needs_prlimit = pytest.mark.skipif(
    sys.platform != "linux", reason="limits another process, which only Linux can"
)

_IN_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = [*_IN_NAMESPACE, "mount", "-t", "tmpfs", "none", "/tmp"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not _can_mount(), reason="may not mount in a namespace here")


WITHOUT_PRIVILEGES = ("unshare", "--user")  # root loses its rights to files; others have none


def _can_drop_privileges() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = [*WITHOUT_PRIVILEGES, "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(
    not _can_drop_privileges(), reason="may not make a namespace here"
)


def on_small_disk(folder: Path, kilobytes: int) -> tuple[str, ...]:
    """What runs a command with a small disk of its own at a folder."""
    mount = f'mount -t tmpfs -o size={kilobytes}k none "$0" && cd "$0" && exec "$@"'
    return (*_IN_NAMESPACE, "sh", "-c", mount, str(folder))


def on_read_only_disk(folder: Path) -> tuple[str, ...]:
    """What runs a command that cannot write into a folder."""
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'
    return (*_IN_NAMESPACE, "sh", "-c", mount, str(folder))


def as_seen_by(pid: int, path: Path) -> Path:
    """A path on the disks of another process."""
    return Path(f"/proc/{pid}/root{path}")


def limit_files(pid: int, size: int) -> None:
    """No file of a process can grow beyond a size, in bytes."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
