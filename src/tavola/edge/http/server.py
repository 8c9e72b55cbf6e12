"""The ASGI application: the endpoints, health, metrics, the OpenAPI document and the web UI."""

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

import msgspec
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from tavola.core.errors import MethodNotAllowed, NotFound
from tavola.edge import clock
from tavola.edge.http import groups, messages, problems, session, table, users  # noqa: F401 - they declare the endpoints
from tavola.edge.http import metrics as metrics_page
from tavola.edge.http.call import Server
from tavola.edge.http.callers import Callers
from tavola.edge.http.dispatch import Path, answer_error
from tavola.edge.http.endpoints import ENDPOINTS, PREFIX, Endpoint
from tavola.edge.http.openapi import document
from tavola.edge.http.pages import Pages


def build(server: Server) -> ASGIApp:
    """The application for a server."""
    registry = metrics_page.registry_for(server.stats, server.feed)
    requests = metrics_page.RequestMetrics(registry)
    callers = Callers(server.tokens, server.bearers, server.run)
    by_path = groupby(sorted(ENDPOINTS, key=_by_path), key=_by_path)
    routes: list[Route | Mount] = [
        Route(PREFIX + path, Path(list(endpoints), server, callers, requests))
        for path, endpoints in by_path
    ]
    routes.sort(key=lambda route: route.path != PREFIX + "/messages")  # the hot one first

    routes += [
        Route(f"{PREFIX}/openapi.json", _constant(document())),
        Route(problems.PATH, _constant(problems.catalogue())),
        Route("/healthz", _constant({"status": "ok"})),
        Route("/metrics", _Page(partial(metrics_page.page, registry), metrics_page.MEDIA_TYPE)),
        Route("/api", _NotFound()),
        Mount("/api", _NotFound()),
    ]
    app: ASGIApp = Router(routes, redirect_slashes=False, default=Pages())
    if server.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=server.cors_origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=("authorization", "content-type"),
            expose_headers=("x-request-id", "retry-after"),
        )
    return _Http(app)


class _Page:
    """Something that everybody may read."""

    def __init__(self, content: Callable[[], bytes], media_type: str) -> None:
        self._content = content
        self._media_type = media_type

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):
            await Response(self._content(), media_type=self._media_type)(scope, receive, send)
        else:
            error = MethodNotAllowed("Allowed here: GET, HEAD.")
            await answer_error(scope, send, error, clock.new_id(), "GET, HEAD")


def _constant(content: Any) -> _Page:
    encoded = msgspec.json.encode(content)
    return _Page(lambda: encoded, "application/json")


class _NotFound:
    """What answers for paths of the API that are not there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer_error(scope, send, NotFound("There is no such path."), clock.new_id())


class _Http:
    """Answers HTTP only; the server's own lifespan is the composition root's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})


def _by_path(endpoint: Endpoint) -> str:
    return endpoint.path
