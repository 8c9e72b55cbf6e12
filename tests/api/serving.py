"""A real server in a process of its own, on a free port of loopback."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

SECRET = "a secret of tests, which is longer than 32 bytes"
COMMAND = (str(Path(sys.executable).with_name("tavola")),)
READY = re.compile(r"is ready at (\S+)")
START_S_MAX = 30.0
STOP_S_MAX = 5.0  # the promise: SIGTERM ends the process within this time


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a process: no settings but these, and the tests' secret."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("TAVOLA_")}
    kept |= {"PYTHONUNBUFFERED": "1", "TAVOLA_TOKEN_SECRET": SECRET, "HOME": str(folder)}
    return kept | {f"TAVOLA_{name.upper()}": text for name, text in settings.items()}


class Serving:
    """`tavola serve` on a store in a folder, from its start to its end."""

    command: tuple[str, ...] = (*COMMAND, "serve")

    def __init__(
        self,
        folder: Path,
        *,
        arguments: Sequence[str] = ("--port", "0"),
        wrapped_in: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = dict(settings or {})
        self.store = folder / "tavola.db"
        self._errors = folder / "stderr"
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [*wrapped_in, *self.command, *arguments],
                cwd=folder,
                env=environment(folder, **self.settings) | dict(variables or {}),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            self.url = self._read_url()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return self._errors.read_text()

    def stop(self) -> int:
        """Ask it to end; its exit code. It has five seconds."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self.wait()
        finally:
            self.kill()

    def wait(self) -> int:
        """Its exit code, as soon as it has ended."""
        return self._process.wait(STOP_S_MAX)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.kill()

    def _read_url(self) -> str:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], START_S_MAX)[0]:
            raise AssertionError(f"the server did not start: {self.errors}")
        line = self._process.stdout.readline()
        found = READY.search(line)
        if found is None:
            raise AssertionError(f"the server ended: {line} {self.errors}")
        return found[1]


class Functions(Serving):
    """The Lambda functions behind a bridge that makes events of requests."""

    command = (sys.executable, "-m", "tests.deploy.bridge")


def serve_to_the_end(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run `tavola serve` where it must refuse to start: exit code and standard error."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=START_S_MAX,
        check=False,
    )
    return ended.returncode, ended.stderr


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Return as soon as a condition is true."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)
