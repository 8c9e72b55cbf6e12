"""The command line as a user types it, on a store in a folder of its own."""

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tavola.edge.cli import main
from tests.api.serving import COMMAND, SECRET, environment


class Terminal:
    """Runs `tavola` in this process."""

    def __init__(self, folder: Path, store: str = "tavola.db", url: str | None = None) -> None:
        self.folder = folder
        self.store = folder / store
        self.url = url or f"sqlite:///{self.store}"
        settings = {"STORE": self.url, "TOKEN_SECRET": SECRET}
        self._environment = {f"TAVOLA_{name}": text for name, text in settings.items()} | {
            "TAVOLA_CONFIG": None
        }

    def run(self, *words: str | Path, stdin: str | bytes | None = None) -> Result:
        """What came of a command. An exception that is no exit is a defect."""
        arguments = [str(word) for word in words]
        result = CliRunner().invoke(main, arguments, input=stdin, env=self._environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.stderr
        return result

    def ok(self, *words: str | Path, stdin: str | bytes | None = None) -> str:
        """What a command that must succeed prints."""
        result = self.run(*words, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def json(self, *words: str | Path, stdin: str | bytes | None = None) -> Any:
        """What a command that must succeed answers with `--json`."""
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def error(self, code: str, exit_code: int, *words: str | Path, stdin: str | None = None) -> str:
        """What a command that must fail so tells, on one line of standard error."""
        result = self.run(*words, stdin=stdin)
        lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert len(lines) == 1, result.stderr
        assert lines[0].endswith(f"[{code}]"), lines[0]
        assert result.exit_code == exit_code
        return lines[0]

    def items(self) -> list[dict[str, Any]]:
        """All items, as an export has them."""
        return [json.loads(line) for line in self.ok("export", "-").splitlines()]


def typed(folder: Path, answer: str, *words: str) -> tuple[int, str]:
    """A command's exit code and what it shows when somebody answers it on a real terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *words],
        cwd=folder,
        env=environment(folder),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:  # so a terminal ends
            break
    os.close(ours)
    return process.wait(), shown.decode()
