"""What happens when somebody has confirmed their sign-up: Cognito's post-confirmation trigger.

A Lambda calls `confirmed` with the event that Cognito sends, and answers what it returns. The user
is then there before the first sign-in, with all names that the pool knows.
"""

from typing import Any

import msgspec

from tavola.core.errors import invalid
from tavola.core.persons import person_of
from tavola.edge import clock
from tavola.edge.cognito.pool import PoolAddress
from tavola.edge.ports import Run
from tavola.flows.identities import sign_in

SIGNED_UP = "PostConfirmation_ConfirmSignUp"  # the other trigger is a password that was forgotten


class _Request(msgspec.Struct, rename="camel"):
    user_attributes: dict[str, Any]


class _Event(msgspec.Struct, rename="camel"):
    trigger_source: str
    user_pool_id: str
    user_name: str
    request: _Request


async def confirmed(event: dict[str, Any], address: PoolAddress, run: Run) -> dict[str, Any]:
    """Make the user of who has signed up, once however often it is told; the event, for Cognito.

    Raises `Invalid` for an event of another kind or pool, `TokenInvalid` for one without subject,
    and what the store raises: Cognito then tells the person that something went wrong, and their
    first sign-in makes the user.
    """
    try:
        told = msgspec.convert(event, _Event)
    except msgspec.ValidationError as error:
        raise invalid("event", "shape", str(error)) from None
    if told.user_pool_id != address.pool_id:
        raise invalid("userPoolId", "pool", f"is not {address.pool_id}")
    if told.trigger_source == SIGNED_UP:
        claims = {**told.request.user_attributes, "cognito:username": told.user_name}
        await run(sign_in(person_of(address.issuer, claims), clock.new_id(), clock.now()))
    return event
