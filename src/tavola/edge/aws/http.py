"""The function behind API Gateway: the same application as the server's, for one event at a time.

Mangum turns an event of an HTTP API into a request and the answer back. It runs no lifespan of the
application: the store is the container's, and opened once. Realtime is not here: an HTTP API has no
WebSockets, and the application answers for `/api/v1/realtime` what it answers for any path that is
not there.

In front of the API stands CloudFront, which serves the web UI under the same name. What it tells of
the viewer, the host they asked and their address, is believed if it shows the key of the settings.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from mangum import Mangum
from msgspec.structs import replace

from tavola.app import Service, fetch_secret, secret_place, server_of
from tavola.core.errors import TavolaError
from tavola.edge import clock
from tavola.edge.aws.container import Container
from tavola.edge.aws.opening import opened
from tavola.edge.aws.secrets import Remembered
from tavola.edge.http import problems
from tavola.edge.http.server import build

KEY_HEADER, HOST_HEADER, VIEWER_HEADER = "x-tavola-proxy-key", "x-tavola-host", "x-tavola-viewer"
_TEXTS = ["text/", "application/json", "application/problem+json"]

Event = dict[str, Any]

log = structlog.get_logger("tavola.aws")


class HttpFunction:
    """Answers events of an HTTP API."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._site: Site | None = None
        self._container = Container(self._opened)

    def __call__(self, event: Event, context: Any) -> Event:
        """The answer to one event; a problem while the store or the secret cannot be had."""
        structlog.contextvars.bind_contextvars(
            aws_request_id=context.aws_request_id,
            api_request_id=event["requestContext"].get("requestId"),
        )
        try:
            app, proxy_key = self._container.run(self._current)
        except TavolaError as error:  # the next request looks again
            return _refusal(error)
        return app(as_viewer_asked(event, proxy_key), context)

    def close(self) -> None:
        """Close the store."""
        self._container.close()

    def _opened(self) -> AbstractAsyncContextManager[Service]:
        return opened(self._environment)

    async def _current(self, service: Service) -> tuple[Mangum, str | None]:
        if self._site is None or self._site.service is not service:
            self._site = Site(service)
        return await self._site.app(), service.settings.proxy_key


class Site:
    """The application on an open store, made anew when its secret is another one."""

    def __init__(self, service: Service) -> None:
        self.service = service
        place = secret_place(service.settings)
        self._secret = Remembered(partial(fetch_secret, place)) if place else None
        self._app: Mangum | None = None
        self._signed_with: str | None = None

    async def app(self) -> Mangum:
        """The application. Raises `SecretUnavailable` while its secret was never read."""
        secret = await self._secret.value() if self._secret else None
        if self._app is None or secret != self._signed_with:
            settings = self.service.settings
            if secret is not None:
                settings = replace(settings, token_secret=secret)
            server = server_of(Service(settings, self.service.store))
            app: Any = build(server)  # as it wants it, an application that is a coroutine
            self._app = Mangum(app, lifespan="off", text_mime_types=_TEXTS)
            self._signed_with = secret
        return self._app


def as_viewer_asked(event: Event, proxy_key: str | None) -> Event:
    """The event as the viewer sent it to CloudFront, if that has sent it on; else as it came."""
    headers = event["headers"]
    shown = headers.get(KEY_HEADER, "")
    if proxy_key is None or not compare_digest(shown.encode(), proxy_key.encode()):
        return event
    host, viewer = headers.get(HOST_HEADER), headers.get(VIEWER_HEADER)
    context = event["requestContext"]
    http = {**context["http"], **({"sourceIp": viewer} if viewer else {})}
    return {
        **event,
        "headers": {**headers, **({"host": host} if host else {})},
        "requestContext": {**context, "http": http},
    }


def _refusal(error: TavolaError) -> Event:
    """What is answered in place of the application. The log has the names of tables and secrets."""
    request_id = clock.new_id()
    log.error("the function cannot begin", request_id=request_id, code=error.code, error=str(error))
    return {
        "statusCode": max(error.status, HTTPStatus.INTERNAL_SERVER_ERROR),
        "headers": {"content-type": problems.MEDIA_TYPE.decode(), "x-request-id": request_id},
        "body": msgspec.json.encode(problems.problem_of(type(error)(), request_id)).decode(),
        "isBase64Encoded": False,
    }


handler = HttpFunction(os.environ)
