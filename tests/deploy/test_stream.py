"""The stream function, driven by what an engine emits, in every odd slicing."""

import asyncio
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tavola.app import open_service
from tavola.core import limits, table
from tavola.core.ids import direct
from tavola.core.items import Item
from tavola.core.log import Draft
from tavola.core.persons import Person
from tavola.edge.aws.stream import StreamFunction
from tavola.edge.feed.status import Aside, asides
from tavola.flows.erasing import erase_user
from tavola.flows.identities import link_user
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user
from tavola.settings import Settings
from tests import builders as b
from tests.deploy.invoking import Deliveries
from tests.deploy.lambdas import Context, Emitted, Event
from tests.deploy.permissions import Guard
from tests.engine.dynoxide import Engine
from tests.engine.streamed import open_streamed
from tests.sim.test_simulation import Simulation, check, check_replay

SEEDS = range(1, 7)
DEEDS = 150
DONE: Event = {"batchItemFailures": []}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_invariants_survive_on_lambda(seed: int, engine: Engine, guard: Guard) -> None:
    print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
    with asyncio.Runner() as runner:
        store = runner.run(open_streamed(engine))
        simulation = Simulation(seed, store, runner.run)
        environment = {"TAVOLA_STORE": engine.store_url(store.table)}
        emitted = Emitted(engine, store.table)
        deliveries = Deliveries(random.Random(seed), emitted, environment, guard)
        simulation.feed = deliveries  # type: ignore[assignment] # it does what a feed does there
        simulation.live(DEEDS)
        simulation.settle()
        check(simulation)
        check_replay(simulation)
        deliveries.close()
        runner.run(store.close())


class Chat:
    """A table where Ann has written to Bob, and the function that follows it."""

    def __init__(self, engine: Engine, guard: Guard) -> None:
        self._guard = guard
        table = engine.new_table()
        self.store = engine.store_url(table)
        self.emitted = Emitted(engine, table)
        self.function = StreamFunction({"TAVOLA_STORE": self.store})
        asyncio.run(self._begin())
        self.records = self.emitted.read()

    async def _begin(self) -> None:
        async with open_service(Settings(store=self.store)) as service:
            for name in ("ann", "bob"):
                await service.run(create_user(b.user(name)))
            draft = Draft(b.mid(1), "ann", "hello")
            await service.run(send(draft, Target(to="bob"), None, b.T0, "day"))

    def invoke(self, records: list[Event], remaining_ms: int = 60_000) -> Event:
        with self._guard.acting("StreamRole"):
            return self.function({"Records": records}, Context(remaining_ms=remaining_ms))

    def items(self) -> list[Item]:
        async def collect() -> list[Item]:
            async with open_service(Settings(store=self.store), write=False) as service:
                return [item async for part in service.store.scan() for item in part]

        return asyncio.run(collect())

    def types(self) -> set[str]:
        return {item["type"] for item in self.items()}

    def set_aside(self) -> list[Aside]:
        async def collect() -> list[Aside]:
            async with open_service(Settings(store=self.store), write=False) as service:
                return await asides(service.store)

        return asyncio.run(collect())


@pytest.fixture
def chat(engine: Engine, guard: Guard) -> Iterator[Chat]:
    """A first message that nothing has followed yet."""
    chat = Chat(engine, guard)
    yield chat
    chat.function.close()


def changed(record: Event, number: str, **attributes: Any) -> Event:
    """A record like this one, of an item that no Tavola of this version has written."""
    made = deepcopy(record)
    made["dynamodb"] |= {"SequenceNumber": number, "Keys": {"pk": {"S": "X#1"}, "sk": {"S": "A"}}}
    made["dynamodb"]["NewImage"] |= attributes | {"pk": {"S": "X#1"}, "sk": {"S": "A"}}
    return made


POISON: list[dict[str, Any]] = [
    {"type": {"S": "Sticker"}},
    {"v": {"N": "99"}},
    {"v": {"N": "-1e300"}},
    {"type": {"N": "7"}},
    {"sender_id": {"X": "no type of DynamoDB"}},
]


@pytest.mark.parametrize("poison", POISON, ids=str)
def test_a_record_of_another_shape_is_set_aside_and_the_rest_handled(
    chat: Chat, poison: dict[str, Any]
) -> None:
    records = [changed(chat.records[-1], "999999", **poison), *chat.records]
    assert chat.invoke(records) == DONE
    assert {"InboxPointer", "DirectUser"} <= chat.types()
    (aside,) = chat.set_aside()
    assert aside.error is not None
    assert "X#1 A" in aside.error


def test_what_it_writes_of_its_own_is_nothing_to_it(chat: Chat) -> None:
    assert chat.invoke([changed(chat.records[-1], "999999", v={"N": "99"})]) == DONE
    own = [one for one in chat.emitted.read() if one["dynamodb"]["Keys"]["pk"]["S"] == "FEED#main"]
    assert own
    assert chat.invoke(own) == DONE
    assert chat.emitted.read() == []


def test_it_comes_to_rest(chat: Chat) -> None:
    rounds = 0
    records = chat.records
    while records:
        assert chat.invoke(records) == DONE
        records = chat.emitted.read()
        rounds += 1
    assert rounds <= 3
    assert {"InboxPointer", "DirectUser"} <= chat.types()


def test_what_is_not_done_in_time_is_told_from_its_first_record_on(chat: Chat) -> None:
    first_message = next(
        one for one in chat.records if one["dynamodb"]["NewImage"]["type"]["S"] == "Message"
    )
    number = first_message["dynamodb"]["SequenceNumber"]
    answer = chat.invoke(chat.records, remaining_ms=1)
    assert answer["batchItemFailures"]
    told = answer["batchItemFailures"][0]["itemIdentifier"]
    assert int(told) <= int(number)
    assert told in {one["dynamodb"]["SequenceNumber"] for one in chat.records}
    assert chat.set_aside() == []
    assert chat.invoke(chat.records) == DONE
    assert {"InboxPointer", "DirectUser"} <= chat.types()


def test_a_batch_that_repeats_itself_is_done_once(chat: Chat) -> None:
    assert chat.invoke([*chat.records, *chat.records]) == DONE
    once = chat.items()
    written = len(chat.emitted.read())
    assert written == 4  # two pointers and two joiners
    assert chat.invoke(chat.records) == DONE
    assert chat.items() == once
    place = table.DIRECT_USER.key(conversation=direct("ann", "bob").id, user_id="bob")
    assert any((item["pk"], item["sk"]) == place for item in once)


async def erase_somebody_with_many_identities(store: str) -> None:
    async with open_service(Settings(store=store)) as service:
        for number in range(limits.ERASE_IDENTITIES + 5):
            person = Person("https://id.example", f"ann-{number}")
            await service.run(link_user(person, "ann"))
        await service.run(erase_user("ann", b.T0))


def test_who_is_erased_is_done_away_with_to_the_last_identity(chat: Chat) -> None:
    assert chat.invoke(chat.records) == DONE
    asyncio.run(erase_somebody_with_many_identities(chat.store))
    while records := chat.emitted.read():
        for start in range(0, len(records), 100):
            assert chat.invoke(records[start : start + 100]) == DONE
    assert "Identity" not in chat.types()
    left = [item["type"] for item in chat.items() if item["pk"] == "USER#ann"]
    assert left == ["User"]
    assert chat.set_aside() == []
