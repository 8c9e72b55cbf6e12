"""A JWKS at a URL: fetched when it is first needed, kept, and fetched again for an unknown key.

Only the URL of the settings is ever fetched; a redirect is a failure. Between two fetches there is
a floor, so that a flood of unknown keys is no flood of requests, and all who wait share one fetch.
A key that is known stays so until the issuer answers without it: an issuer that is down locks
nobody out whose key is known.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog
from joserfc.jwk import Key

from tavola.core import limits
from tavola.core.errors import IssuerUnavailable
from tavola.edge.tokens.keys import BadKeys, PublicKey, choose, read_jwks

if TYPE_CHECKING:  # it is slow to import, and needed when something is fetched
    import aiohttp

log = structlog.get_logger("tavola.tokens")

Fetch = Callable[[str], Awaitable[bytes]]


class FetchFailed(Exception):
    """The URL did not answer as it should."""


class RemoteKeys:
    """The keys of a URL."""

    def __init__(
        self, url: str, fetch: Fetch | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._fetch = fetch or fetch_url
        self._clock = clock
        self._keys: tuple[PublicKey, ...] = ()
        self._begun_at: float | None = None
        self._failed = False
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """See `Keys.find`."""
        key = choose(self._keys, kid, algorithm)
        age_s = self._age_s()
        if key is not None:
            if age_s >= (limits.JWKS_FLOOR_S if self._failed else limits.JWKS_FRESH_S):
                self._begin()  # nobody waits for it
            return key
        if age_s >= limits.JWKS_FLOOR_S:
            self._begin()
        if self._fetching:
            await asyncio.shield(self._fetching)
            key = choose(self._keys, kid, algorithm)
        if key is None and self._failed:
            raise IssuerUnavailable(retry_after_s=round(limits.JWKS_FLOOR_S))
        return key

    def _age_s(self) -> float:
        return float("inf") if self._begun_at is None else self._clock() - self._begun_at

    def _begin(self) -> None:
        if self._fetching is None:
            self._begun_at = self._clock()
            self._fetching = asyncio.create_task(self._update())

    async def _update(self) -> None:
        try:
            self._keys = read_jwks(await self._fetch(self._url))
            self._failed = False
        except (FetchFailed, BadKeys) as error:
            self._failed = True
            log.warning("the keys of tokens cannot be fetched", url=self._url, error=str(error))
        finally:
            self._fetching = None


async def fetch_url(url: str) -> bytes:
    """What a URL answers. Raises `FetchFailed` for redirects, errors, and what is long or slow."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=limits.JWKS_FETCH_S)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise FetchFailed(f"it answers {answer.status}")
            return await _read(answer.content)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchFailed(str(error) or type(error).__name__) from None


async def _read(stream: "aiohttp.StreamReader") -> bytes:
    content = b""
    async for chunk in stream.iter_any():
        content += chunk
        if len(content) > limits.JWKS_BYTES_MAX:
            raise FetchFailed(f"it answers more than {limits.JWKS_BYTES_MAX:,} bytes")
    return content
