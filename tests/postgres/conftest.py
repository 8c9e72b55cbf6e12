"""A table of users in Postgres for each test, and a terminal on each kind of store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.engine.dynoxide import ENVIRONMENT, Engine, running_engine
from tests.postgres.server import Postgres, running_postgres

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
STORES = ("sqlite", "dynamodb")
TABLE = """
    DROP TABLE IF EXISTS users;
    CREATE TABLE users (
        uuid uuid,
        display_name text,
        handle text,
        email text,
        cognito_user_id text,
        created_at timestamp DEFAULT '2020-02-29 12:30:00.123456'
    )
"""


@pytest.fixture(scope="package")
def server() -> Iterator[Postgres]:
    """A server for this suite."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def table(server: Postgres) -> Postgres:
    """The server with an empty table of users."""
    server.do(TABLE)
    return server


@pytest.fixture(scope="package", params=STORES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine | None]:
    """An engine for tables, or none for files."""
    if request.param == "sqlite":
        yield None
        return
    with running_engine() as engine:
        yield engine


@pytest.fixture
def terminal(
    tmp_path: Path, engine: Engine | None, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal whose settings name the table of users."""
    monkeypatch.setenv("TAVOLA_POSTGRES_URL", table.url)
    monkeypatch.setenv("TAVOLA_ISSUER", ISSUER)
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)
    url = engine.store_url(engine.new_table()) if engine else None
    terminal = Terminal(tmp_path, url=url)
    terminal.ok("users", "add", "owner", "--id", "app-1", "--no-password")
    return terminal
