"""Brings the people of a user pool into the directory: makes users and links them.

Who is linked stays as they are: nothing is changed twice, and names here are people's own. Nobody
is linked by a handle or an address, which people choose themselves: only by an attribute of the
pool that holds our user ids, where one is named.
"""

import msgspec

from tavola.core.errors import Invalid, TokenInvalid, UserNotFound
from tavola.core.ids import check_id
from tavola.core.persons import Person
from tavola.core.views import View
from tavola.edge import clock
from tavola.edge.aws.services import Ask
from tavola.edge.cognito.pool import PoolAddress, PoolUser, list_pool
from tavola.edge.importers.report import Progress
from tavola.edge.ports import Run
from tavola.flows.access import find_user
from tavola.flows.identities import find_identity, link_user, list_identities, make_linked_user

UNCONFIRMED = "UNCONFIRMED"


class Unmatched(View, frozen=True):
    """Somebody in the pool who is nobody here, and why."""

    username: str
    reason: str


class SyncReport(msgspec.Struct):
    """What a sync has done, or would do."""

    dry_run: bool
    created: int = 0
    linked: int = 0
    unchanged: int = 0
    unmatched: list[Unmatched] = []


class NoMatch(Exception):
    """Somebody cannot be matched; the text says why."""


class Sync:
    """One run over a pool. `match` is the attribute that holds our ids, if there is one."""

    def __init__(self, address: PoolAddress, run: Run, match: str | None, *, dry_run: bool) -> None:
        self.report = SyncReport(dry_run)
        self._address = address
        self._run = run
        self._match = match
        self._matched: set[str] = set()

    async def all(self, ask: Ask, shown: Progress) -> SyncReport:
        """Go through the whole pool. Raises `CognitoFailed`, and what the store raises."""
        shown.stage("users", None)
        async for page in list_pool(ask, self._address.pool_id):
            for user in page:
                try:
                    await self._one(user)
                except (NoMatch, Invalid, TokenInvalid) as error:
                    self.report.unmatched.append(Unmatched(user.username, str(error)))
                shown.advance()
        return self.report

    async def _one(self, user: PoolUser) -> None:
        person = user.person(self._address.issuer)
        if await self._run(find_identity(person.issuer, person.subject)):
            self.report.unchanged += 1
            return
        check_may_come(user)
        wanted = user.claims.get(self._match) if self._match else None
        if wanted is None:
            await self._create(person)
        else:
            await self._link(person, wanted)

    async def _create(self, person: Person) -> None:
        if not self.report.dry_run:
            await self._run(make_linked_user(person, clock.new_id(), clock.now()))
        self.report.created += 1

    async def _link(self, person: Person, user_id: str) -> None:
        try:
            await self._run(find_user(check_id(user_id, self._match or "id")))
        except UserNotFound:
            raise NoMatch(f"{self._match} names {user_id}, who is no user here") from None
        known = await self._run(list_identities(user_id))
        if user_id in self._matched or any(one.issuer == person.issuer for one in known):
            raise NoMatch(f"{self._match} names {user_id}, who is linked with another subject")
        self._matched.add(user_id)
        if not self.report.dry_run:
            await self._run(link_user(person, user_id))
        self.report.linked += 1


def check_may_come(user: PoolUser) -> None:
    """Raise `NoMatch` for who has not proved to be anybody, or must not sign in."""
    if user.user_status == UNCONFIRMED:
        raise NoMatch("has not confirmed the sign-up")
    if not user.enabled:
        raise NoMatch("is disabled")
