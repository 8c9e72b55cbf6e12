"""What is wrong with a stack, from what was seen of it.

A part of the stack that is not there is told once; nothing more is said of it.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tavola.core.items import Key
from tavola.core.table import STREAM_VIEW, TTL_ATTRIBUTE
from tavola.edge.aws.deployed import AlarmState, FunctionState, MappingState, QueueState, Stack
from tavola.edge.aws.filters import patterns
from tavola.flows.consumers.wanted import RULES_WANTED, WANTED
from tavola.flows.doctor import deployment as d
from tavola.flows.doctor.check import Check
from tavola.flows.doctor.finding import Finding

HTTP, STREAM, MAPPING, QUEUE = "HttpFunction", "StreamFunction", "StreamMapping", "FailedChanges"
TABLE, SECRET, ISSUER, API, STACK = "Table", "TokenSecret", "Issuer", "ApiUrl", "Stack"
NEEDED = (HTTP, STREAM, MAPPING, QUEUE)
FUNCTION_TYPE, ALARM_TYPE = "AWS::Lambda::Function", "AWS::CloudWatch::Alarm"

_FINISHED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_BAD_RESULT = "PROBLEM"


class TableState(msgspec.Struct, frozen=True):
    """The table that the functions work on. `foreign` is why it is another program's."""

    name: str
    foreign: str | None
    stream_arn: str | None
    stream_view: str | None
    expires_by: str | None
    recovers: bool
    protected: bool


class Outside(msgspec.Struct, frozen=True):
    """Something that was asked over the net: where it is, what it told, or why nothing."""

    place: str
    told: str = ""
    failure: str | None = None


class Deployed(msgspec.Struct, kw_only=True):
    """What was seen of a stack; None for what is not there, or could not be known."""

    stack: Stack
    version: str
    functions: dict[str, FunctionState] = {}
    table: TableState | None = None
    mapping: MappingState | None = None
    queue: QueueState | None = None
    alarms: list[AlarmState] = []
    secret: Outside | None = None
    issuer: Outside | None = None
    api: Outside | None = None
    gone: list[Finding] = []


def judge(seen: Deployed) -> list[Finding]:
    """All that is wrong with a stack."""
    found = [*_stack(seen.stack), *seen.gone]
    for name, state in seen.functions.items():
        found += _function(_key(seen, name), state)
    found += _api(seen)
    if seen.table:
        found += _table(seen.table)
    if seen.mapping:
        found += _mapping(_key(seen, MAPPING), seen.mapping, seen.table, seen.queue)
        found += _filters(_key(seen, MAPPING), seen.mapping, seen.functions.get(STREAM))
    if seen.queue and seen.queue.messages:
        told = f"it has about {seen.queue.messages:,} batches"
        found.append(Finding(d.CHANGES_FAILED, _key(seen, QUEUE), told))
    for outside, name, check in (
        (seen.secret, SECRET, d.SECRET_MISSING),
        (seen.issuer, ISSUER, d.ISSUER_SILENT),
    ):
        if outside and outside.failure:
            found.append(Finding(check, Key(name, outside.place), outside.failure))
    return [*found, *_alarms(seen)]


def missing(name: str, place: str, told: str = "it is not there") -> Finding:
    """A part of a stack that is not there."""
    return Finding(d.RESOURCE_MISSING, Key(name, place), told)


def not_in(stack: Stack) -> Iterator[Finding]:
    """What the stack of a deployment has, and this one has not."""
    for name in NEEDED:
        if name not in stack.resources:
            yield missing(name, stack.name, "the stack does not have it")


def _key(seen: Deployed, name: str) -> Key:
    return Key(name, seen.stack.resources[name].id)


def _stack(stack: Stack) -> Iterator[Finding]:
    if stack.status not in _FINISHED:
        told = f"it is {stack.status}" + (f": {stack.reason}" if stack.reason else "")
        yield Finding(d.STACK_UNFINISHED, Key(STACK, stack.name), told)


def _function(key: Key, found: FunctionState) -> Iterator[Finding]:
    if found.state != "Active":
        yield _inactive(key, found.state, found.state_reason)
    elif found.last_update_status != "Successful":
        told = f"its update is {found.last_update_status}"
        yield _inactive(key, told, found.last_update_status_reason)


def _inactive(key: Key, told: str, reason: str | None) -> Finding:
    return Finding(d.FUNCTION_INACTIVE, key, told + (f": {reason}" if reason else ""))


def _api(seen: Deployed) -> Iterator[Finding]:
    if seen.api is None:
        return
    key = Key(API, seen.api.place)
    if seen.api.failure:
        yield Finding(d.API_SILENT, key, seen.api.failure)
    elif seen.api.told != seen.version:
        yield Finding(d.API_VERSION, key, f"it is {seen.api.told}, and this {seen.version}")


def _table(table: TableState) -> Iterator[Finding]:
    key = Key(TABLE, table.name)
    if table.foreign:
        yield Finding(d.TABLE_KEYS, key, table.foreign)
    if table.stream_view != STREAM_VIEW:
        shown = f"it shows {table.stream_view}" if table.stream_view else "it has none"
        yield Finding(d.TABLE_STREAM, key, shown)
    if table.expires_by != TTL_ATTRIBUTE:
        shown = f"they expire by {table.expires_by}" if table.expires_by else "they do not expire"
        yield Finding(d.TABLE_EXPIRY, key, shown)
    if not table.recovers:
        yield Finding(d.TABLE_RECOVERY, key, "point-in-time recovery is off")
    if not table.protected:
        yield Finding(d.TABLE_UNPROTECTED, key, "deletion protection is off")


def _mapping(
    key: Key, found: MappingState, table: TableState | None, queue: QueueState | None
) -> Iterator[Finding]:
    wrong: list[tuple[Check, str, bool]] = [
        (
            d.MAPPING_ELSEWHERE,
            f"it reads {found.event_source_arn}",
            bool(table and table.stream_arn and table.stream_arn != found.event_source_arn),
        ),
        (d.MAPPING_DISABLED, f"it is {found.state}", found.state != "Enabled"),
        (
            d.MAPPING_FAILING,
            str(found.last_processing_result),
            (found.last_processing_result or "").startswith(_BAD_RESULT),
        ),
        (
            d.MAPPING_WHOLE_BATCHES,
            "ReportBatchItemFailures is off",
            "ReportBatchItemFailures" not in (found.function_response_types or ()),
        ),
        (
            d.MAPPING_UNDIVIDED,
            "BisectBatchOnFunctionError is off",
            not found.bisect_batch_on_function_error,
        ),
        (
            d.MAPPING_UNDELIVERED,
            f"they go to {found.destination or 'nobody'}",
            bool(queue and queue.arn != found.destination),
        ),
    ]
    for check, told, is_wrong in wrong:
        if is_wrong:
            yield Finding(check, key, told)


def _filters(key: Key, found: MappingState, function: FunctionState | None) -> Iterator[Finding]:
    """Whether the patterns say the same as those that are derived, in whichever order.

    Who has rules is woken by more.
    """
    if function is None:
        return
    wanted = RULES_WANTED if function.variables.get("TAVOLA_RULES") else WANTED
    try:
        is_right = _ordered(map(json.loads, found.patterns)) == _ordered(patterns(wanted))
    except ValueError:
        is_right = False
    if not is_right:
        told = f"it has {len(found.patterns)} patterns, not those of this version"
        yield Finding(d.MAPPING_FILTERS, key, told)


def _ordered(some: Iterable[Any]) -> list[str]:
    return sorted(json.dumps(pattern, sort_keys=True) for pattern in some)


def _alarms(seen: Deployed) -> Iterator[Finding]:
    for alarm in seen.alarms:
        if alarm.state_value == "ALARM":
            told = alarm.alarm_description or "it is in alarm"
            yield Finding(d.ALARM_RAISED, Key("Alarm", alarm.alarm_name), told)
