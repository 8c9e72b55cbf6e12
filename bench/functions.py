"""The Lambda functions in a process of their own, as Lambda has them: `python -m bench.functions`.

It prints seconds of CPU from the process's beginning to its first answer, and of an answer after
that, for each request that it is told; and how many records of messages the stream function handles
in a second, in batches of 100.
"""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

from tavola.edge.aws.http import HttpFunction

WARM = 300
MEMBERS, MESSAGES, BATCH = 10, 1_000, 100
GROUP = "bench"


def main(engine_url: str, table: str, token: str, *paths: str) -> None:
    """Measure both functions on a table: GETs of these paths, and messages to `other`."""
    function = HttpFunction(os.environ)
    _ask(function, _event(paths[0], token))
    cold_s = time.process_time()
    warm_s = {}
    for path in paths:
        began = time.process_time()
        for _ in range(WARM):
            _ask(function, _event(path, token))
        warm_s[path] = (time.process_time() - began) / WARM
    began = time.process_time()
    for number in range(WARM):
        body = {"id": str(uuid.uuid4()), "to": "other", "body": "hello", "after": number}
        _ask(function, _event("/api/v1/messages", token, body))
    warm_s["/api/v1/messages"] = (time.process_time() - began) / WARM
    function.close()
    rate = _stream(engine_url, table)
    json.dump({"cold_s": cold_s, "warm_s": warm_s, "records_per_s": rate}, sys.stdout)


def _ask(function: HttpFunction, event: dict[str, object]) -> None:
    context = SimpleNamespace(aws_request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    answer = function(event, context)
    assert answer["statusCode"] in (200, 201), answer


def _event(path: str, token: str, body: object = None) -> dict[str, object]:
    method = "GET" if body is None else "POST"
    headers = {"host": "x", "authorization": f"Bearer {token}", "content-type": "application/json"}
    return {
        "version": "2.0",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "127.0.0.1"}},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def _stream(engine_url: str, table: str) -> float:
    """Records a second, of messages that some people write in a group."""
    from tavola.edge.aws.stream import StreamFunction
    from tests.deploy.lambdas import Context, Emitted
    from tests.engine.dynoxide import Engine

    emitted = Emitted(Engine(engine_url), table)
    function = StreamFunction(os.environ)
    asyncio.run(_write())
    records = emitted.read()
    messages = [one for one in records if one["dynamodb"]["Keys"]["sk"]["S"].isdigit()]
    others = [one for one in records if one not in messages]
    function({"Records": others}, Context())
    began = time.perf_counter()
    for batch in _batches(messages):
        answer = function({"Records": batch}, Context())
        assert answer == {"batchItemFailures": []}, answer
    seconds = time.perf_counter() - began
    function.close()
    return len(messages) / seconds


def _batches(records: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for start in range(0, len(records), BATCH):
        yield records[start : start + BATCH]


async def _write() -> None:
    from tavola.app import open_service
    from tavola.core.log import Draft
    from tavola.edge import clock
    from tavola.flows import groups, sending, users
    from tavola.settings import load

    async with open_service(load({}, os.environ)) as service:
        names = [f"member{n}" for n in range(MEMBERS)]
        for name in names:
            await service.run(users.create_user(users.new_user(name, name, name, clock.now())))
        made = groups.new_group(GROUP, "Bench", names[0], clock.now())
        await service.run(groups.create_group(made))
        for name in names:
            await service.run(groups.join_group(GROUP, name, "member", clock.now()))
        target = sending.Target(conversation=f"group:{GROUP}")
        for number in range(MESSAGES):
            draft = Draft(str(uuid.uuid4()), names[number % MEMBERS], f"message {number}")
            await service.run(sending.send(draft, target, number, clock.now(), "day"))


if __name__ == "__main__":
    main(*sys.argv[1:])
