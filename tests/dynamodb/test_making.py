"""A table is made, completed and dropped whatever happens on the way, and no other is touched."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import aiohttp
import pytest
from aiodynamo.http.aiohttp import AIOHTTP

from tavola.core import errors
from tavola.core.table import STREAM_VIEW
from tavola.stores.dynamodb import described as d
from tavola.stores.dynamodb.admin import Admin, Waiting
from tavola.stores.dynamodb.connect import new_session, sender_of
from tavola.stores.dynamodb.creating import Made, Wanted, make_table
from tavola.stores.dynamodb.schema import Capacity, create_table_payload
from tavola.stores.dynamodb.sender import Pace
from tests.dynamodb.conftest import IN_A_HURRY, PATIENT
from tests.dynamodb.faults import (
    Faulty,
    answer,
    change_table,
    fail_behind_it,
    let_through,
    lose_the_answer,
    lose_the_request,
    refuse,
)
from tests.engine.dynoxide import CREDENTIALS, REGION, Engine

T = TypeVar("T")

UNKNOWN = "recovery: The endpoint does not know this operation."
BUSY = refuse("ResourceInUseException")
OFF = answer(ContinuousBackupsDescription={"ContinuousBackupsStatus": "ENABLED"})
ON = answer(
    ContinuousBackupsDescription={
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}
    }
)
BEFORE_RECOVERY = 6  # requests for a new table: look, create, look; expiry: look, look, change


class Desk:
    """The tables of the engine, what can go wrong on the way to them, and an event loop."""

    def __init__(self, runner: asyncio.Runner, engine: Engine, pace: Pace = PATIENT) -> None:
        self._runner = runner
        self.engine = engine
        self._session, self.faulty = runner.run(self._open())
        sender = sender_of(self.faulty, CREDENTIALS, REGION, engine.url, pace)
        self.admin = Admin(sender, "the engine", Waiting(deadline_s=1.0, pause_s=0.001))
        self.steps: list[str] = []

    async def _open(self) -> tuple[aiohttp.ClientSession, Faulty]:
        session = new_session()
        return session, Faulty(AIOHTTP(session))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def make(self, table: str, wanted: Wanted | None = None) -> Made:
        return self.run(make_table(self.admin, table, wanted or Wanted(), self.steps.append))

    def state(self, table: str) -> Any:
        """All that can be asked about a table."""
        named = {"TableName": table}
        return (
            self.engine.call("DescribeTable", named),
            self.engine.call("DescribeTimeToLive", named),
        )

    def create(self, table: str, **changes: Any) -> str:
        """Make a table by other means than ours."""
        self.engine.call("CreateTable", {**create_table_payload(table), **changes})
        return table

    def close(self) -> None:
        self.run(self._session.close())


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        desk = Desk(runner, engine)
        yield desk
        desk.close()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name of the test's own."""
    return "".join(c if c.isalnum() else "-" for c in request.node.name)


WITHOUT_STREAM = {"StreamSpecification": {"StreamEnabled": False}}


def is_complete(desk: Desk, name: str) -> bool:
    found, expiry = desk.run(desk.admin.describe(name)), desk.run(desk.admin.expiry(name))
    assert found.stream is not None
    return (found.status, found.stream.view, expiry) == (
        "ACTIVE",
        STREAM_VIEW,
        d.Expiry("ENABLED", "expires_at"),
    )


# --- a new table ----------------------------------------------------------------------------------


def test_a_table_is_made_with_all_that_the_endpoint_knows(desk: Desk, name: str) -> None:
    assert desk.make(name) == Made(True, ["stream", "expiry"], [UNKNOWN])
    assert is_complete(desk, name)
    assert desk.run(desk.admin.describe(name)).capacity is None
    assert desk.steps == ["creating", "waiting", "expiry", "recovery"]


def test_a_table_is_made_as_it_is_wanted(desk: Desk, name: str) -> None:
    wanted = Wanted(Capacity(3, 4), recovery=False, protect=True)
    assert desk.make(name, wanted) == Made(True, ["stream", "protection", "expiry"])
    found = desk.run(desk.admin.describe(name))
    assert (found.capacity, found.protected) == (Capacity(3, 4), True)


def test_it_is_waited_for(desk: Desk, name: str) -> None:
    creating = change_table(TableStatus="CREATING")
    not_yet = refuse("ResourceNotFoundException")
    desk.faulty.plan += [let_through, let_through, not_yet, creating, creating]
    assert desk.make(name).created
    assert is_complete(desk, name)


def test_waiting_has_an_end(desk: Desk, name: str) -> None:
    desk.faulty.plan += [let_through, let_through, *[change_table(TableStatus="CREATING")] * 9_999]
    with pytest.raises(errors.StoreTimeout, match=r"still not active after 1 s"):
        desk.make(name)


@pytest.mark.parametrize("fault", [lose_the_answer, fail_behind_it, lose_the_request])
def test_an_answer_that_is_lost_makes_no_difference(desk: Desk, name: str, fault: Any) -> None:
    desk.faulty.plan += [let_through, fault]
    assert "expiry" in desk.make(name).turned_on
    assert is_complete(desk, name)


def test_of_two_that_make_it_at_once_one_does(desk: Desk, name: str) -> None:
    async def both() -> list[Made]:
        making = (make_table(desk.admin, name, Wanted(), desk.steps.append) for _ in range(2))
        return await asyncio.gather(*making)

    assert sorted(made.created for made in desk.run(both())) == [False, True]
    assert is_complete(desk, name)


def test_recovery_is_turned_on_where_it_is_known(desk: Desk, name: str) -> None:
    not_yet = refuse("ContinuousBackupsUnavailableException")
    desk.faulty.plan += [let_through] * BEFORE_RECOVERY + [OFF, OFF, not_yet, not_yet, answer()]
    assert desk.make(name) == Made(True, ["stream", "expiry", "recovery"])
    assert desk.faulty.sent[-1] == {
        "TableName": name,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }


def test_recovery_that_is_on_stays_as_it_is(desk: Desk, name: str) -> None:
    desk.faulty.plan += [let_through] * BEFORE_RECOVERY + [ON, ON]
    assert desk.make(name) == Made(True, ["stream", "expiry"])


def test_what_may_not_be_seen_is_left(desk: Desk, name: str) -> None:
    denied = refuse("AccessDeniedException", message="no")
    desk.faulty.plan += [let_through] * BEFORE_RECOVERY + [denied]
    (left,) = desk.make(name).left
    assert left.startswith("recovery: DynamoDB refuses")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("SomethingNew", errors.StoreFailed),
        ("ValidationException", errors.Invalid),
        ("AccessDeniedException", errors.StoreDenied),
    ],
)
def test_what_dynamodb_does_not_allow_is_told(
    desk: Desk, name: str, code: str, error: type[errors.TavolaError]
) -> None:
    desk.faulty.plan += [let_through, refuse(code, message="so many tables")]
    with pytest.raises(error, match="so many tables"):
        desk.make(name)


def test_a_quota_that_is_reached_is_told_when_trying_is_over(engine: Engine, name: str) -> None:
    full = refuse("LimitExceededException", message="2,500 tables at most")
    with asyncio.Runner() as runner:
        desk = Desk(runner, engine, IN_A_HURRY)
        desk.faulty.plan += [let_through, *[full] * 9_999]
        with pytest.raises(errors.StoreThrottled, match="2,500 tables at most"):
            desk.make(name)
        desk.close()


# --- one that is there ----------------------------------------------------------------------------


def test_a_table_that_has_everything_is_not_changed(desk: Desk, name: str) -> None:
    desk.make(name)
    before = desk.state(name)
    assert desk.make(name) == Made(False, [], [UNKNOWN])
    assert desk.make(name, Wanted(Capacity(1, 1), recovery=False)).left == [
        "billing: what a table has is not changed here"
    ]
    assert desk.state(name) == before


def test_what_is_missing_is_turned_on(desk: Desk, name: str) -> None:
    desk.create(name, **WITHOUT_STREAM)
    assert desk.make(name, Wanted(protect=True)) == Made(
        False, ["stream", "protection", "expiry"], [UNKNOWN]
    )
    assert is_complete(desk, name)
    assert desk.run(desk.admin.describe(name)).protected


def test_a_change_waits_for_the_one_before_it(desk: Desk, name: str) -> None:
    desk.create(name, **WITHOUT_STREAM)
    updating = change_table(TableStatus="UPDATING")
    desk.faulty.plan += [let_through, updating, updating, let_through, let_through, let_through]
    desk.faulty.plan += [BUSY, BUSY]
    assert "stream" in desk.make(name).turned_on
    assert is_complete(desk, name)


def test_a_change_that_had_happened_is_not_taken_for_refused(desk: Desk, name: str) -> None:
    """AWS refuses to turn on what is on, also to whose first attempt did it."""
    desk.create(name, **WITHOUT_STREAM)
    already = refuse("ValidationException", message="Table already has an enabled stream")
    desk.faulty.plan += [let_through] * 4 + [lose_the_answer, already]
    assert "stream" in desk.make(name).turned_on
    assert is_complete(desk, name)


def test_a_change_that_is_refused_is_told(desk: Desk, name: str) -> None:
    desk.create(name, **WITHOUT_STREAM)
    desk.faulty.plan += [let_through] * 4 + [refuse("ValidationException", message="not today")]
    with pytest.raises(errors.Invalid, match="not today"):
        desk.make(name)


def test_expiry_by_another_attribute_is_left(desk: Desk, name: str) -> None:
    desk.create(name)
    other = {"Enabled": True, "AttributeName": "gone_at"}
    desk.engine.call("UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": other})
    before = desk.state(name)
    assert desk.make(name).left == [
        "expiry: items expire by gone_at, not by expires_at",
        UNKNOWN,
    ]
    assert desk.state(name) == before


FOREIGN_KEYS = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}


def test_a_table_of_other_keys_is_left_alone(desk: Desk, name: str) -> None:
    desk.create(name, **FOREIGN_KEYS, **WITHOUT_STREAM)
    before = desk.state(name)
    with pytest.raises(errors.StoreUnusable, match=r"not Tavola's.*keys"):
        desk.make(name)
    assert desk.state(name) == before


def test_a_table_of_other_items_is_left_alone(desk: Desk, name: str) -> None:
    desk.create(name, **WITHOUT_STREAM)
    order = {"pk": {"S": "ORDER#1"}, "sk": {"S": "A"}, "type": {"S": "Order"}, "b": {"B": "AA=="}}
    desk.engine.call("PutItem", {"TableName": name, "Item": order})
    before = desk.state(name)
    with pytest.raises(errors.StoreUnusable, match=r"not Tavola's.*items"):
        desk.make(name)
    assert desk.state(name) == before


def test_a_stream_that_others_read_is_left_alone(desk: Desk, name: str) -> None:
    keys_only = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    desk.create(name, StreamSpecification=keys_only)
    before = desk.state(name)
    with pytest.raises(errors.StoreUnusable, match="stream of KEYS_ONLY"):
        desk.make(name)
    assert desk.state(name) == before


def test_who_may_not_look_at_items_goes_by_the_keys(desk: Desk, name: str) -> None:
    desk.create(name)
    denied = refuse("AccessDeniedException")
    desk.faulty.plan += [let_through, let_through, denied]
    assert desk.make(name).turned_on == ["expiry"]


def test_a_table_on_its_way_out_is_not_waited_for(desk: Desk, name: str) -> None:
    desk.create(name)
    deleting = change_table(TableStatus="DELETING")
    desk.faulty.plan += [deleting, deleting]
    with pytest.raises(errors.StoreUnusable, match="being deleted"):
        desk.make(name)


# --- away with it ---------------------------------------------------------------------------------


def test_a_drop_waits_until_the_table_is_gone(desk: Desk, name: str) -> None:
    desk.create(name)
    still = {**create_table_payload(name), "TableStatus": "DELETING"}
    desk.faulty.plan += [BUSY, let_through, answer(Table=still), answer(Table=still)]
    desk.run(desk.admin.drop(name))
    assert len(desk.faulty.sent) == 5
    with pytest.raises(errors.TableMissing):
        desk.run(desk.admin.describe(name))


@pytest.mark.parametrize("fault", [lose_the_answer, fail_behind_it, lose_the_request])
def test_a_drop_whose_answer_is_lost_is_done(desk: Desk, name: str, fault: Any) -> None:
    desk.create(name)
    desk.faulty.plan += [fault]
    desk.run(desk.admin.drop(name))
    with pytest.raises(errors.TableMissing):
        desk.run(desk.admin.describe(name))


def test_a_table_that_was_protected_meanwhile_stays(desk: Desk, name: str) -> None:
    desk.create(name, DeletionProtectionEnabled=True)
    with pytest.raises(errors.Invalid, match="protected against deletion"):
        desk.run(desk.admin.drop(name))
    assert desk.run(desk.admin.describe(name)).status == "ACTIVE"


# --- lists and statements -------------------------------------------------------------------------


def test_all_tables_are_listed_beyond_a_page(desk: Desk, name: str) -> None:
    made = [desk.create(f"{name}-{n:03d}") for n in range(120)]
    asked = len(desk.faulty.sent)
    found = desk.run(desk.admin.names())
    assert [one for one in found if one.startswith(f"{name}-")] == made
    assert len(desk.faulty.sent) - asked >= 2
    for one in made:
        desk.engine.call("DeleteTable", {"TableName": one})


def selected(desk: Desk, statement: str, limit: int | None = None) -> tuple[list[Any], float]:
    async def collect() -> tuple[list[Any], float]:
        items: list[Any] = []
        read = 0.0
        async for page in desk.admin.select(statement, limit):
            items += page.items
            read += page.units.read
        return items, read

    return desk.run(collect())


def test_a_statement_is_followed_to_its_end(desk: Desk, name: str) -> None:
    desk.create(name)
    for n in range(7):
        item = {"pk": {"S": "P"}, "sk": {"S": f"{n}"}, "n": {"N": f"{n}"}}
        desk.engine.call("PutItem", {"TableName": name, "Item": item})
    throttled = refuse("ThrottlingException")
    desk.faulty.plan += [let_through, throttled, lose_the_answer, let_through, throttled]
    items, read = selected(desk, f"SELECT sk, n FROM \"{name}\" WHERE pk = 'P'", 2)
    assert items == [{"sk": f"{n}", "n": n} for n in range(7)]
    assert read == 0.5 * 4


def test_a_statement_that_is_not_understood_is_told(desk: Desk, name: str) -> None:
    with pytest.raises(errors.Invalid, match="well formed"):
        selected(desk, "SELECT rubbish")
    with pytest.raises(errors.TableMissing):
        selected(desk, f'SELECT * FROM "{name}"')


def test_values_that_are_not_tavolas_are_told(desk: Desk, name: str) -> None:
    desk.create(name)
    item = {"pk": {"S": "P"}, "sk": {"S": "S"}, "b": {"B": "AA=="}}
    desk.engine.call("PutItem", {"TableName": name, "Item": item})
    with pytest.raises(errors.StoreUnusable, match="of type B"):
        selected(desk, f'SELECT * FROM "{name}"')
