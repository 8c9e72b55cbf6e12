"""Small writes go through the server that has the store open: over HTTP, as an admin."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tavola.core.errors import CATALOGUE, FieldError, StoreFailed, TavolaError, TokenInvalid
from tavola.settings import Settings, sqlite_path

TIMEOUT_S = 30.0
_TOKEN_S = 60.0
_SUBJECT = "tavola-command"


class Problem(msgspec.Struct):
    """What of a problem document is told."""

    code: str = "internal"
    detail: str | None = None
    title: str | None = None
    errors: tuple[FieldError, ...] = ()


class Remote:
    """A running server."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._token = token

    def request(self, method: str, path: str, body: Any) -> Any:
        """The reply's JSON, None for none; raises the error that the server tells."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT_S)
        headers = {
            "authorization": f"Bearer {self._token}",
            "content-type": "application/json",
            "connection": "close",
        }
        try:
            connection.request(method, f"/api/v1{path}", msgspec.json.encode(body), headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise StoreFailed(
                f"The server at {self.url} has the store, but does not answer: {error}."
            ) from None
        finally:
            connection.close()
        if response.status >= 400:
            raise _error_of(content)
        return msgspec.json.decode(content) if content else None


def server_of_store(settings: Settings) -> Remote | None:
    """The server that has the store open for writing, if one has."""
    from tavola.app import token_secret, with_secret
    from tavola.edge.auth import Tokens
    from tavola.edge.cli.common import run_async
    from tavola.stores.sqlite.lock import holder_of

    path = sqlite_path(settings.store)
    holder = holder_of(path) if path else None
    if holder is None or holder.url is None:
        return None
    secret = token_secret(run_async(with_secret(settings)))
    token = Tokens(secret).mint(_SUBJECT, _TOKEN_S, admin=True)
    return Remote(holder.url, token)


def _error_of(content: bytes) -> TavolaError:
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except msgspec.MsgspecError:
        problem = Problem()
    kind = CATALOGUE.get(problem.code, StoreFailed)
    if kind is TokenInvalid:
        return TokenInvalid(
            "The server does not know this token secret: set TAVOLA_TOKEN_SECRET as it is there."
        )
    return kind(problem.detail or problem.title, errors=problem.errors)
