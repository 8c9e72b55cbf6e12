"""Compares handles with those that people have in another place: a user pool, a table in Postgres.

A place gives pairs: who somebody is there, and the handle that they have there. Who has none there,
or is nobody here yet, is no finding: they become somebody when they come.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, NamedTuple

from tavola.core import patterns, table
from tavola.core.errors import TokenInvalid
from tavola.core.ids import fold_handle
from tavola.core.persons import fitting_handle, person_of
from tavola.edge.aws.services import Ask
from tavola.edge.cognito.pool import PoolAddress, list_pool
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Run
from tavola.edge.postgres.address import Source
from tavola.flows.doctor.checks import HANDLE_DIFFERS
from tavola.flows.doctor.finding import Finding
from tavola.flows.doctor.people import is_alive, user_key
from tavola.flows.flow import Flow
from tavola.flows.identities import find_identity

if TYPE_CHECKING:  # the driver is an extra
    from tavola.edge.postgres.asking import Directory

Pairs = AsyncIterator[tuple[str, str]]


class Elsewhere(NamedTuple):
    """Another place: its name, when who is nobody here `comes`, its pairs, and who is whom here."""

    name: str
    comes: str
    pairs: Pairs
    user_of: Callable[[str], Flow[str | None]]


class Compared(NamedTuple):
    """The handles that differ, and how many are nobody here."""

    findings: list[Finding]
    strangers: int


async def compare_handles(place: Elsewhere, run: Run, progress: Progress) -> Compared:
    """Look up everybody of another place. Raises what that raises."""
    progress.stage(place.name, None)
    found, strangers = [], 0
    async for external_id, handle in place.pairs:
        user_id = await run(place.user_of(external_id))
        if user_id is None:
            strangers += 1
        else:
            found += await run(_compare(place.name, external_id, handle, user_id))
        progress.advance()
    return Compared(found, strangers)


def _compare(name: str, external_id: str, handle: str, user_id: str) -> Flow[list[Finding]]:
    item = yield patterns.get_user(user_id, consistent=True)
    user = table.USER.parse(item) if item else None
    if user is None or not is_alive(user) or fold_handle(handle) == fold_handle(user.handle):
        return []
    told = f"{external_id} is @{handle} in {name}, and {user_id}, @{user.handle}, here"
    return [Finding(HANDLE_DIFFERS, user_key(user_id), told)]


def cognito_place(address: PoolAddress, ask: Ask) -> Elsewhere:
    """A user pool: people by their subjects, with the handle that they would get here."""
    return Elsewhere(
        "cognito",
        "when they sign in",
        _pool_pairs(address, ask),
        lambda subject: find_identity(address.issuer, subject),
    )


async def _pool_pairs(address: PoolAddress, ask: Ask) -> Pairs:
    async for page in list_pool(ask, address.pool_id):
        for user in page:
            with suppress(TokenInvalid):  # who has no subject cannot be anybody here
                person = user.person(address.issuer)
                wish = next(filter(None, map(fitting_handle, person.usernames)), None)
                if wish:
                    yield person.subject, wish


def postgres_place(source: Source, directory: "Directory") -> Elsewhere:
    """A table of users: people by their uuids, with the handle that their row has."""
    return Elsewhere(
        "postgres",
        "with the next sync",
        _row_pairs(source, directory),
        lambda uuid: find_identity(source.name, uuid),
    )


async def _row_pairs(source: Source, directory: "Directory") -> Pairs:
    async with aclosing(directory.entries(people=False)) as pages:
        async for page in pages:
            for entry in page:
                with suppress(TokenInvalid):  # whose uuid links nobody cannot be anybody here
                    person = person_of(source.name, {"sub": entry.uuid})
                    if entry.handle:
                        told = entry.handle.encode(errors="replace").decode()
                        yield person.subject, told
