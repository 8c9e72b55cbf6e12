"""A transport between store and engine that does what networks and DynamoDB do on a bad day."""

import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
from aiodynamo.http.types import HttpImplementation, Request, RequestFailed, Response

Fault = Callable[["Faulty", Request], Awaitable[Response]]


class Faulty:
    """Does one fault of its plan for each request, then lets requests through."""

    def __init__(self, http: HttpImplementation) -> None:
        self.plan: deque[Fault] = deque()
        self.sent: list[dict[str, Any]] = []
        self._http = http

    async def __call__(self, request: Request) -> Response:
        """See `HttpImplementation`."""
        self.sent.append(json.loads(request.body or b"{}"))
        fault = self.plan.popleft() if self.plan else let_through
        return await fault(self, request)

    async def deliver(self, request: Request) -> Response:
        """What the engine answers."""
        return await self._http(request)


async def let_through(faulty: Faulty, request: Request) -> Response:
    """Nothing is wrong."""
    return await faulty.deliver(request)


async def lose_the_request(_: Faulty, __: Request) -> Response:
    """It never arrives."""
    raise TimeoutError


async def lose_the_answer(faulty: Faulty, request: Request) -> Response:
    """It takes effect, and nobody hears of it."""
    await faulty.deliver(request)
    raise TimeoutError


async def fail_behind_it(faulty: Faulty, request: Request) -> Response:
    """It takes effect, and the answer says that something went wrong."""
    await faulty.deliver(request)
    return Response(500, b"")


async def cut_the_answer(faulty: Faulty, request: Request) -> Response:
    """It takes effect, and the connection breaks in the middle of the answer."""
    await faulty.deliver(request)
    raise RequestFailed(aiohttp.ClientPayloadError("cut off"))


async def stumble(_: Faulty, __: Request) -> Response:
    """A defect, somewhere below."""
    raise KeyError


def change_table(**changes: Any) -> Fault:
    """The engine's description of a table, with some of it as it is on another day."""

    async def fault(faulty: Faulty, request: Request) -> Response:
        answer = json.loads((await faulty.deliver(request)).body)
        return _answer({"Table": {**answer["Table"], **changes}})

    return fault


def answer(**body: Any) -> Fault:
    """The engine is not asked: what it does not know, DynamoDB answers so."""

    async def fault(_: Faulty, __: Request) -> Response:
        return _answer(body)

    return fault


async def give_an_empty_page(faulty: Faulty, request: Request) -> Response:
    """A page of a Query without items, that goes on where it began."""
    query = json.loads(request.body or b"{}")
    values = query["ExpressionAttributeValues"]
    before = {"pk": values[":0"], "sk": values[":1"]}
    behind = query.get("ExclusiveStartKey", before)
    return _answer({"Items": [], "Count": 0, "LastEvaluatedKey": behind})


def leave_undone(count: int) -> Fault:
    """So many operations of a batch are not done, as when a table is throttled in its middle."""

    async def fault(faulty: Faulty, request: Request) -> Response:
        asked = json.loads(request.body or b"{}")
        if "RequestItems" not in asked:
            return await faulty.deliver(request)
        ((table, wanted),) = asked["RequestItems"].items()
        reads = "Keys" in wanted
        parts = wanted["Keys"] if reads else wanted
        left, done = (
            {table: {**wanted, "Keys": some} if reads else some}
            for some in (parts[:count], parts[count:])
        )
        undone = {"UnprocessedKeys" if reads else "UnprocessedItems": left}
        if len(parts) <= count:
            return _answer({"Responses": {}, **undone})
        body = json.dumps({**asked, "RequestItems": done}).encode()
        answer = await faulty.deliver(replace(request, body=body))
        return _answer({**json.loads(answer.body), **undone}, answer.status)

    return fault


def give_nothing_but(last: dict[str, Any]) -> Fault:
    """A page of a Scan without items, that goes on behind a key."""

    async def fault(_: Faulty, __: Request) -> Response:
        return _answer({"Items": [], "Count": 0, "LastEvaluatedKey": last})

    return fault


def refuse(code: str, status: int = 400, **more: Any) -> Fault:
    """Nothing happens, and the answer says why."""

    async def fault(_: Faulty, __: Request) -> Response:
        return _answer({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more}, status)

    return fault


def cancel(*codes: str) -> Fault:
    """A transaction is cancelled, for these reasons of its parts."""
    reasons = [{"Code": code, "Message": "" if code == "None" else code} for code in codes]
    return refuse("TransactionCanceledException", CancellationReasons=reasons)


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(status, json.dumps(body).encode())
