"""What a month on Lambda costs, from what its users do: a computation, with all that it assumes.

Request units are those that the use cases were measured to cost; how often a use case is run, and
what the other services charge, is assumed here and told with every bill. Free tiers are left out,
but for Cognito's, which is part of its prices.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple, get_type_hints

import msgspec
from msgspec import Meta

from tavola.core.units import Prices, Units, usd_per_million
from tavola.edge.costs import Shape, UseCase

MILLION = 1_000_000.0
GB = 1e9
DAYS = 30
SECONDS = DAYS * 86_400.0
INBOX_POLLS, LOG_POLLS = 900, 1_800  # an hour: every 4 and every 2 seconds, see the web UI
RATES_OF = "list prices in us-east-1 as published in 2025; look them up before you rely on them"


class Habits(msgspec.Struct, frozen=True):
    """What users do, and what that takes: each with what it says."""

    hours: Annotated[
        float,
        Meta(
            description="hours a day that somebody who is active has the web UI on the screen, "
            f"with a conversation open: {INBOX_POLLS:,} times an hour it asks for the inbox, "
            f"{LOG_POLLS:,} times for new messages"
        ),
    ] = 0.5
    active_days: Annotated[float, Meta(description="days a month on which a user is active")] = 15
    messages: Annotated[float, Meta(description="messages that they write on such a day")] = 20
    group_share: Annotated[float, Meta(description="of these, in groups")] = 0.3
    conversations: Annotated[
        float, Meta(description="direct conversations in which theirs is the day's first message")
    ] = 2
    groups: Annotated[
        float, Meta(description="groups that they are in, with a message each day")
    ] = 5
    opens: Annotated[
        float, Meta(description="conversations that they open, with the newest 50 messages")
    ] = 10
    inbox_opens: Annotated[float, Meta(description="times that they open the inbox")] = 5
    marks: Annotated[float, Meta(description="times that something is marked as read")] = 30
    memory_gb: Annotated[float, Meta(description="GB of memory of a function")] = 1.0
    processor: Annotated[
        float, Meta(description="the part of a processor that comes with it (1,769 MB have one)")
    ] = 0.58
    inbox_cpu_ms: Annotated[
        float, Meta(description="ms of a processor for a page of the inbox, measured")
    ] = 5.0
    other_cpu_ms: Annotated[
        float, Meta(description="ms of a processor for any other request, measured")
    ] = 1.0
    wait_ms: Annotated[
        float, Meta(description="ms that a request waits for DynamoDB, which are paid, too")
    ] = 10.0
    stream_ms: Annotated[
        float, Meta(description="ms of the stream function for a change that wakes it")
    ] = 50.0
    answer_bytes: Annotated[
        float, Meta(description="bytes of an answer with its headers, compressed")
    ] = 1_000
    log_bytes: Annotated[
        float, Meta(description="bytes of logs for a request: API Gateway's line and Lambda's")
    ] = 700
    item_bytes: Annotated[
        float, Meta(description="bytes stored for a message beside its text, DynamoDB's own too")
    ] = 284
    months: Annotated[float, Meta(description="months of messages that are stored")] = 12


Tiers = tuple[tuple[float, float], ...]
"""Up to how much, and what each of it costs."""


class Rates(NamedTuple):
    """What other services charge in US dollars."""

    api: Tiers = ((300, 1.00), (math.inf, 0.90))  # a million requests
    function_million: float = 0.20
    function_gb_s: float = 0.0000133334  # on arm64
    cdn_million: float = 1.00
    cdn_function_million: float = 0.10
    cdn_gb: Tiers = ((10_000, 0.085), (math.inf, 0.080))
    logs_gb: float = 0.50
    logs_kept_gb: float = 0.03
    alarm: float = 0.10
    stored_gb: float = 0.25
    recovery_gb: float = 0.20
    pool_user: Tiers = ((10_000, 0.0), (math.inf, 0.015))  # of the tier that a new pool has
    secret: float = 0.40


ALARMS = 6
_WRITING = ("new_day_direct", "next_direct", "new_day_group", "next_group")


class Measured(NamedTuple):
    """Use cases with what they cost, and how long messages and how large groups were for that."""

    shape: Shape
    use_cases: Sequence[UseCase]


class Line(msgspec.Struct, frozen=True):
    """What one service costs a month, and for how much of what."""

    service: str
    amount: str
    usd: float


class Bill(msgspec.Struct, frozen=True):
    """A month of so many users."""

    users: int
    requests_a_second: float
    lines: list[Line]
    usd: float


def bill(users: int, habits: Habits, measured: Measured, prices: Prices, rates: Rates) -> Bill:
    """What a month costs with so many users who are active in it, the dearest service first."""
    counts = _counts(users, habits, measured.shape.members)
    requests = sum(counts.values())
    units = _units({**counts, "session": requests}, measured.use_cases)
    message_bytes = habits.item_bytes + measured.shape.message_bytes
    written = sum(counts[name] for name in _WRITING)
    woken = counts["next_group"] + counts["new_day_group"] + counts["new_day_direct"]
    cpu_ms = (
        counts["inbox"] * habits.inbox_cpu_ms + (requests - counts["inbox"]) * habits.other_cpu_ms
    )
    ms = cpu_ms / habits.processor + requests * habits.wait_ms + woken * habits.stream_ms
    lines = [
        Line(
            "DynamoDB, requests",
            f"{_many(units.read)} RRU, {_many(units.write)} WRU",
            usd_per_million(units, prices) / MILLION,
        ),
        _stored(written * habits.months * message_bytes / GB, rates),
        Line("API Gateway", f"{_many(requests)} requests", _tiers(requests / MILLION, rates.api)),
        _functions(requests + woken, ms / 1_000 * habits.memory_gb, rates),
        _delivered(requests, requests * habits.answer_bytes / GB, rates),
        _watched(requests * habits.log_bytes / GB, rates),
        Line("Cognito", f"{_many(users)} users", _tiers(users, rates.pool_user)),
        Line("Secrets Manager", "1 secret", rates.secret),
    ]
    lines.sort(key=lambda line: -line.usd)
    return Bill(users, requests / SECONDS, lines, sum(line.usd for line in lines))


def _counts(users: int, habits: Habits, members: int) -> dict[str, float]:
    """How often each use case is run in a month, each by one request."""
    days = users * habits.active_days
    in_groups = days * habits.messages * habits.group_share
    direct = days * habits.messages - in_groups
    first_in_groups = min(in_groups, users * habits.groups / members * DAYS)
    first_direct = min(direct, days * habits.conversations)
    return {
        "inbox": days * (habits.hours * INBOX_POLLS + habits.inbox_opens),
        "look_for_newer": days * habits.hours * LOG_POLLS,
        "read_messages": days * habits.opens,
        "mark_read": days * habits.marks,
        "new_day_direct": first_direct,
        "next_direct": direct - first_direct,
        "new_day_group": first_in_groups,
        "next_group": in_groups - first_in_groups,
    }


def _units(counts: dict[str, float], use_cases: Sequence[UseCase]) -> Units:
    known = {one.name: one.units for one in use_cases}
    read = sum(count * known[name].read for name, count in counts.items())
    write = sum(count * known[name].write for name, count in counts.items())
    return Units(read, write)


def _stored(gb: float, rates: Rates) -> Line:
    usd = gb * (rates.stored_gb + rates.recovery_gb)
    return Line("DynamoDB, storage and recovery", f"{_many(gb)} GB", usd)


def _functions(invocations: float, gb_s: float, rates: Rates) -> Line:
    usd = invocations / MILLION * rates.function_million + gb_s * rates.function_gb_s
    return Line("Lambda", f"{_many(invocations)} invocations, {_many(gb_s)} GB-s", usd)


def _delivered(requests: float, gb: float, rates: Rates) -> Line:
    each = rates.cdn_million + rates.cdn_function_million
    usd = requests / MILLION * each + _tiers(gb, rates.cdn_gb)
    return Line("CloudFront", f"{_many(requests)} requests, {_many(gb)} GB", usd)


def _watched(gb: float, rates: Rates) -> Line:
    usd = gb * (rates.logs_gb + rates.logs_kept_gb) + ALARMS * rates.alarm
    return Line("CloudWatch", f"{_many(gb)} GB of logs, {ALARMS} alarms", usd)


def _tiers(amount: float, tiers: Tiers) -> float:
    """What an amount costs of which each part has a price of its own."""
    usd, begin = 0.0, 0.0
    for end, price in tiers:
        usd += max(0.0, min(amount, end) - begin) * price
        begin = end
    return usd


def _many(amount: float) -> str:
    """An amount in three figures or so."""
    for unit, size in (("billion", 1e9), ("million", 1e6)):
        if amount >= size:
            return f"{amount / size:,.3g} {unit}"
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:,.2g}"


def assumptions(habits: Habits) -> Iterator[tuple[str, str]]:
    """Each assumption: how much of what."""
    hints = get_type_hints(Habits, include_extras=True)
    for name in Habits.__struct_fields__:
        (meta,) = hints[name].__metadata__
        yield f"{getattr(habits, name):,g}", meta.description
