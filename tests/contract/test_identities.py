"""On every store, people who sign in for the first time all at once are each one user."""

import asyncio

from msgspec.structs import replace

from tavola.core.persons import Person
from tavola.flows.identities import sign_in
from tavola.flows.users import list_users
from tavola.stores import port
from tests import builders as b
from tests.contract.conftest import Database

MIRA = Person("https://id.example.com", "auth0|7", ("mira",))


def test_first_sign_ins_at_once_make_one_user_for_each_person(db: Database) -> None:
    people = [replace(MIRA, subject=f"auth0|{n}") for n in range(3)]

    async def all_at_once() -> list[str]:
        flows = (sign_in(one, f"u{n}{m}", b.T0) for n in range(4) for m, one in enumerate(people))
        return await asyncio.gather(*(port.run(flow, db.store) for flow in flows))

    found = db.wait(all_at_once())
    assert found == found[:3] * 4
    assert len(set(found)) == 3
    users, _ = db.run(list_users(10))
    assert sorted(user.handle for user in users) == ["mira", "mira-2", "mira-3"]
    assert sorted(user.user_id for user in users) == sorted(found[:3])
