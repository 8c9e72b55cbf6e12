"""One server for all tests of the API. Each test makes its own users, so they share nothing."""

from collections.abc import Iterator

import pytest

from tests.api.people import Api, People
from tests.api.serving import Serving

_SETTINGS = {"prefix_searches": "100000", "sign_in_attempts": "100000", "log_format": "json"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server; at the end it must stop cleanly and must not have failed at any request."""
    with Serving(tmp_path_factory.mktemp("api"), settings=_SETTINGS) as serving:
        yield serving
        assert serving.stop() == 0
        assert '"level": "error"' not in serving.errors


@pytest.fixture(scope="session")
def people(server: Serving) -> Iterator[People]:
    """An admin, who makes users."""
    with_admin = People(server.url)
    yield with_admin
    with_admin.close()


@pytest.fixture(scope="session")
def nobody(server: Serving) -> Iterator[Api]:
    """Somebody who is not signed in."""
    api = Api(server.url)
    yield api
    api.close()
