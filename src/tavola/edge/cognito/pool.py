"""A user pool: where it is, and its people, page by page."""

import re
from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec

from tavola.core.errors import CognitoFailed, invalid
from tavola.core.persons import Person, person_of
from tavola.edge.aws.services import Ask

PAGE_USERS = 60  # the most that Cognito gives
_ISSUER = re.compile(
    r"https://(cognito-idp\.([a-z0-9-]{1,40})\.amazonaws\.com(?:\.cn)?)/([\w-]{1,55}_[0-9a-zA-Z]+)"
)


class PoolAddress(NamedTuple):
    """Where a user pool is, as its issuer says it."""

    issuer: str
    endpoint: str
    region: str
    pool_id: str


class PoolUser(msgspec.Struct, frozen=True, rename="pascal"):
    """A user of the pool."""

    username: str
    attributes: list["Attribute"] = []
    user_status: str = "UNKNOWN"
    enabled: bool = True

    @property
    def claims(self) -> dict[str, str]:
        """What is known of them, by the names that claims have."""
        found = {one.name: one.value for one in self.attributes if one.value is not None}
        return {**found, "cognito:username": self.username}

    def person(self, issuer: str) -> Person:
        """Who they are at the issuer. Raises `TokenInvalid` without a subject."""
        return person_of(issuer, self.claims)


class Attribute(msgspec.Struct, frozen=True, rename="pascal"):
    """What the pool knows of a user."""

    name: str
    value: str | None = None


class _Page(msgspec.Struct, rename="pascal"):
    users: list[PoolUser]
    pagination_token: str | None = None


def address_of(issuer: str | None, endpoint: str | None = None) -> PoolAddress:
    """The pool that an issuer is. Raises `Invalid` for another kind of issuer, or none."""
    found = _ISSUER.fullmatch(issuer or "")
    if issuer is None or found is None:
        message = "must be https://cognito-idp.REGION.amazonaws.com/POOL, a Cognito user pool"
        raise invalid("issuer", "cognito", message)
    return PoolAddress(issuer, endpoint or f"https://{found[1]}/", found[2], found[3])


async def list_pool(ask: Ask, pool_id: str) -> AsyncIterator[list[PoolUser]]:
    """All users of a pool, in pages. Raises `CognitoFailed`."""
    token: str | None = None
    while True:
        asked = {"UserPoolId": pool_id, "Limit": PAGE_USERS}
        answer = await ask("ListUsers", asked | ({"PaginationToken": token} if token else {}))
        try:
            page = msgspec.json.decode(answer, type=_Page)
        except msgspec.MsgspecError as error:
            raise CognitoFailed(f"Cognito answered what it should not: {error}") from None
        yield page.users
        if page.pagination_token is None:
            return
        if page.pagination_token == token:
            raise CognitoFailed("Cognito answered the same page twice.")
        token = page.pagination_token
