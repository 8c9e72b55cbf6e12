"""A healthy stack for each test, and a terminal that asks where it is."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.cognito.pools import CREDENTIALS, REGION, running_moto
from tests.deployed.stack import Stack, served


@pytest.fixture(scope="package")
def moto() -> Iterator[str]:
    """Where moto answers."""
    with running_moto() as url:
        yield url


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that are invented, and no settings of who runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "TAVOLA_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, text in CREDENTIALS.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def stack(moto: str) -> Iterator[Stack]:
    """A stack that is well."""
    reset = urllib.request.Request(f"{moto}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset, timeout=30).close()
    stack = Stack(moto)
    with served(stack):
        stack.make()
        yield stack


@pytest.fixture
def terminal(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal that asks the account of the stack."""
    monkeypatch.setenv("TAVOLA_AWS_ENDPOINT", stack.url)
    return Terminal(tmp_path)
