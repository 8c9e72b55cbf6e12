"""A user pool for each test, of one moto for all."""

from collections.abc import Iterator

import pytest

from tests.cognito.pools import Pool, running_moto


@pytest.fixture(scope="package")
def moto() -> Iterator[str]:
    """Where moto answers."""
    with running_moto() as url:
        yield url


@pytest.fixture
def pool(moto: str) -> Pool:
    """A new, empty pool."""
    return Pool(moto)
