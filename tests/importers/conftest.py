"""A terminal for each test."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal on a store that is not there yet."""
    return Terminal(tmp_path)
