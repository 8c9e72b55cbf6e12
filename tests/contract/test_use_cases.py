"""Each use case costs what the design promises: as the engine charges, and as the others count."""

from typing import TypeVar

from tavola.core.units import Units
from tavola.edge.costs import Shape, UseCase, measure_use_cases
from tavola.flows.flow import Flow
from tavola.stores import port
from tavola.stores.stats import measured
from tests.contract.conftest import Database

T = TypeVar("T")

# What a request costs, and the feed behind it.
PROMISED = {
    "read_messages": (Units(2, 0), Units()),
    "look_for_newer": (Units(1, 0), Units()),
    "read_date": (Units(0.5 + 9 + 2, 0), Units()),
    "inbox": (Units(0.5 + 20 * 0.5, 0), Units()),
    "user_groups": (Units(1, 0), Units()),
    "group_users": (Units(1, 0), Units()),
    "session": (Units(1, 0), Units()),
    "first_message": (Units(1.5, 1), Units(5, 2 + 2)),
    "next_direct": (Units(0.5, 1), Units()),
    "next_group": (Units(1, 1), Units(0, 1)),
    "new_day_direct": (Units(0.5, 1), Units(1, 2 * 2)),
    "new_day_group": (Units(1, 1), Units(2, 20 * 2 + 1)),
    "new_day_member": (Units(), Units(0, 2)),
    "mark_read": (Units(0.5, 1), Units()),
    "edit": (Units(1.5, 4), Units()),
    "delete": (Units(1, 4), Units()),
    "join": (Units(4, 8), Units(2, 1)),
    "leave": (Units(0, 6), Units(1, 4)),
    "new_user": (Units(0, 6), Units()),
}
LARGE = Shape(message_bytes=2_000, members=45)


def use_cases(db: Database, shape: Shape) -> dict[str, tuple[Units, Units]]:
    async def run(flow: Flow[T]) -> T:
        return await port.run(flow, db.store)

    found: list[UseCase] = db.wait(measure_use_cases(db.store, run, measured, shape))
    return {one.name: (one.request, one.feed) for one in found}


def test_a_use_case_costs_what_is_promised(db: Database) -> None:
    assert use_cases(db, Shape()) == PROMISED


def test_long_messages_and_large_groups_cost_more(db: Database) -> None:
    found = use_cases(db, LARGE)
    assert found["read_messages"] == (Units(13.5, 0), Units())  # 50 of 2,184 bytes: 27 blocks
    assert found["next_direct"] == (Units(1.5, 3), Units())
    assert found["next_group"] == (Units(1, 3), Units(0, 1))
    assert found["edit"] == (Units(1.5, 8), Units())
    assert found["new_day_group"][1].write == 45 * 2 + 1
    assert found["new_day_member"] == PROMISED["new_day_member"]
    assert found["mark_read"] == PROMISED["mark_read"]
