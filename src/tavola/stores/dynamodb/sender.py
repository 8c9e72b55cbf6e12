"""Sends requests until they are answered or their time is over.

The client's own retries are switched off: only who counts the attempts knows whether a write may
have happened before.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple

from aiodynamo.client import Client
from aiodynamo.models import RetryConfig, RetryTimeout

from tavola.core import limits
from tavola.core.errors import TavolaError
from tavola.stores.dynamodb.failures import (
    FAILURES,
    Kind,
    body_of,
    final_error,
    given_up,
    kind_of,
)
from tavola.stores.dynamodb.requests import Request, left_of

Answer = dict[str, Any]


class Pace(NamedTuple):
    """How long to try, and how long to wait between attempts, in seconds."""

    deadline_s: float = limits.STORE_DEADLINE_S
    pause_first_s: float = limits.STORE_PAUSE_FIRST_S
    pause_max_s: float = limits.STORE_PAUSE_MAX_S

    def pauses(self) -> Iterator[float]:
        """Ever longer pauses, each anywhere between nothing and its bound.

        Who was refused at the same time then does not come back at the same time.
        """
        bound_s = self.pause_first_s
        while True:
            yield random.uniform(0.0, bound_s)  # no secret
            bound_s = min(bound_s * 2, self.pause_max_s)


class Refused(Exception):
    """A condition did not hold. `repeated`: an earlier attempt may have happened."""

    def __init__(self, body: dict[str, Any], *, repeated: bool) -> None:
        super().__init__("a condition did not hold")
        self.body = body
        self.repeated = repeated


class Once(RetryConfig):
    """One attempt, whose error the client raises as it is."""

    def delays(self) -> Iterator[float]:
        """See `attempts`."""
        yield 0.0

    async def attempts(self) -> AsyncIterator[None]:
        """The one attempt."""
        yield
        raise RetryTimeout


class Sender:
    """A client and its pace."""

    def __init__(self, client: Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    async def send(self, request: Request) -> Answer:
        """The answer to a request.

        Raises `Refused` when a condition did not hold, `BadItem` for what DynamoDB does not
        accept, `StoreTimeout` when nobody knows whether it happened, and the other errors of
        stores, after which it has not.
        """
        attempts = _Attempts()
        try:
            async with asyncio.timeout(self._pace.deadline_s):
                return await self._answer(request, attempts, self._pace.pauses())
        except TimeoutError:
            raise attempts.given_up() from None

    async def send_batch(self, batch: Request, take: Callable[[Answer], None]) -> None:
        """Send a batch, and what an answer leaves undone of it, until nothing is left.

        `take` gets each answer. Raises as `send` does; then any part of the batch may have
        happened.
        """
        attempts, pauses = _Attempts(), self._pace.pauses()
        left: Request | None = batch
        try:
            async with asyncio.timeout(self._pace.deadline_s):
                while left is not None:
                    answer = await self._answer(left, attempts, pauses)
                    take(answer)
                    left = left_of(left, answer)
                    if left is not None:
                        attempts.left_some()
                        await asyncio.sleep(next(pauses))
        except TimeoutError:
            raise attempts.given_up() from None

    async def _answer(
        self, request: Request, attempts: "_Attempts", pauses: Iterator[float]
    ) -> Answer:
        while True:
            attempts.under_way = True
            try:
                return await self._client.send_request(
                    action=request.action, payload=request.payload
                )
            except FAILURES as error:
                attempts.failed(error)
            await asyncio.sleep(next(pauses))


class _Attempts:
    """What came of the attempts at one request."""

    def __init__(self) -> None:
        self.under_way = False
        self._error: Exception | None = None
        self._kind: Kind | None = None
        self._uncertain = False

    def failed(self, error: Exception) -> None:
        """Take in that an attempt failed; raises when another one would be of no use."""
        kind = kind_of(error)
        if kind is Kind.REFUSED:
            raise Refused(body_of(error), repeated=self._uncertain) from None
        if kind is Kind.FINAL:
            raise final_error(error) from error
        self.under_way = False
        self._error, self._kind = error, kind
        self._uncertain = self._uncertain or kind is Kind.UNCERTAIN

    def left_some(self) -> None:
        """Take in that an answer left some of a batch undone, as it does when throttled."""
        self.under_way = self._uncertain = False
        self._kind = Kind.THROTTLED

    def given_up(self) -> TavolaError:
        """Why it was tried in vain."""
        uncertain = self._uncertain or self.under_way
        return given_up(self._error, self._kind, uncertain=uncertain)
