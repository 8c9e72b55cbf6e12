"""The web UI's types of the API are those of the server that it is built with."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_types_are_not_stale() -> None:
    made = subprocess.run(
        [ROOT / "scripts/api-types", "--check"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
