"""Who has confirmed their sign-up is a user before their first sign-in."""

import asyncio
from copy import deepcopy
from typing import Any

import pytest

from tavola.core.errors import Invalid, TokenInvalid
from tavola.core.persons import person_of
from tavola.edge.cognito.confirmed import confirmed
from tavola.edge.cognito.pool import address_of
from tavola.flows.flow import Flow
from tavola.flows.identities import sign_in
from tavola.flows.users import find_user, list_users
from tests import builders as b
from tests.drive import World

ADDRESS = address_of("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI")
EVENT: dict[str, Any] = {  # as Cognito's documentation has it
    "version": "1",
    "region": "eu-west-1",
    "userPoolId": "eu-west-1_AbCdEfGhI",
    "userName": "mira",
    "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "4h57d0m4example"},
    "triggerSource": "PostConfirmation_ConfirmSignUp",
    "request": {
        "userAttributes": {
            "sub": "8a2bc9dd-9787-4da6-8b5d-ed775eda36d7",
            "cognito:email_alias": "mira@example.com",
            "cognito:user_status": "CONFIRMED",
            "email_verified": "true",
            "email": "mira@example.com",
            "name": "Mira Castellanos",
        },
        "clientMetadata": {"from": "tests"},
    },
    "response": {},
}


def tell(world: World, event: Any) -> dict[str, Any]:
    async def run(flow: Flow[Any]) -> Any:
        return world.run(flow)

    return asyncio.run(confirmed(event, ADDRESS, run))


def test_it_makes_the_user_with_all_names_that_the_pool_knows() -> None:
    world = World()
    event = deepcopy(EVENT)
    assert tell(world, event) is event
    assert event == EVENT
    user = world.run(find_user("@mira"))
    assert user.display_name == "Mira Castellanos"
    claims = {"sub": EVENT["request"]["userAttributes"]["sub"], "username": "mira"}
    person = person_of(ADDRESS.issuer, claims)
    assert world.run(sign_in(person, "other", b.T0)) == user.user_id


def test_told_twice_it_makes_one_user() -> None:
    world = World()
    tell(world, EVENT)
    before = len(world.done)
    assert tell(world, EVENT) == EVENT
    assert [operation.pattern for operation in world.done[before:]] == ["get_identity"]
    assert len(world.run(list_users(10))[0]) == 1


def test_a_password_that_was_forgotten_makes_nobody() -> None:
    world = World()
    event = EVENT | {"triggerSource": "PostConfirmation_ConfirmForgotPassword"}
    assert tell(world, event) == event
    assert not world.done


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        None,
        EVENT | {"userPoolId": "eu-west-1_Another"},
        EVENT | {"userName": 7},
        EVENT | {"request": {}},
        EVENT | {"request": {"userAttributes": {"name": "x"}}},
        EVENT | {"request": {"userAttributes": {"sub": ""}}},
    ],
    ids=repr,
)
def test_another_event_is_refused(event: Any) -> None:
    world = World()
    with pytest.raises((Invalid, TokenInvalid)):
        tell(world, event)
    assert not world.done
