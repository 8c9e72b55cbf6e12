"""A URL is taken as it is meant or refused, and its password is never told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.app import source_of
from tavola.core.errors import Invalid
from tavola.edge.postgres.address import check_url, untold
from tavola.settings import Settings, load


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgres://host",
        "postgresql:///db?host=/run/postgresql",
        "postgresql://app:pa%40ss@db.example:5432/app",
        "postgresql://app:a:b@[::1]:5432/app?sslmode=verify-full",
        "postgresql://app@one:5432,two:5433/app?target_session_attrs=read-only",
    ],
)
def test_urls_of_libpq_are_taken(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "host=db password=hunter2",
        "mysql://app:hunter2@db/app",
        "postgresql://app:hunter2",  # would be a port
        "postgresql://app:hun/ter2@db/app",  # would be a port and a database
        "postgresql://app:hun@ter2@db/app",  # would be a host
        "postgresql://app:hun?ter2@db/app",
        "postgresql://app:hun#ter2@db/app",
        "postgresql://app:hun%ter2@db/app",
        "postgresql://app:hun%00ter2@db/app",
        "postgresql://app:hun ter2@db/app",
    ],
)
def test_what_may_be_misread_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        check_url(url)
    assert "hun" not in str(raised.value)
    assert "ter2" not in str(raised.value)


@given(st.text(min_size=1), st.text())
def test_no_password_is_told_of_any_url(password: str, rest: str) -> None:
    url = f"postgresql://app:secret-{password}@{rest}"
    try:
        told = untold(f"cannot connect to {check_url(url)}", url)
    except Invalid as error:
        told = str(error)
    assert "secret-" not in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:p%40ss@db/app",
        "postgresql://db/app?user=app&password=p%40ss",
        "postgresql://db/app?sslpassword=p%40ss",
    ],
)
def test_a_password_is_taken_out_of_what_is_told(url: str) -> None:
    assert untold("wrong:\n  p@ss,  p%40ss", url).count("***") >= 1
    assert "p@ss" not in untold("wrong: p@ss", url)


def test_the_url_is_given_or_set() -> None:
    settings = load({"postgres_url": "postgresql://set"}, {})
    assert source_of(settings).url == "postgresql://set"
    assert source_of(settings, "postgresql://given").url == "postgresql://given"
    with pytest.raises(Invalid, match="postgres_url"):
        source_of(Settings())


@pytest.mark.parametrize("name", ["", ".", "a.", ".a", "a.b.c", "a\0b", "x" * 64])
def test_a_table_has_a_name_and_perhaps_a_schema(name: str) -> None:
    with pytest.raises(Invalid, match="postgres_table"):
        load({"postgres_table": name}, {})
