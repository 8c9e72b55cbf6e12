"""Asks services of AWS that speak JSON over HTTP: signed, tried again while they are too busy."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec

from tavola.core import limits
from tavola.edge.aws.services import Service

_BUSY = {"TooManyRequestsException", "ThrottlingException", "InternalErrorException"}

Sign = Callable[[dict[str, str], bytes], Awaitable[dict[str, str]]]
"""The headers of a request, with its signature among them."""


class _Refusal(msgspec.Struct):
    type: str = msgspec.field(name="__type", default="")
    message: str = ""


class Asking:
    """Asks one endpoint: see `services.Ask`."""

    def __init__(
        self, session: aiohttp.ClientSession, service: Service, endpoint: str, sign: Sign
    ) -> None:
        self._session = session
        self._service = service
        self._endpoint = endpoint
        self._sign = sign

    async def __call__(self, action: str, payload: dict[str, Any]) -> bytes:
        """The answer. Raises the service's error with what it said."""
        body = msgspec.json.encode(payload)
        pause_s, said = limits.AWS_PAUSE_FIRST_S, ""
        for _ in range(limits.AWS_TRIES_MAX):
            try:
                status, answer = await self._send(action, body)
            except (aiohttp.ClientError, OSError) as error:
                said = f"{type(error).__name__} {error}"
            else:
                if status == 200:
                    return answer
                said, again = _told(status, answer)
                if not again:
                    break
            await asyncio.sleep(random.uniform(0, pause_s))
            pause_s *= 2
        raise self._service.failed(f"{self._service.title} did not answer {action}: {said.strip()}")

    async def _send(self, action: str, body: bytes) -> tuple[int, bytes]:
        named = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{self._service.target}.{action}",
        }
        headers = await self._sign(named, body)
        async with self._session.post(
            self._endpoint, data=body, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, await answer.read()


def _told(status: int, answer: bytes) -> tuple[str, bool]:
    """What the service said against it, and whether to try again."""
    try:
        refusal = msgspec.json.decode(answer, type=_Refusal)
    except msgspec.MsgspecError:
        refusal = _Refusal()
    kind = refusal.type.rpartition("#")[2]
    return f"{status} {kind} {refusal.message}", kind in _BUSY or status >= 500
