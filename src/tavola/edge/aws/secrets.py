"""A secret that is kept in AWS: where it is, how it is read, and how long it is remembered.

`ssm:/NAME` is a parameter of Systems Manager, `secretsmanager:NAME` a secret of Secrets Manager.
A secret that was read is good for five minutes, so that one which is rotated is taken up by who is
running; while it cannot be read, the one that is known goes on.
"""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
import structlog

from tavola.core import limits
from tavola.core.errors import SecretUnavailable, invalid
from tavola.edge.aws.services import PARAMETERS, SECRETS, Ask, Service

FORM = r"(?:ssm:/[A-Za-z0-9_./-]{1,1011}|secretsmanager:[A-Za-z0-9/_+=.@-]{1,512})(?:\?[^#\s]*)?"
_SERVICES = {"ssm": PARAMETERS, "secretsmanager": SECRETS}

log = structlog.get_logger("tavola.aws")


class SecretPlace(NamedTuple):
    """Where a secret is kept."""

    service: Service
    name: str
    region: str
    endpoint: str


class _Parameter(msgspec.Struct, rename="pascal"):
    value: str


class _ParameterAnswer(msgspec.Struct, rename="pascal"):
    parameter: _Parameter


class _SecretAnswer(msgspec.Struct, rename="pascal"):
    secret_string: str


def place_of(text: str, region: str | None) -> SecretPlace:
    """The place that a setting names; it may say `?region=` and `&endpoint=` as a store does.

    Raises `Invalid` for another text, and where nobody says the region.
    """
    if not re.fullmatch(FORM, text):
        raise invalid("token_secret_from", "place", "must be ssm:/NAME or secretsmanager:NAME")
    parts = urlsplit(text)
    said = parse_qs(parts.query)
    region = said.get("region", [region])[0]
    if not said.keys() <= {"region", "endpoint"} or not region:
        raise invalid("token_secret_from", "place", "knows region and endpoint; needs a region")
    service = _SERVICES[parts.scheme]
    endpoint = said.get("endpoint", [service.endpoint(region)])[0]
    return SecretPlace(service, parts.path, region, endpoint)


async def read_secret(place: SecretPlace, ask: Ask) -> str:
    """The secret at a place. Raises `SecretUnavailable` where there is none."""
    try:
        if place.service is PARAMETERS:
            asked: dict[str, Any] = {"Name": place.name, "WithDecryption": True}
            answer = await ask("GetParameter", asked)
            secret = msgspec.json.decode(answer, type=_ParameterAnswer).parameter.value
        else:
            answer = await ask("GetSecretValue", {"SecretId": place.name})
            secret = msgspec.json.decode(answer, type=_SecretAnswer).secret_string
    except msgspec.MsgspecError as error:
        raise SecretUnavailable(f"{place.name} holds no text: {error}") from None
    if not secret.strip():
        raise SecretUnavailable(f"{place.name} is empty.")
    return secret.strip()


class Remembered:
    """A secret that is fetched when it is needed, and again when it may have been rotated."""

    def __init__(
        self, fetch: Callable[[], Awaitable[str]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._secret: str | None = None
        self._due_at = 0.0

    async def value(self) -> str:
        """The secret. Raises `SecretUnavailable` while it was never read."""
        if self._secret is not None and self._clock() < self._due_at:
            return self._secret
        try:
            self._secret = await self._fetch()
        except SecretUnavailable as error:
            if self._secret is None:
                raise
            log.warning("the secret cannot be read again", error=str(error))
            self._due_at = self._clock() + limits.SECRET_FLOOR_S
        else:
            self._due_at = self._clock() + limits.SECRET_FRESH_S
        return self._secret
