"""The functions as a server for the tests of the API: `python -m tests.deploy.bridge`.

Each request becomes an event for the HTTP function, and its answer a response. Before it, the
stream function gets whatever the stream has for it, so that nobody need wait. Both are held to what
the template's roles may do; what they may not is told at the end.
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from tavola.edge.aws.filters import patterns
from tavola.edge.aws.http import HttpFunction
from tavola.edge.aws.stream import StreamFunction
from tavola.settings import dynamodb_address
from tests.deploy.lambdas import Context, Emitted, Event, body_of, http_event
from tests.deploy.matching import matches
from tests.deploy.permissions import Guard
from tests.engine.dynoxide import Engine

BATCH = 100
PATTERNS = patterns()


class Functions:
    """Both functions on one table, as their environment names it."""

    def __init__(self, guard: Guard) -> None:
        address = dynamodb_address(os.environ["TAVOLA_STORE"])
        assert address is not None
        assert address.endpoint is not None
        self._http = HttpFunction(os.environ)
        self._stream = StreamFunction(os.environ)
        self._emitted = Emitted(Engine(address.endpoint), address.table)
        self._guard = guard

    def answer(self, event: Event) -> Event:
        """The answer of the HTTP function."""
        with self._guard.acting("HttpRole", "Explored"):
            return self._http(event, Context())

    def follow(self) -> None:
        """Let the stream function handle all that there is, and what comes of that."""
        while records := [one for one in self._emitted.read() if _wakes(one)]:
            for start in range(0, len(records), BATCH):
                batch = {"Records": records[start : start + BATCH]}
                with self._guard.acting("StreamRole"):
                    assert self._stream(batch, Context()) == {"batchItemFailures": []}

    def close(self) -> None:
        """Close the stores."""
        self._http.close()
        self._stream.close()


def _wakes(record: Event) -> bool:
    return any(matches(pattern, record) for pattern in PATTERNS)


class Request(BaseHTTPRequestHandler):
    """One request."""

    functions: Functions

    def handle_one_request(self) -> None:
        """Any method."""
        self.raw_requestline = self.rfile.readline(65_537)
        if self.raw_requestline and self.parse_request():
            self._answer()

    def _answer(self) -> None:
        self.functions.follow()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        # API Gateway says https; but then no test would send its cookie over http.
        headers = {name: ",".join(self.headers.get_all(name, [])) for name in self.headers}
        headers = {"x-forwarded-proto": "http"} | headers
        event = http_event(self.command, self.path, headers, body)
        answer = self.functions.answer(event)
        content = body_of(answer)
        self.send_response_only(answer["statusCode"])
        named = {"content-length": str(len(content)), **answer["headers"]}
        for name, value in [
            *named.items(),
            *(("set-cookie", one) for one in answer.get("cookies", [])),
        ]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until told to end."""
    guard = Guard()
    functions = Functions(guard)
    made = type("Bound", (Request,), {"functions": functions})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with guard.installed(), HTTPServer(("127.0.0.1", 0), made) as server:
        server.socket.listen(128)
        print(f"The functions: is ready at http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
        try:
            server.serve_forever()
        finally:
            functions.close()
            if guard.refused:
                sys.exit(f"not allowed by the template: {sorted(guard.refused)}")


if __name__ == "__main__":
    main()
