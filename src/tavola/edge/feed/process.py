"""Who a worker is: a process of a machine, so that one that was killed is known to be gone.

Without this its successor on the same machine would wait for signs of life that cannot come.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # of Linux; another one after each start


def name_worker(unique: str) -> str:
    """A name for a worker of this process."""
    return f"{_machine()}/{os.getpid()}/{unique}"


def is_gone(name: str) -> bool:
    """Whether a worker was of a process of this machine that has ended. Elsewhere nobody knows."""
    machine, _, rest = name.rpartition("/")[0].rpartition("/")
    if machine != _machine() or not rest.isdigit():
        return False
    if int(rest) == os.getpid():  # of a container, whose processes have the same number each time
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _machine() -> str:
    boot = ""
    with suppress(OSError):
        boot = _BOOT_ID.read_text().strip()
    return f"{socket.gethostname()}/{boot}"
