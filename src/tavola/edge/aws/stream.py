"""The function behind the table's stream: it runs the consumers on each batch of changes.

Rules are among them, where its package has any.

A batch is handled as a whole, so that what it repeats is done once. What cannot be done is set
aside, as it is everywhere. What is not done in time is told: the service reads the stream on from
there, in smaller batches. The feed's own items are no changes, so nothing that is set aside brings
this function back.
"""

import os
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog

from tavola.app import Service, ledger_of
from tavola.core import limits
from tavola.edge import clock
from tavola.edge.aws.container import Container
from tavola.edge.aws.opening import opened
from tavola.edge.feed.handling import Handler
from tavola.stores.dynamodb.streams import changes_of

USE_CASE = "feed"

Event = dict[str, Any]

log = structlog.get_logger("tavola.feed")


class StreamFunction:
    """Handles batches of records of a stream."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._container = Container(self._opened)

    def __call__(self, event: Event, context: Any) -> Event:
        """Which records to send again: those from the first one on that was not done in time."""
        structlog.contextvars.bind_contextvars(aws_request_id=context.aws_request_id)
        within_s = context.get_remaining_time_in_millis() / 1000 - limits.LAMBDA_MARGIN_S

        async def handle(service: Service) -> Event:
            return await handle_batch(service, event["Records"], within_s)

        return self._container.run(handle)

    def close(self) -> None:
        """Close the store."""
        self._container.close()

    def _opened(self) -> AbstractAsyncContextManager[Service]:
        return opened(self._environment)


async def handle_batch(service: Service, records: list[Event], within_s: float) -> Event:
    """Do all that follows from some records; the answer that the service expects."""
    started = time.perf_counter()
    ledger = ledger_of(service.settings)
    changes = {change.n: change for change in changes_of(records)}  # some come twice
    consumers = Handler(service.run, service.settings.bucket, clock.ago, service.consumers)
    with ledger.measured() as spent:
        undone = await consumers.handle(list(changes.values()), within_s)
    log.info(
        "batch",
        status="undone" if undone else "done",
        changes=len(changes),
        undone=len(undone),
        set_aside=consumers.set_aside,
        **ledger.entry(USE_CASE, time.perf_counter() - started, spent.units, clock.epoch_ms()),
    )
    if not undone:
        return {"batchItemFailures": []}
    numbers = (record["dynamodb"]["SequenceNumber"] for record in records)
    first = min((number for number in numbers if int(number) in undone), key=int)
    return {"batchItemFailures": [{"itemIdentifier": first}]}


handler = StreamFunction(os.environ)
