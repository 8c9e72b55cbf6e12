"""Signs requests by AWS Signature Version 4, those to the streams of a table first of all.

The client knows the calls of tables only: it names and signs each request as one of theirs. To the
service of streams the same request goes under that service's name, which is part of what is signed.
"""

import hashlib
import hmac
from collections.abc import Mapping

from aiodynamo.credentials import Credentials, Key
from aiodynamo.http.types import HttpImplementation, Request, Response
from yarl import URL

TABLES, STREAMS = "DynamoDB_20120810", "DynamoDBStreams_20120810"
_ALGORITHM, _ENDING = "AWS4-HMAC-SHA256", "aws4_request"
DYNAMODB = "dynamodb"  # the service, as it is named in what is signed
_DATE, _TARGET, _TOKEN = "X-Amz-Date", "X-Amz-Target", "X-Amz-Security-Token"


class ToStreams:
    """Sends what the client has made for a table to the service of streams instead."""

    def __init__(self, http: HttpImplementation, credentials: Credentials, region: str) -> None:
        self._http = http
        self._credentials = credentials
        self._region = region

    async def __call__(self, request: Request) -> Response:
        """See `HttpImplementation`. What asks for credentials goes through as it is."""
        made = dict(request.headers or {})
        key = await self._credentials.get_key(self._http) if _TARGET in made else None
        if key is None:
            return await self._http(request)
        target = made[_TARGET].replace(TABLES, STREAMS)
        named = {"Content-Type": made["Content-Type"], _DATE: made[_DATE], _TARGET: target}
        body = request.body or b""
        headers = signed(key, self._region, URL(request.url), named, body)
        return await self._http(Request(request.method, request.url, headers, body))


def signed(
    key: Key,
    region: str,
    url: URL,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str = DYNAMODB,
    method: str = "POST",
) -> dict[str, str]:
    """These headers of a request with the signature; `X-Amz-Date` among them says of when."""
    if key.token:
        headers = {**headers, _TOKEN: key.token}
    at = headers[_DATE]
    scope = f"{at[:8]}/{region}/{service}/{_ENDING}"
    lines = {name.lower(): text for name, text in headers.items()} | {"host": _host_of(url)}
    names = ";".join(sorted(lines))
    canonical = "\n".join(
        (
            f"{method}\n{url.path or '/'}\n",
            *(f"{name}:{lines[name]}" for name in sorted(lines)),
            f"\n{names}\n{hashlib.sha256(body).hexdigest()}",
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    secret = f"AWS4{key.secret}".encode()
    for part in (at[:8], region, service, _ENDING):
        secret = hmac.digest(secret, part.encode(), "sha256")
    text = f"{_ALGORITHM}\n{at}\n{scope}\n{digest}"
    signature = hmac.digest(secret, text.encode(), "sha256").hex()
    authorization = (
        f"{_ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return {**headers, "Authorization": authorization}


def _host_of(url: URL) -> str:
    """The host as the header says it: with its port where that is not the usual one."""
    host = url.host_subcomponent or ""
    return host if url.is_default_port() else f"{host}:{url.port}"
