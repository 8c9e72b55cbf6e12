"""What goes wrong with Postgres is one line with its code, and never with a password in it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tavola.core import limits
from tests.cli.terminal import Terminal
from tests.engine.dynoxide import free_port
from tests.postgres.conftest import TABLE
from tests.postgres.server import Postgres
from tests.postgres.syncing import add_many, handles, uuid

SECRET = "Tr0ub4dor"


@pytest.fixture
def terminal(tmp_path: Path, table: Postgres) -> Terminal:
    """A terminal on a file: what fails is not in the store."""
    assert table.port
    return Terminal(tmp_path)


def with_password(url: str) -> str:
    return url.replace("@", f":{SECRET}@")


def test_nobody_answers(terminal: Terminal) -> None:
    url = f"postgresql://app:{SECRET}@127.0.0.1:{free_port()}/db"
    told = terminal.error("postgres_unavailable", 1, "postgres", "sync", url)
    assert "127.0.0.1" in told
    assert SECRET not in told
    terminal.error(
        "postgres_unavailable", 1, "postgres", "sync", url.replace("127.0.0.1", "no.invalid")
    )


@pytest.mark.parametrize("user", ["locked", "barred"])
def test_we_are_not_let_in(terminal: Terminal, table: Postgres, user: str) -> None:
    table.do("DROP ROLE IF EXISTS locked")
    table.do("CREATE ROLE locked LOGIN PASSWORD 'another'")
    url = with_password(table.url_of(user))
    told = terminal.error("postgres_denied", 1, "postgres", "sync", url)
    assert user in told
    assert SECRET not in told
    assert SECRET not in terminal.run("postgres", "sync", url, "--json").output


def test_the_right_password_lets_us_in(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.do("DROP ROLE IF EXISTS locked")
    table.do("CREATE ROLE locked LOGIN PASSWORD 'p@ss/w?rd#%'")
    table.do("GRANT SELECT ON users TO locked")
    url = table.url_of("locked").replace("@", ":p%40ss%2Fw%3Frd%23%25@")
    terminal.ok("postgres", "sync", url)
    monkeypatch.setenv("PGPASSWORD", "p@ss/w?rd#%")
    terminal.ok("postgres", "sync", table.url_of("locked"))
    table.do("DROP OWNED BY locked")
    terminal.error("postgres_denied", 1, "postgres", "sync", url)


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ("DROP TABLE users", "postgres_table_missing", "users"),
        ("ALTER TABLE users DROP COLUMN handle", "postgres_column_missing", "handle"),
        ("ALTER ROLE slow SET statement_timeout = 1", "postgres_timeout", "timeout"),
        ("REVOKE ALL ON users FROM slow", "postgres_denied", "permission"),
    ],
)
def test_the_table_cannot_be_read(
    terminal: Terminal, table: Postgres, change: str, code: str, word: str
) -> None:
    _slow_reader(table)
    table.do(change)
    told = terminal.error(code, 1, "postgres", "sync", with_password(table.url_of("slow")))
    assert word in told
    assert SECRET not in told


def _slow_reader(table: Postgres) -> None:
    """Somebody who reads; all rows take them longer than a millisecond."""
    if table.do("SELECT 1 FROM pg_roles WHERE rolname = 'slow'"):
        table.do("DROP OWNED BY slow; DROP ROLE slow")
    table.do("CREATE ROLE slow LOGIN; GRANT SELECT ON users TO slow")
    table.do(
        "INSERT INTO users (uuid, handle, display_name) "
        "SELECT gen_random_uuid(), 'u' || n, 'U' FROM generate_series(1, 20000) AS n"
    )


def test_the_database_is_not_there(terminal: Terminal, table: Postgres) -> None:
    url = table.url_of("tavola", "nowhere")
    assert "nowhere" in terminal.error("postgres_unavailable", 1, "postgres", "sync", url)


@pytest.mark.parametrize("settings", [{"TABLE": "no.such"}, {"TABLE": "users; DROP TABLE users"}])
def test_a_name_is_only_a_name(
    terminal: Terminal,
    table: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
) -> None:
    for name, text in settings.items():
        monkeypatch.setenv(f"TAVOLA_POSTGRES_{name}", text)
    terminal.error("postgres_table_missing", 1, "postgres", "sync", table.url)
    assert table.do("SELECT count(*) FROM users") == [(0,)]


def test_a_connection_that_is_lost_is_told_and_the_next_run_finishes(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tavola.flows import mirroring

    add_many(table, range(50))
    monkeypatch.setattr(limits, "MIRROR_PAGE", 10)
    real = mirroring.find_changed
    pages: list[object] = []

    def third_time_lost(records: object) -> object:
        pages.append(records)
        if len(pages) == 3:
            table.do(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'tavola'"
            )
        return real(records)  # type: ignore[arg-type] # what came is passed on

    with monkeypatch.context() as patched:
        patched.setattr(mirroring, "find_changed", third_time_lost)
        ended = terminal.run("postgres", "sync", table.url)
    assert ended.exit_code == 1
    (error,) = ended.stderr.removeprefix("rows …\n").splitlines()
    assert error.endswith("[postgres_unavailable]")
    assert 0 < len(handles(terminal)) < 50
    report = terminal.json("postgres", "sync", table.url)
    assert report["created"] + report["unchanged"] == 50
    assert report["created"] > 0
    assert handles(terminal)[uuid(49)] == "user00049"


def test_a_server_that_wants_no_idle_transactions_lets_us_finish(
    terminal: Terminal, table: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tavola.flows import mirroring

    _slow_reader(table)
    table.do("ALTER ROLE slow SET idle_in_transaction_session_timeout = 50")
    real = mirroring.find_changed

    def slowly(records: object) -> object:
        time.sleep(0.2)
        return real(records)  # type: ignore[arg-type] # what came is passed on

    table.do("DELETE FROM users")
    add_many(table, range(10))
    terminal.ok("users", "add", "owner", "--no-password")
    monkeypatch.setattr(mirroring, "find_changed", slowly)
    monkeypatch.setattr(limits, "MIRROR_PAGE", 5)
    terminal.ok("postgres", "sync", table.url_of("slow"), "--dry-run")


def test_nothing_is_written_there(terminal: Terminal, table: Postgres) -> None:
    """Not even by what a view does when it is read."""
    table.do(TABLE)
    table.do("DROP TABLE users; DROP SEQUENCE IF EXISTS reads; CREATE SEQUENCE reads")
    table.do(
        "CREATE VIEW users AS SELECT nextval('reads')::text AS uuid, 'mira' AS handle, "
        "'M' AS display_name, now() AS created_at"
    )
    told = terminal.error("postgres_failed", 1, "postgres", "sync", table.url)
    assert "read-only transaction" in told
    table.do("DROP VIEW users")


def test_without_the_driver_it_is_said_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from tavola.edge.cli import main\n"
        "main(['postgres', 'sync', 'postgresql://127.0.0.1:1/x', '--dry-run'])\n"
    )
    (tmp_path / "tavola.toml").write_text('store = "memory://"\n')
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "pip install 'tavola[postgres]'" in ended.stderr
    assert ended.stderr.endswith("[driver_missing]\n")


def test_the_driver_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys\n"
        "import tavola.app, tavola.edge.cli.postgres\n"
        "sys.exit('psycopg' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
