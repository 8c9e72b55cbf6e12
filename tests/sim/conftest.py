"""The engine that histories are lived on, too."""

from collections.abc import Iterator

import pytest

from tests.engine.dynoxide import Engine, running_engine


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """An engine for this suite."""
    with running_engine() as engine:
        yield engine
