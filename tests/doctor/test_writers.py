"""Whoever writes while doctor looks is no false alarm."""

import asyncio
import contextlib

import pytest

from tavola.core.errors import Busy, Changed
from tavola.core.operations import Put
from tavola.edge.doctor.examination import Pace
from tavola.flows.doctor.examining import examine
from tavola.flows.doctor.seen import Seen
from tavola.flows.flow import Flow
from tavola.flows.groups import create_group, join_group, leave_group
from tavola.flows.sending import Target, send
from tavola.flows.users import Profile, create_user, update_user
from tavola.stores.port import run
from tests import builders as b
from tests.contract.conftest import Database
from tests.doctor import world
from tests.doctor.damage import DAMAGES

DAY_S = 86_400
NO_OTHER_LOOK = Pace(pauses_s=())
PATIENT = Pace(pauses_s=(0.1, 0.2, 0.4, 0.8))
LOOKS, ROUNDS = 4, 4


def deeds(n: int) -> list[Flow[object]]:
    """What people do in a round: everything of which doctor examines several items.

    Nobody leaves a group whose pointers move: what that may leave over is a finding.
    """
    now, name = b.at(n * DAY_S), f"new{n}"
    return [
        create_user(b.user(name)),
        create_group(b.group(name)),
        join_group(name, "ann", "admin", now),
        send(b.draft(3 * n + 100, "ann"), Target(conversation=b.DIRECT), None, now, "day"),
        send(b.draft(3 * n + 101, "bob"), Target(conversation=b.GROUP), None, now, "day"),
        send(b.draft(3 * n + 102, "bob"), Target(to=f"@{name}"), None, now, "day"),
        update_user("ann", Profile(handle=f"ann{n}", display_name=f"Ann {n}")),
        join_group("chess", "ann", "member", now),
        leave_group("chess", "ann", now),
    ]


def test_writers_and_their_feed_are_no_false_alarm(db: Database) -> None:
    rounds, ended = 0, asyncio.Event()

    async def live() -> None:
        nonlocal rounds
        while not ended.is_set():
            rounds += 1
            for deed in deeds(rounds):
                with contextlib.suppress(Changed, Busy):  # the feed was faster
                    await run(deed, db.store)

    async def look() -> None:
        feed = world.feed_of(db.store)
        await feed.start()
        living = asyncio.create_task(live())
        looks = 0
        while looks < LOOKS or rounds < ROUNDS:
            looks += 1
            examined = await world.examine(db.store, PATIENT)
            assert [(one.check.code, one.key) for one in examined.findings] == []
            assert examined.unexamined == []
            await asyncio.sleep(0.01)
        ended.set()
        await living
        await feed.settle()
        assert (await world.examine(db.store, NO_OTHER_LOOK)).findings == []
        await feed.stop()

    db.wait(look())


@pytest.mark.parametrize("beside", [True, False])
def test_what_the_feed_is_about_to_do_is_no_finding(db: Database, *, beside: bool) -> None:
    """A message of a new day, whose pointers do not stand there yet."""
    db.wait(world.skip_changes(db.store))
    db.run(send(b.draft(50), Target(conversation=b.DIRECT), None, b.at(2 * DAY_S), "day"))

    async def look() -> set[str]:
        first = await world.examine(db.store, NO_OTHER_LOOK)
        assert {one.check.code for one in first.findings} == {"pointer_stale"}
        feed = world.feed_of(db.store)
        if beside:
            await feed.start()
        found = (await world.examine(db.store, PATIENT)).findings
        if beside:
            await feed.stop()
        return {one.check.code for one in found}

    assert db.wait(look()) == (set() if beside else {"pointer_stale"})


def test_what_a_scan_saw_too_late_is_no_finding(db: Database) -> None:
    """It was behind: it has still seen what is gone, and not yet what is there."""
    behind = Seen("GROUP#club")
    for item in world.healthy():
        if item["pk"] == behind.pk and item["sk"] != "000000000002":
            behind.add(item)
    behind.saying["dan"] = 2
    assert behind.gaps
    alone = Seen("")
    for stale in ("an identity of nobody", "a handle of somebody erased", "a listed user"):
        for write in next(one for name, one in DAMAGES.items() if name.startswith(stale)).writes:
            assert isinstance(write, Put)
            alone.add(write.item)
    for seen in (behind, alone):
        assert db.run(examine(seen, world.NOW, "day")) == []
