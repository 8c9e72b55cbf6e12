"""The post-confirmation function, by the documented event with a user of a real pool in it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tavola.app import open_service
from tavola.core.errors import Invalid
from tavola.core.views import user_of
from tavola.edge.aws.cognito import CognitoFunction
from tavola.flows.identities import find_identity
from tavola.flows.users import find_user, list_users
from tavola.settings import Settings
from tests.cognito.pools import REGION, Pool
from tests.cognito.test_confirmed import EVENT
from tests.deploy.lambdas import Context
from tests.deploy.permissions import Guard
from tests.engine.dynoxide import Engine


@pytest.fixture
def pool(moto: str) -> Pool:
    """A new pool."""
    return Pool(moto)


@pytest.fixture
def store(engine: Engine) -> str:
    """A new table's address."""
    return engine.store_url(engine.new_table())


@pytest.fixture
def function(store: str) -> Iterator[CognitoFunction]:
    """The function, which does not know the pool."""
    function = CognitoFunction({"TAVOLA_STORE": store})
    yield function
    function.close()


def confirmation(pool: Pool, username: str) -> dict[str, Any]:
    """What Cognito sends when this user of the pool has confirmed the sign-up."""
    found = pool.call("AdminGetUser", Username=username)
    attributes = {one["Name"]: one["Value"] for one in found["UserAttributes"]}
    status = {"cognito:user_status": found["UserStatus"]}
    return EVENT | {
        "region": REGION,
        "userPoolId": pool.id,
        "userName": found["Username"],
        "request": {"userAttributes": attributes | status},
    }


def test_who_has_signed_up_is_a_user_once(
    function: CognitoFunction, pool: Pool, store: str, guard: Guard
) -> None:
    subject = pool.add("mira", name="Mira Castellanos", email="mira@example.com")
    event = confirmation(pool, "mira")
    for _ in range(3):
        with guard.acting("CognitoRole"):
            assert function(event, Context()) == event

    async def look() -> None:
        async with open_service(Settings(store=store), write=False) as service:
            user = await service.run(find_user("@mira"))
            assert user_of(user).display_name == "Mira Castellanos"
            identity = await service.run(find_identity(pool.issuer, subject))
            assert identity is not None
            assert identity == user.user_id
            assert len((await service.run(list_users(10)))[0]) == 1

    asyncio.run(look())


@pytest.mark.parametrize("missing", ["region", "userPoolId", "triggerSource", "request"])
def test_an_event_of_another_shape_is_refused(
    function: CognitoFunction, pool: Pool, missing: str
) -> None:
    pool.add("mira")
    event = confirmation(pool, "mira")
    del event[missing]
    with pytest.raises(Invalid):
        function(event, Context())


def test_a_function_that_knows_its_pool_takes_no_other(store: str, pool: Pool) -> None:
    other = f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_Another"
    pool.add("mira")
    function = CognitoFunction({"TAVOLA_STORE": store, "TAVOLA_ISSUER": other})
    with pytest.raises(Invalid, match="userPoolId"):
        function(confirmation(pool, "mira"), Context())
    function.close()
