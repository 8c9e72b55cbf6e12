"""What AWS hands to functions: contexts, events of an HTTP API, records of a table's stream."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from tests.engine.dynoxide import REGION, Engine

Event = dict[str, Any]


class Context(NamedTuple):
    """What a function is told of its invocation."""

    aws_request_id: str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
    remaining_ms: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return self.remaining_ms


def http_event(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Event:
    """A request as an HTTP API tells it, in its format 2.0: the path is decoded, cookies apart."""
    path, _, query = target.partition("?")
    named = {name.lower(): value for name, value in headers.items()}
    cookies = named.pop("cookie", None)
    text, encoded = _as_text(body)
    return {
        "version": "2.0",
        "routeKey": "ANY /api/{proxy+}",
        "rawPath": unquote(path),
        "rawQueryString": query,
        **({"cookies": cookies.split("; ")} if cookies else {}),
        "headers": named,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "r3pmxmplak",
            "domainName": named.get("host", "r3pmxmplak.execute-api.eu-west-1.amazonaws.com"),
            "http": {
                "method": method,
                "path": unquote(path),
                "protocol": "HTTP/1.1",
                "sourceIp": "205.255.255.176",
                "userAgent": named.get("user-agent", ""),
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        **({"body": text} if body else {}),
        "isBase64Encoded": encoded,
    }


def _as_text(body: bytes) -> tuple[str, bool]:
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


def body_of(answer: Event) -> bytes:
    """The body of a function's answer."""
    body: str = answer.get("body", "")
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()


class Emitted:
    """The records that an engine has emitted for a table, read on from where it was left."""

    def __init__(self, engine: Engine, table: str) -> None:
        self._engine = engine
        described = engine.call("DescribeTable", {"TableName": table})["Table"]
        self.arn: str = described["LatestStreamArn"]
        self._iterators = dict(self._begin())

    def _begin(self) -> Iterator[tuple[str, str]]:
        described = self._ask("DescribeStream", {"StreamArn": self.arn})["StreamDescription"]
        for shard in described["Shards"]:
            place = {"StreamArn": self.arn, "ShardId": shard["ShardId"]}
            asked = place | {"ShardIteratorType": "TRIM_HORIZON"}
            yield shard["ShardId"], self._ask("GetShardIterator", asked)["ShardIterator"]

    def read(self) -> list[Event]:
        """All records that are new, as a function is given them."""
        found: list[Event] = []
        for shard_id in self._iterators:
            while True:
                part = self._ask("GetRecords", {"ShardIterator": self._iterators[shard_id]})
                self._iterators[shard_id] = part["NextShardIterator"]
                if not part["Records"]:
                    break
                found += (
                    {**record, "eventSourceARN": self.arn, "awsRegion": REGION}
                    for record in part["Records"]
                )
        return found

    def _ask(self, action: str, payload: Event) -> Event:
        return self._engine.call(action, payload, "Streams")
