"""Who a subject of an issuer is here: the first sign-in makes the user, later ones find it.

The link is the `Identity` item, written in one transaction with its user. A handle links nobody: to
know somebody's is no proof of being them. What an issuer changes later changes nothing here.
"""

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Busy, Changed, HandleTaken
from tavola.core.items import Item
from tavola.core.operations import Lost
from tavola.core.persons import Person, display_name_for, handles_for
from tavola.flows.access import find
from tavola.flows.flow import Flow
from tavola.flows.users import new_user


def find_identity(issuer: str, subject: str) -> Flow[str | None]:
    """The id of the user who is linked with a subject; None for nobody."""
    item = yield from find(patterns.get_identity(issuer, subject))
    return _user_of(item) if item else None


def sign_in(person: Person, new_id: str, now: str) -> Flow[str]:
    """The id of a person's user, who is made with this new id when it is their first sign-in.

    Raises `Busy` in the unlikely case that all their handles are taken.
    """
    known = yield from find_identity(person.issuer, person.subject)
    if known is not None:
        return known
    made = yield from make_linked_user(person, new_id, now)
    return made.user_id


def make_linked_user(person: Person, new_id: str, now: str) -> Flow[e.Identity]:
    """Make the user of a person with the first handle that is free, and link both.

    The identity that is there afterwards: somebody else may have been faster. Raises `Busy`.
    """
    identity = e.Identity(issuer=person.issuer, subject=person.subject, user_id=new_id)
    for handle in handles_for(person):
        user = new_user(new_id, handle, display_name_for(person, handle), now)
        try:
            lost = yield patterns.create_linked_user(user, identity)
        except HandleTaken:
            continue
        return _there(identity, lost)
    raise Busy("All handles that were tried are taken.")


def link_user(person: Person, user_id: str) -> Flow[e.Identity]:
    """Link a user who is there with a person. The identity that is there afterwards.

    Raises `UserNotFound`.
    """
    identity = e.Identity(issuer=person.issuer, subject=person.subject, user_id=user_id)
    return _there(identity, (yield patterns.link_identity(identity)))


def list_identities(user_id: str) -> Flow[list[e.UserIdentity]]:
    """All subjects that are linked with a user."""
    found: list[e.UserIdentity] = []
    start: str | None = None
    while True:
        page = yield patterns.list_identities(user_id, limits.PAGE_MAX, start)
        found += [table.USER_IDENTITY.parse(item) for item in page.items]
        start = page.next
        if start is None:
            return found


def _there(wanted: e.Identity, lost: Lost | None) -> e.Identity:
    if lost is None:
        return wanted
    if lost.old is None or lost.old["type"] != "Identity":
        raise Changed
    return table.IDENTITY.parse(lost.old)


def _user_of(item: Item) -> str:
    return table.IDENTITY.parse(item).user_id
