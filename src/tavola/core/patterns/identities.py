"""Access patterns of identities: who a subject of an issuer is here."""

from msgspec.structs import replace

from tavola.core import entities as e
from tavola.core import errors, table
from tavola.core.operations import Check, Get, Missing, Part, Put, Query, Transact
from tavola.core.patterns.declared import ALIVE, pattern
from tavola.core.patterns.directory import create_user


@pattern("Who is this subject?", "pk = IDENTITY#issuer#subject and sk = A", "0.5 RRU")
def get_identity(issuer: str, subject: str, *, consistent: bool = False) -> Get:
    return Get("get_identity", table.IDENTITY.key(issuer=issuer, subject=subject), consistent)


@pattern("A user's identities", "pk = USER#u, sk from IDENTITY#", "1 RRU per 4 KB")
def list_identities(user_id: str, limit: int, start: str | None = None) -> Query:
    low, high = "IDENTITY#", "IDENTITY#~"
    pk = f"USER#{user_id}"
    return Query("list_identities", pk, low, high, limit, consistent=True, start=start)


@pattern(
    "A user known elsewhere",
    "each Identity and its twin, the user as if made: all missing",
    "10-14 WRU",
)
def create_linked_user(user: e.User, *identities: e.Identity) -> Transact:
    """Identities come first: that one is there already says more than a handle that is taken."""
    name = "create_linked_user"
    linked = [part for identity in identities for part in _linked(name, identity)]
    made = (replace(part, pattern=name) for part in create_user(user, None).parts)
    return Transact(name, (*linked, *made))


@pattern("Link a subject to a user", "Identity and its twin missing, the user exists", "6 WRU")
def link_identity(identity: e.Identity) -> Transact:
    user = table.USER.key(user_id=identity.user_id)
    check = Check("link_identity", user, ALIVE, errors.UserNotFound)
    return Transact("link_identity", (*_linked("link_identity", identity), check))


def _linked(name: str, identity: e.Identity) -> tuple[Part, ...]:
    twin = e.UserIdentity(
        user_id=identity.user_id, issuer=identity.issuer, subject=identity.subject
    )
    return (
        Put(name, table.IDENTITY.build(identity), Missing()),
        Put(name, table.USER_IDENTITY.build(twin)),
    )
