"""An HTTP/1.1 client that costs next to nothing: a protocol, one request at a time.

It knows what our own server answers (a Content-Length, header names in lower case) and no more,
because the generator shares the machine with the server that it measures.
"""

import asyncio
from typing import NamedTuple, cast

_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "


class Reply(NamedTuple):
    """Status and body of an answer."""

    status: int
    body: bytes


class BenchError(Exception):
    """The server did not do what the bench asked of it."""


class Connection(asyncio.Protocol):
    """A keep-alive connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._waiter: asyncio.Future[Reply] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        """Connect."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a request; its answer comes."""
        if self._transport is None or self._waiter is not None:
            raise BenchError("The connection is closed or waits for another answer.")
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiter

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._buffer = self._buffer + data if self._buffer else data
        head_end = self._buffer.find(_END)
        if head_end < 0:
            return
        begins = self._buffer.index(_LENGTH) + len(_LENGTH)
        length = int(self._buffer[begins : self._buffer.index(b"\r\n", begins)])
        body = self._buffer[head_end + len(_END) :]
        if len(body) < length or self._waiter is None:
            return
        waiter, self._waiter = self._waiter, None
        reply = Reply(int(self._buffer[9:12]), body)
        self._buffer = b""
        if not waiter.done():
            waiter.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._transport = None
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(exc or BenchError("The server has hung up."))


def get(path: str, token: str = "") -> bytes:
    """A GET request."""
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\n{_bearer(token)}\r\n".encode()


def delete(path: str, token: str) -> bytes:
    """A DELETE request."""
    return f"DELETE {path} HTTP/1.1\r\nhost: bench\r\n{_bearer(token)}\r\n".encode()


def post_head(path: str, token: str, method: str = "POST") -> bytes:
    """A request with a body, up to the value of its Content-Length; see `with_body`."""
    return (
        f"{method} {path} HTTP/1.1\r\nhost: bench\r\n{_bearer(token)}"
        "content-type: application/json\r\ncontent-length: "
    ).encode()


def with_body(head: bytes, body: bytes) -> bytes:
    """The whole request."""
    return b"%s%d\r\n\r\n%s" % (head, len(body), body)


def expect(reply: Reply, *statuses: int) -> bytes:
    """The body of an answer with one of these statuses; raises `BenchError` for another."""
    if reply.status not in statuses:
        raise BenchError(f"The server answered {reply.status}: {reply.body[:500].decode()}")
    return reply.body


def _bearer(token: str) -> str:
    return f"authorization: Bearer {token}\r\n" if token else ""
