"""What AWS says of a stack and of what it consists of: each of these asks once, and reads it.

They raise `AwsDenied`, `AwsFailed`, and `AwsMissing` for what is not there.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, TypeVar
from xml.etree import ElementTree

import msgspec

from tavola.core.errors import AwsFailed, AwsMissing
from tavola.edge.aws.secrets import SecretPlace
from tavola.edge.aws.services import PARAMETERS, Ask

T = TypeVar("T")


class Resource(msgspec.Struct, frozen=True):
    """A part of a stack: its name in the template, its type, and what AWS calls it."""

    name: str
    type: str
    id: str


class Stack(msgspec.Struct, frozen=True):
    """A stack as CloudFormation has it."""

    name: str
    status: str
    reason: str
    outputs: dict[str, str]
    resources: dict[str, Resource]


class _Environment(msgspec.Struct, rename="pascal"):
    variables: dict[str, str] = {}


class FunctionState(msgspec.Struct, rename="pascal"):
    """How a function is; and its environment, which is not for printing."""

    state: str = "Active"
    state_reason: str | None = None
    last_update_status: str = "Successful"
    last_update_status_reason: str | None = None
    environment: _Environment | None = None

    @property
    def variables(self) -> dict[str, str]:
        """Its environment."""
        return self.environment.variables if self.environment else {}


class _Filter(msgspec.Struct, rename="pascal"):
    pattern: str = "{}"


class _Filters(msgspec.Struct, rename="pascal"):
    filters: list[_Filter] | None = None


class _Destination(msgspec.Struct, rename="pascal"):
    destination: str | None = None


class _Destinations(msgspec.Struct, rename="pascal"):
    on_failure: _Destination | None = None


class MappingState(msgspec.Struct, rename="pascal"):
    """How the stream wakes its function."""

    state: str
    event_source_arn: str | None = None
    last_processing_result: str | None = None
    bisect_batch_on_function_error: bool | None = None
    function_response_types: list[str] | None = None
    filter_criteria: _Filters | None = None
    destination_config: _Destinations | None = None

    @property
    def patterns(self) -> list[str]:
        """The patterns that a change must fit one of."""
        found = self.filter_criteria.filters if self.filter_criteria else None
        return [one.pattern for one in found or ()]

    @property
    def destination(self) -> str | None:
        """Where batches go that were given up."""
        found = self.destination_config
        return found.on_failure.destination if found and found.on_failure else None


class _Attributes(msgspec.Struct, rename="pascal"):
    queue_arn: str
    approximate_number_of_messages: str = "0"
    approximate_number_of_messages_not_visible: str = "0"
    approximate_number_of_messages_delayed: str = "0"


class _QueueAnswer(msgspec.Struct, rename="pascal"):
    attributes: _Attributes


class QueueState(msgspec.Struct, frozen=True):
    """A queue, and about how many messages it has."""

    arn: str
    messages: int


class AlarmState(msgspec.Struct, rename="pascal"):
    """An alarm: `OK`, `ALARM`, or that there were no figures to go by."""

    alarm_name: str
    state_value: str
    alarm_description: str = ""


class _AlarmAnswer(msgspec.Struct, rename="pascal"):
    metric_alarms: list[AlarmState] = []


class _SecretAnswer(msgspec.Struct, rename="pascal"):
    deleted_date: Any = None


async def read_stack(ask: Ask, name: str) -> Stack:
    """A stack with all its parts."""
    answer = _xml(await ask("DescribeStacks", {"StackName": name}))
    found = answer.find(".//{*}Stacks/{*}member")
    if found is None:
        raise AwsMissing(f"CloudFormation tells of no stack {name}.")
    outputs = found.findall("./{*}Outputs/{*}member")
    return Stack(
        name,
        _text(found, "StackStatus"),
        found.findtext("./{*}StackStatusReason", ""),
        {_text(one, "OutputKey"): _text(one, "OutputValue") for one in outputs},
        {one.name: one async for one in _resources(ask, name)},
    )


async def _resources(ask: Ask, stack: str) -> AsyncIterator[Resource]:
    token: str | None = None
    while True:
        asked = {"StackName": stack} | ({"NextToken": token} if token else {})
        answer = _xml(await ask("ListStackResources", asked))
        for one in answer.iterfind(".//{*}StackResourceSummaries/{*}member"):
            yield Resource(
                _text(one, "LogicalResourceId"),
                _text(one, "ResourceType"),
                one.findtext("./{*}PhysicalResourceId", ""),
            )
        before, token = token, answer.findtext(".//{*}NextToken")
        if not token:
            return
        if token == before:
            raise AwsFailed("CloudFormation answered the same page twice.")


async def read_function(ask: Ask, name: str) -> FunctionState:
    """A function."""
    return _json(await ask("GetFunctionConfiguration", {"FunctionName": name}), FunctionState)


async def read_mapping(ask: Ask, uuid: str) -> MappingState:
    """What wakes a function."""
    return _json(await ask("GetEventSourceMapping", {"UUID": uuid}), MappingState)


async def read_queue(ask: Ask, url: str) -> QueueState:
    """A queue."""
    names = [_pascal(name) for name in _Attributes.__struct_fields__]
    answer = await ask("GetQueueAttributes", {"QueueUrl": url, "AttributeNames": names})
    found = _json(answer, _QueueAnswer).attributes
    return QueueState(found.queue_arn, sum(map(int, _counts(found))))


def _counts(found: _Attributes) -> Iterator[str]:
    yield found.approximate_number_of_messages
    yield found.approximate_number_of_messages_not_visible
    yield found.approximate_number_of_messages_delayed


async def read_alarms(ask: Ask, names: Sequence[str]) -> list[AlarmState]:
    """Those of some alarms that are there; 100 at most are asked for."""
    answer = await ask("DescribeAlarms", {"AlarmNames": list(names), "MaxRecords": 100})
    return _json(answer, _AlarmAnswer).metric_alarms


async def check_kept(ask: Ask, place: SecretPlace) -> None:
    """Raises `AwsMissing` where no secret is kept. It is not read: nobody here has to know it."""
    if place.service is PARAMETERS:
        await ask("GetParameter", {"Name": place.name, "WithDecryption": False})
        return
    answer = await ask("DescribeSecret", {"SecretId": place.name})
    if _json(answer, _SecretAnswer).deleted_date is not None:
        raise AwsMissing("It is about to be deleted.")


def _json(answer: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=kind)
    except msgspec.MsgspecError as error:
        raise AwsFailed(f"AWS answered what it should not: {error}") from None


def _xml(answer: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(answer)
    except ElementTree.ParseError as error:
        raise AwsFailed(f"AWS answered what it should not: {error}") from None


def _text(element: ElementTree.Element, name: str) -> str:
    found = element.findtext(f"./{{*}}{name}")
    if found is None:
        raise AwsFailed(f"AWS answered without {name}.")
    return found


def _pascal(name: str) -> str:
    return "".join(map(str.capitalize, name.split("_")))
