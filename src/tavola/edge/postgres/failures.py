"""What Postgres says against us, as errors of the catalogue: one line, and never a password."""

import re

import psycopg

from tavola.core.errors import (
    PostgresColumnMissing,
    PostgresDenied,
    PostgresFailed,
    PostgresTableMissing,
    PostgresTimeout,
    PostgresUnavailable,
    TavolaError,
)
from tavola.edge.postgres.address import Source, untold

# By SQLSTATE, or by its class, the first two characters.
_KINDS: dict[str, type[TavolaError]] = {
    "28": PostgresDenied,  # who we say that we are
    "42501": PostgresDenied,  # insufficient_privilege
    "42P01": PostgresTableMissing,
    "3F": PostgresTableMissing,  # its schema
    "3D": PostgresTableMissing,  # its database
    "42703": PostgresColumnMissing,
    "57014": PostgresTimeout,  # query_canceled
    "55P03": PostgresTimeout,  # lock_not_available
    "25P03": PostgresTimeout,  # idle_in_transaction_session_timeout
    "57": PostgresUnavailable,  # it stops, or starts
    "53": PostgresUnavailable,  # it is full
    "08": PostgresUnavailable,  # the connection is lost
    "40": PostgresUnavailable,  # a replica had to take the rows away
}
_REFUSED = re.compile(r"authentication failed|pg_hba\.conf|no password supplied")


def error_of(error: psycopg.Error, source: Source) -> TavolaError:
    """What went wrong with a query."""
    state = error.sqlstate or ("08" if isinstance(error, psycopg.OperationalError) else "")
    kind = _KINDS.get(state) or _KINDS.get(state[:2], PostgresFailed)
    said = error.diag.message_primary or str(error)
    return kind(f"Postgres, on {source.shown_table}: {untold(said, source.url)}.")


def error_of_connecting(error: psycopg.Error, source: Source) -> TavolaError:
    """Why there is no connection. Of this libpq tells no SQLSTATE."""
    said = untold(str(error), source.url)
    kind = PostgresDenied if _REFUSED.search(said) else PostgresUnavailable
    return kind(f"Postgres: {said}.")
