"""The table of endpoints, and how one is declared.

An endpoint says all that is known of it without running it: method, path, who may call, the shapes
of its body, query and reply, its errors. Routing, checking and the OpenAPI document follow.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from tavola.core.errors import TavolaError
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.callers import Auth
from tavola.edge.http.types import NoQuery, OptionalInput

PREFIX = "/api/v1"


class Handler(Protocol):
    """What answers a call: a function, which has a name."""

    __name__: str

    def __call__(self, call: Call[Any, Any], /) -> Awaitable[Reply]: ...


class Endpoint(msgspec.Struct, frozen=True):
    """One method of one path."""

    method: str
    path: str
    handler: Handler
    summary: str
    description: str
    auth: Auth
    body: type | None
    query: type
    reply: type | None
    statuses: tuple[int, ...]
    errors: tuple[type[TavolaError], ...]

    @property
    def name(self) -> str:
        """What it does, in a word or two: that of its handler."""
        return self.handler.__name__

    @property
    def route(self) -> str:
        """The path with the API's prefix."""
        return PREFIX + self.path

    @property
    def body_required(self) -> bool:
        """Whether a missing body is an error; else it counts as `{}`."""
        return self.body is None or not issubclass(self.body, OptionalInput)


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str,
    path: str,
    *,
    auth: Auth = "user",
    body: type | None = None,
    query: type = NoQuery,
    reply: type | None = None,
    statuses: tuple[int, ...] = (200,),
    errors: tuple[type[TavolaError], ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare the handler below as an endpoint; its docstring is the documentation."""

    def declare(handler: Handler) -> Handler:
        summary, _, description = (handler.__doc__ or "").partition("\n")
        ENDPOINTS.append(
            Endpoint(
                method,
                path,
                handler,
                summary.strip(),
                " ".join(description.split()),
                auth,
                body,
                query,
                reply,
                statuses,
                errors,
            )
        )
        return handler

    return declare
