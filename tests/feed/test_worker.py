"""A worker follows a stream through its shards, its own death and that of others."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import pytest

from tavola.core import patterns
from tavola.core.apply import Change, Unreadable
from tavola.core.items import Key
from tavola.core.operations import Put
from tavola.core.table import FEED_STATE
from tavola.edge.feed.handling import Handler
from tavola.flows.inbox import Ask, read_inbox
from tests import builders as b
from tests.feed.conftest import FAST, NEVER_SAVES, Living, Table, act, lease, until
from tests.sim.invariants import Facts, check_inbox, check_logs, check_markers, check_names
from tests.sim.people import Diary

DAY_S = 86_400.0


class Recorder(Handler):
    """Writes down what it is given, in place of running consumers."""

    seen: list[Change]

    async def handle(
        self, changes: Sequence[Change | Unreadable], within_s: float | None = None
    ) -> set[int]:
        """See `Handler.handle`."""
        self.__dict__.setdefault("seen", [])
        self.seen += [one for one in changes if isinstance(one, Change)]
        await asyncio.sleep(0)
        return set()


async def pointers(table: Table) -> int:
    return len(await table.items("InboxPointer"))


def test_what_is_written_before_and_meanwhile_is_handled() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob", "cleo")
        await table.say("ann", "bob")
        async with table.worker() as living:
            await until(lambda: living.handler.handled >= 1)
            await table.say("ann", "cleo")

            async def all_there() -> bool:
                return await pointers(table) == 4

            await until(all_there)
        facts = Facts([item async for part in table.store.scan() for item in part])
        check_names(facts)

    act(scene())


@pytest.mark.parametrize("seed", range(20))
def test_every_change_comes_in_the_order_of_its_item_through_all_shards(seed: int) -> None:
    async def scene() -> None:
        table = Table(seed, shards=table_shards)
        async with table.worker(kind=Recorder) as living:
            written: dict[Key, list[int]] = defaultdict(list)
            for n in range(200):
                key = Key(f"P{table.rng.randrange(8)}", "S")
                written[key].append(n)
                await table.store.execute(Put("t", {**key._asdict(), "type": "T", "n": n}))
                if table.rng.random() < 0.05:
                    table.stream.split()
                if table.rng.random() < 0.3:
                    await asyncio.sleep(0.001)
            recorder = living.handler
            assert isinstance(recorder, Recorder)
            await living.settle()
            handled: dict[Key, list[int]] = defaultdict(list)
            for change in recorder.seen:
                assert change.new is not None
                handled[change.key].append(change.new["n"])
        assert handled == written
        places = (await table.status()).shards
        assert {place.shard for place in places if not place.ended} == {
            name for name, part in table.stream.parts.items() if not part.closed and part.records
        }

    table_shards = 1 + seed % 3
    act(scene())


def test_settling_waits_for_the_children_of_a_shard_that_has_just_ended() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob")
        async with table.worker() as living:
            for _ in range(10):
                await living.settle()
                before = living.handler.handled
                table.stream.split()
                await table.say("ann", "bob")
                await living.settle()
                assert living.handler.handled > before

    act(scene())


@pytest.mark.parametrize("seed", range(10))
def test_workers_that_are_killed_lose_nothing(seed: int) -> None:
    async def scene() -> None:
        table = Table(seed, shards=2)
        people = ("ann", "bob", "cleo", "dan")
        await table.people(*people)
        for life in range(6):
            pace = NEVER_SAVES if table.rng.random() < 0.5 else FAST
            async with table.worker("the same one", pace) as living:
                for _ in range(10):
                    sender, to = table.rng.sample(people, 2)
                    await table.say(sender, to)
                    await asyncio.sleep(table.rng.choice([0, 0.001, 0.01]))
                if table.rng.random() < 0.5:
                    table.stream.split()
                if life < 5:
                    await living.kill()
                else:
                    await living.settle()
        facts = Facts([item async for part in table.store.scan() for item in part])
        check_logs(facts)
        check_names(facts)
        check_markers(facts, Diary())
        found = {(one.user_id, one.conversation) for one in facts.records["InboxPointer"]}
        assert found == {(p, c) for p in people for c in facts.conversations_of(p)}
        assert (await table.status()).set_aside == []

    act(scene())


def test_after_a_death_between_handling_and_checkpoint_the_same_is_handled_again() -> None:
    async def scene() -> None:
        table = Table()
        async with table.worker("one", NEVER_SAVES, Recorder) as living:
            await table.people("ann")
            await living.settle()
            await living.kill()
        assert (await table.status()).shards == []
        async with table.worker("one", FAST, Recorder) as again:
            await again.settle()
            assert isinstance(again.handler, Recorder)
            assert len(again.handler.seen) == 3
        async with table.worker("one", FAST, Recorder) as once_more:
            await table.people("bob")
            await once_more.settle()
            assert isinstance(once_more.handler, Recorder)
            assert {change.key.pk for change in once_more.handler.seen} >= {"USER#bob"}
            assert "USER#ann" not in {change.key.pk for change in once_more.handler.seen}

    act(scene())


# --- the lease ------------------------------------------------------------------------------------


def test_the_second_worker_waits_until_the_first_ends() -> None:
    async def scene() -> None:
        table = Table()
        async with table.worker("two") as second:
            async with table.worker("one") as first:
                # Whoever came first is at work; the other one sees nothing of the stream.
                await table.people("ann")
                await until(lambda: first.handler.handled + second.handler.handled == 3)
                at_work = (await table.status()).worker
                assert at_work is not None
                idle = second if at_work.owner == "one" else first
                await asyncio.sleep(3 * FAST.lease_s)
                assert idle.handler.handled == 0
                assert first.handler.handled + second.handler.handled == 3
            await table.people("bob")
            await until(lambda: first.handler.handled + second.handler.handled == 6)
        assert (await table.status()).worker is None

    act(scene())


def test_the_second_worker_takes_over_from_one_that_gives_no_sign_of_life() -> None:
    async def scene() -> None:
        table = Table()
        await table.store.execute(patterns.put_lease(lease("dead", 41), None))
        await table.people("ann")
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with table.worker("two") as second:
            await until(lambda: second.handler.handled == 3)
            assert loop.time() - began >= FAST.lease_s
            at_work = (await table.status()).worker
            assert at_work is not None
            assert at_work.owner == "two"

    act(scene())


def test_who_follows_one_that_is_gone_need_not_wait() -> None:
    async def scene() -> None:
        table = Table()
        await table.store.execute(patterns.put_lease(lease("gone", 41), None))
        async with table.worker("two", FAST._replace(lease_s=60.0)) as second:
            await second.at_work()

    act(scene())


def test_who_has_lost_the_lease_stops_and_waits() -> None:
    async def scene() -> None:
        table = Table()
        async with table.worker("one") as first:
            await first.at_work()
            await table.store.execute(Put("t", FEED_STATE.build(lease("thief", 1_000))))
            await until(lambda: first.worker.lag_s is None)
            await table.people("ann")
            await asyncio.sleep(FAST.lease_s / 2)
            assert first.handler.handled == 0
            assert (await table.store.execute(patterns.get_lease("main")))["owner"] == "thief"

    act(scene())


# --- rest -----------------------------------------------------------------------------------------


def test_a_worker_without_changes_writes_only_its_signs_of_life() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann")
        async with table.worker() as living:
            await until(lambda: living.handler.handled == 3)
            await asyncio.sleep(3 * FAST.checkpoint_s)
            before = len(living.connection.done)
            await asyncio.sleep(10 * FAST.checkpoint_s)
            since = living.connection.done[before:]
            assert {operation.pattern for operation in since} == {"put_lease"}
            assert len(since) <= 11

    act(scene())


def test_an_old_place_is_kept_anew_now_and_then() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann")
        pace = FAST._replace(idle_checkpoint_s=0.05)
        async with table.worker(pace=pace) as living:
            await until(lambda: living.handler.handled == 3)
            first = (await table.status()).shards[0:1]

            async def moved() -> bool:
                return (await table.status()).shards not in ([], first)

            await until(moved)

    act(scene())


# --- what cannot be handled -----------------------------------------------------------------------


def test_a_poison_change_is_set_aside_and_blocks_nothing() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob")
        await table.store.execute(Put("t", {"pk": "DM#ann#bob", "sk": "x", "type": "Message"}))
        await table.store.execute(Put("t", {"pk": "P", "sk": "S", "no": "type"}))
        raw = [{"pk": {"S": "P"}, "raw": {"B": "AA"}}]
        table.stream.take_in()
        table.stream.append(Unreadable(0, Key("P", "T"), raw, ValueError("not ours")), "P")
        await table.say("ann", "bob")
        async with table.worker() as living:
            await living.settle()
            await until(lambda: living.handler.set_aside == 3)
        assert await pointers(table) == 2
        told = (await table.status()).set_aside
        assert len(told) == 3
        assert any("P T" in (one.error or "") and "not ours" in (one.error or "") for one in told)

    act(scene())


@pytest.mark.parametrize("days", [0.5, 2])
def test_what_the_stream_has_forgotten_is_told_with_what_to_do(days: float) -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann")
        async with table.worker() as living:
            await living.settle()
        await table.people("bob")
        table.stream.forget()
        table.now_s += days * DAY_S
        await table.people("cleo")
        async with table.worker() as living:
            await living.settle()
            assert living.handler.handled == 3
        told = (await table.status()).set_aside
        assert ["tavola feed rebuild" in (one.error or "") for one in told] == [True] * (days > 1)

    act(scene())


@pytest.mark.parametrize(("read", "days"), [(True, 0), (True, 2), (False, 0.5), (False, 2)])
def test_a_shard_that_is_gone_is_missed_only_if_it_was_not_read(days: float, *, read: bool) -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann")
        async with table.worker() as living:
            await living.settle()
            if read:
                table.stream.split()
                await living.settle()
        if not read:
            table.stream.split()
        table.stream.forget()
        table.now_s += days * DAY_S
        async with table.worker() as living:
            await living.settle()
        status = await table.status()
        assert "shard-0" not in {place.shard for place in status.shards}
        told = [one for one in status.set_aside if "shard-0" in (one.error or "")]
        assert len(told) == (0 if read or days < 1 else 1)

    act(scene())


# --- reading one's own writes ---------------------------------------------------------------------


async def write_and_expect(table: Table, living: Living) -> None:
    sent = await table.say("ann", "bob")
    living.worker.expect(patterns.append_message(sent.entry))


def test_a_server_knows_what_of_its_own_is_not_handled_yet() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob")
        async with table.worker() as living:
            await living.at_work()
            await write_and_expect(table, living)
            assert living.worker.lag == 1
            assert await living.worker.caught_up(5.0)
            assert living.worker.lag == 0
            assert await pointers(table) == 2

    act(scene())


def test_waiting_for_ones_own_ends_when_time_is_over() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob")
        async with table.worker(pace=FAST._replace(look_s=60.0)) as living:
            await living.at_work()
            await asyncio.sleep(0.05)
            await write_and_expect(table, living)
            assert not await living.worker.caught_up(0.01)

    act(scene())


def test_where_another_worker_is_at_work_nothing_is_waited_for() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann", "bob")
        await table.store.execute(patterns.put_lease(lease("another"), None))
        async with table.worker() as living:
            await write_and_expect(table, living)
            assert await living.worker.caught_up(0.0)

    act(scene())


def test_what_no_consumer_acts_on_is_not_waited_for() -> None:
    async def scene() -> None:
        table = Table()
        async with table.worker() as living:
            await living.at_work()
            for entry in (b.entry(2), b.entry(3)):
                living.worker.expect(patterns.append_message(entry))
            living.worker.expect(patterns.put_pointer("ann", "2026-11-21", b.DIRECT))
            living.worker.expect(patterns.create_user(b.user("zoe"), None))
            assert living.worker.lag == 0

    act(scene())


# --- commands -------------------------------------------------------------------------------------


def test_a_command_handles_what_there_is_and_leaves() -> None:
    async def scene() -> None:
        table = Table(shards=2)
        await table.people("ann", "bob")
        await table.say("ann", "bob")
        table.stream.split()
        async with table.worker() as living:
            await living.worker.stop()
            await living.worker.settle()
        assert await pointers(table) == 2
        assert (await table.status()).worker is None

    act(scene())


def test_a_command_leaves_it_to_a_worker_that_is_at_work() -> None:
    async def scene() -> None:
        table = Table()
        await table.people("ann")
        await table.store.execute(patterns.put_lease(lease("another"), None))
        async with table.worker() as living:
            await living.worker.stop()
            await living.worker.settle()
            assert living.handler.handled == 0

    act(scene())


def test_an_inbox_is_whole_when_the_worker_has_settled() -> None:
    async def scene() -> None:
        table = Table(shards=3)
        await table.people("ann", "bob", "cleo")
        async with table.worker() as living:
            for _ in range(5):
                await table.say("ann", "bob")
                await table.say("cleo", "ann")
            await living.settle()
        page = await table.run(read_inbox(Ask("ann", 20, "day"), None))
        facts = Facts([item async for part in table.store.scan() for item in part])
        check_inbox(facts, "ann", page.rows)

    act(scene())
