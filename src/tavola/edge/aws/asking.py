"""Asks services of AWS over HTTP: signed, tried again while they are too busy."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import aiohttp
import msgspec

from tavola.core import limits
from tavola.edge.aws.services import Message, Service

_BUSY = {
    "InternalErrorException",
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}

Sign = Callable[[str, Message], Awaitable[dict[str, str]]]
"""The headers of a request to a URL, with its signature among them."""


class _Refusal(msgspec.Struct):
    type: str = msgspec.field(name="__type", default="")
    message: str = ""
    said: str = msgspec.field(name="Message", default="")


class _Told(NamedTuple):
    """What a service said against it."""

    status: int
    kind: str
    text: str

    @property
    def is_busy(self) -> bool:
        return self.kind in _BUSY or self.status >= 500


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
        message = self._service.message(action, payload)
        pause_s, said = limits.AWS_PAUSE_FIRST_S, ""
        failed = self._service.failed
        for _ in range(limits.AWS_TRIES_MAX):
            try:
                status, headers, answer = await self._send(message)
            except (aiohttp.ClientError, OSError) as error:
                said = f"{type(error).__name__} {error}"
            else:
                if status == 200:
                    return answer
                told = _told(status, headers, answer)
                said = f"{status} {told.kind} {told.text}"
                if not told.is_busy:
                    failed = self._service.kinds.get(told.kind, failed)
                    break
            await asyncio.sleep(random.uniform(0, pause_s))
            pause_s *= 2
        raise failed(f"{self._service.title} did not answer {action}: {said.strip()}")

    async def _send(self, message: Message) -> tuple[int, Mapping[str, str], bytes]:
        url = self._endpoint
        if message.path:
            url = url.rstrip("/") + message.path
        headers = await self._sign(url, message)
        async with self._session.request(
            message.method, url, data=message.body or None, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers, await answer.read()


def _told(status: int, headers: Mapping[str, str], answer: bytes) -> _Told:
    """What the service said against it: in JSON, with its kind in a header, or in XML."""
    if answer.lstrip().startswith(b"<"):
        return _told_in_xml(status, answer)
    try:
        refusal = msgspec.json.decode(answer, type=_Refusal)
    except msgspec.MsgspecError:
        refusal = _Refusal()
    kind = refusal.type or headers.get("x-amzn-ErrorType", "").partition(":")[0]
    return _Told(status, kind.rpartition("#")[2], refusal.message or refusal.said)


def _told_in_xml(status: int, answer: bytes) -> _Told:
    from xml.etree import ElementTree  # others need not wait for it

    try:
        root = ElementTree.fromstring(answer)
    except ElementTree.ParseError:
        return _Told(status, "", "")
    return _Told(status, root.findtext(".//{*}Code", ""), root.findtext(".//{*}Message", ""))
