"""From an ASGI request to an endpoint and back: read, check, call, answer.

Every reply has a request id. What an endpoint raises becomes a problem document; what it should
not have raised is logged with the id and becomes `internal`.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from tavola.core import limits
from tavola.core.errors import (
    Internal,
    MethodNotAllowed,
    TavolaError,
    TooLarge,
    invalid,
)
from tavola.edge import clock
from tavola.edge.http import problems
from tavola.edge.http.call import Call, Reply, Server
from tavola.edge.http.callers import Callers, check_origin
from tavola.edge.http.endpoints import Endpoint
from tavola.edge.http.metrics import RequestMetrics

log = structlog.get_logger("tavola.http")

NO_USE_CASE = "none"  # of a method that a path does not have

_encode = msgspec.json.Encoder().encode
_SAFE = frozenset(("GET", "HEAD"))
_JSON = (b"content-type", b"application/json")
_NO_STORE = (b"cache-control", b"no-store")
_NO_SNIFF = (b"x-content-type-options", b"nosniff")


class Prepared:
    """An endpoint with its decoder, ready to be called."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.decode: Callable[[bytes], Any] | None = (
            msgspec.json.Decoder(endpoint.body).decode if endpoint.body else None
        )
        self.no_query = endpoint.query() if not _required(endpoint.query) else None


class Path:
    """All methods of one path, as an ASGI application."""

    def __init__(
        self, endpoints: list[Endpoint], server: Server, callers: Callers, metrics: RequestMetrics
    ) -> None:
        self._methods = {endpoint.method: Prepared(endpoint) for endpoint in endpoints}
        self._route = endpoints[0].route
        heads = ("HEAD",) if "GET" in self._methods else ()
        self._allowed = ", ".join(sorted((*self._methods, *heads)))
        self._server = server
        self._callers = callers
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = clock.new_id()
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        prepared = self._methods.get(method)
        ledger = self._server.ledger
        with ledger.measured() if ledger else nullcontext() as spent:
            status = await self._answer(prepared, scope, receive, send, request_id)
        seconds = time.perf_counter() - started
        self._metrics.observe(method, self._route, status, seconds)
        if ledger and spent:
            use_case = prepared.endpoint.name if prepared else NO_USE_CASE
            log.info(
                "request",
                method=method,
                path=scope["path"],
                status=status,
                request_id=request_id,
                **ledger.entry(use_case, seconds, spent.units, clock.epoch_ms()),
            )

    async def _answer(
        self, prepared: Prepared | None, scope: Scope, receive: Receive, send: Send, request_id: str
    ) -> int:
        """Answer a request, whatever comes of it; the status."""
        try:
            if prepared is None:
                raise MethodNotAllowed(f"Allowed here: {self._allowed}.")
            reply = await self._call(prepared, scope, receive)
            await answer(scope, send, reply, request_id)
        except TavolaError as error:
            return await answer_error(scope, send, error, request_id, self._allowed)
        except Exception:
            log.exception("a request failed", request_id=request_id, path=scope["path"])
            return await answer_error(scope, send, Internal(), request_id)
        return reply.status

    async def _call(self, prepared: Prepared, scope: Scope, receive: Receive) -> Reply:
        endpoint = prepared.endpoint
        headers = dict(scope["headers"])
        writes = scope["method"] not in _SAFE
        caller = await self._callers.identify(headers, writes=writes, auth=endpoint.auth)
        if writes and endpoint.auth == "none":
            check_origin(headers)
        body = await read_body(headers, receive) if writes else b""
        call: Call[Any, Any] = Call(
            server=self._server,
            caller=caller,
            path=scope["path_params"],
            body=_decode_body(prepared, body),
            query=_decode_query(prepared, scope["query_string"]),
            now=clock.now(),
            client=scope["client"][0] if scope.get("client") else "",
            secure=scope["scheme"] == "https",
        )
        return await endpoint.handler(call)


async def read_body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """The whole body; `TooLarge` as soon as it is."""
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > limits.REQUEST_BYTES_MAX:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TooLarge("The connection was closed before the body had ended.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limits.REQUEST_BYTES_MAX:
            raise TooLarge
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks) if len(chunks) > 1 else chunk


async def answer(scope: Scope, send: Send, reply: Reply, request_id: str) -> None:
    """Send a reply as JSON."""
    content = b"" if reply.content is None else _encode(reply.content)
    headers = [
        (b"content-length", str(len(content)).encode()),
        (b"x-request-id", request_id.encode()),
        _NO_STORE,
        _NO_SNIFF,
        *reply.headers,
    ]
    if content:
        headers.append(_JSON)
    await _send(scope, send, reply.status, headers, content)


async def answer_error(
    scope: Scope, send: Send, error: TavolaError, request_id: str, allowed: str = ""
) -> int:
    """Send an error as a problem document; its status. `allowed` are the path's methods."""
    content = _encode(problems.problem_of(error, request_id))
    headers = [
        (b"content-length", str(len(content)).encode()),
        (b"content-type", problems.MEDIA_TYPE),
        (b"x-request-id", request_id.encode()),
        _NO_STORE,
        _NO_SNIFF,
    ]
    if error.retry_after_s is not None:
        headers.append((b"retry-after", str(error.retry_after_s).encode()))
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", allowed.encode()))
    if isinstance(error, TooLarge):
        headers.append((b"connection", b"close"))
    await _send(scope, send, error.status, headers, content)
    return error.status


async def _send(
    scope: Scope, send: Send, status: int, headers: list[tuple[bytes, bytes]], content: bytes
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else content
    await send({"type": "http.response.body", "body": body})


def _decode_body(prepared: Prepared, body: bytes) -> Any:
    if prepared.decode is None:
        return None
    if not body and not prepared.endpoint.body_required:
        body = b"{}"
    try:
        return prepared.decode(body)
    except msgspec.ValidationError as error:
        raise problems.from_validation(error, "body") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise problems.from_decoding(error) from None


def _decode_query(prepared: Prepared, query_string: bytes) -> Any:
    if not query_string and prepared.no_query is not None:
        return prepared.no_query
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict"
        )
    except ValueError:
        raise invalid("query", "encoding", "is not a valid query string") from None
    for name, value in pairs:
        if name in values:
            raise invalid(name, "repeated", "is given more than once")
        values[name] = value
    try:
        return msgspec.convert(values, prepared.endpoint.query, strict=False)
    except msgspec.ValidationError as error:
        raise problems.from_validation(error, "query") from None


def _required(shape: type) -> bool:
    return any(field.required for field in msgspec.structs.fields(shape))
