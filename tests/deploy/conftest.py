"""An engine and a moto for all tests of the functions, and credentials of nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cognito.pools import running_moto
from tests.deploy.permissions import Guard
from tests.engine.dynoxide import ENVIRONMENT, Engine, running_engine


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """An engine for this suite."""
    with running_engine() as engine:
        yield engine


@pytest.fixture(scope="package")
def moto() -> Iterator[str]:
    """Where moto answers."""
    with running_moto() as url:
        yield url


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Notes what a function does that its role may not; at the end there must be nothing."""
    with Guard().installed() as guard:
        yield guard
    assert not guard.refused


@pytest.fixture(autouse=True)
def of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but invented ones, and no settings of who runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "TAVOLA_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
