"""One server on each kind of store for all tests of the API.

Each test makes its own users, so they share nothing.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.people import Api, People
from tests.api.serving import Functions, Serving
from tests.engine.dynoxide import ENVIRONMENT, running_engine

ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = {"prefix_searches": "100000", "sign_in_attempts": "100000", "log_format": "json"}
STORES = ("sqlite", "dynamodb", "lambda")
_GATEWAYS = "connections are API Gateway's"
NOT_ON_LAMBDA = {
    "test_an_endless_request_is_cut_off": _GATEWAYS,
    "test_raw_rubbish_never_reaches_a_500": _GATEWAYS,
    "test_so_it_is_without_a_length": _GATEWAYS,
    "test_metrics_have_names_of_ours_and_labels_that_are_declared": "each function has its own",
}


@pytest.fixture(scope="session", params=STORES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """The server; at the end it must stop cleanly and must not have failed at any request."""
    folder = tmp_path_factory.mktemp(f"api-{request.param}")
    with ExitStack() as stack:
        serving = stack.enter_context(_serving(request.param, folder, stack))
        yield serving
        assert serving.stop() == 0
        assert '"level": "error"' not in serving.errors


def _serving(store: str, folder: Path, stack: ExitStack) -> Serving:
    if store == "sqlite":
        return Serving(folder, settings=_SETTINGS)
    engine = stack.enter_context(running_engine())
    table = {"store": engine.store_url(engine.new_table())}
    if store == "lambda":
        variables = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
        return Functions(folder, arguments=(), settings=_SETTINGS | table, variables=variables)
    followed = _SETTINGS | table | {"with_worker": "true"}
    return Serving(folder, settings=followed, variables=ENVIRONMENT)


@pytest.fixture(autouse=True)
def where_it_can_be(request: pytest.FixtureRequest) -> None:
    """Leave out on Lambda what is not the HTTP function's there."""
    callspec = getattr(request.node, "callspec", None)
    on_lambda = callspec is not None and callspec.params.get("server") == "lambda"
    if on_lambda and request.node.originalname in NOT_ON_LAMBDA:
        pytest.skip(NOT_ON_LAMBDA[request.node.originalname])


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
