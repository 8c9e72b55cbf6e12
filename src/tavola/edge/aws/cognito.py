"""The function behind a user pool: who has confirmed their sign-up becomes a user.

The pool names this function, so the function's settings cannot name the pool. It takes the events
of the pool that calls it; which that may be is said by who may call it.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog

from tavola.app import Service
from tavola.edge.aws.container import Container
from tavola.edge.aws.opening import opened
from tavola.edge.cognito.confirmed import confirmed
from tavola.edge.cognito.pool import address_of

Event = dict[str, Any]


class CognitoFunction:
    """Answers the post-confirmation events of a user pool."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._container = Container(self._opened)

    def __call__(self, event: Event, context: Any) -> Event:
        """The event, once its user is there. Raises as `confirmed` does."""
        structlog.contextvars.bind_contextvars(aws_request_id=context.aws_request_id)

        async def confirm(service: Service) -> Event:
            issuer = service.settings.issuer or issuer_of(event)
            return await confirmed(event, address_of(issuer), service.run)

        return self._container.run(confirm)

    def close(self) -> None:
        """Close the store."""
        self._container.close()

    def _opened(self) -> AbstractAsyncContextManager[Service]:
        return opened(self._environment)


def issuer_of(event: Event) -> str:
    """The pool that an event is from, as its tokens say it."""
    return f"https://cognito-idp.{event.get('region')}.amazonaws.com/{event.get('userPoolId')}"


handler = CognitoFunction(os.environ)
