"""A small healthy store with a bit of everything, and an examination of it."""

import asyncio
from functools import cache
from typing import Any

from tavola.core import entities as e
from tavola.core import patterns
from tavola.core.items import Item
from tavola.core.operations import Put
from tavola.core.persons import Person
from tavola.edge.doctor.examination import Examination, Examined, Pace
from tavola.edge.doctor.mending import Treated, mend_all
from tavola.edge.feed.handling import NAME, Handler
from tavola.edge.feed.runner import PART, FeedRunner
from tavola.edge.importers.report import Silent
from tavola.flows.access import Asker
from tavola.flows.amending import edit_message
from tavola.flows.blocking import block_user
from tavola.flows.erasing import erase_user
from tavola.flows.flow import Flow
from tavola.flows.groups import create_group, delete_group, join_group, leave_group
from tavola.flows.identities import link_user
from tavola.flows.sending import Target, send
from tavola.flows.users import Profile, create_user, update_user
from tavola.stores.memory import MemoryStore
from tavola.stores.port import Store, run
from tests import builders as b
from tests.contract.conftest import ContractStore, T
from tests.drive import at_once

NOW = b.at(3_600)
ISSUER = "https://id.example"
LOUD = "group:club"


def deeds() -> list[Flow[Any]]:
    """What people have done."""
    boss = Asker("host", admin=True)
    return [
        create_user(b.user("ann"), "$argon2id$not-a-hash"),
        *(create_user(b.user(name)) for name in ("bob", "cleo", "dan")),
        link_user(Person(ISSUER, "a-1"), "ann"),
        link_user(Person(ISSUER, "d-1"), "dan"),
        *(create_group(b.group(name)) for name in ("club", "chess", "gone")),
        *(join_group("club", name, "member", b.T0) for name in ("ann", "bob", "dan")),
        join_group("chess", "cleo", "admin", b.T0),
        join_group("gone", "cleo", "admin", b.T0),
        send(b.draft(1), Target(to="@bob"), None, b.at(1), "day"),
        send(b.draft(2, "bob"), Target(conversation=b.DIRECT), None, b.at(2), "day"),
        send(b.draft(3), Target(conversation=b.DIRECT), None, b.at(3), "day"),
        send(b.draft(4, "dan"), Target(to="@bob"), None, b.at(4), "day"),
        *(
            send(b.draft(5 + n, name), Target(conversation=LOUD), None, b.at(5 + n), "day")
            for n, name in enumerate(("ann", "dan", "bob"))
        ),
        send(b.draft(9, "cleo"), Target(conversation="group:gone"), None, b.at(9), "day"),
        edit_message("ann", b.DIRECT, 1, "message 1, better", b.at(20)),
        edit_message("ann", b.DIRECT, 3, "message 3, better", b.at(21)),
        block_user("cleo", "dan"),
        update_user("bob", Profile(handle="Bobby", display_name="Bobby")),
        leave_group("club", "bob", b.at(30)),
        join_group("club", "bob", "member", b.at(31)),
        erase_user("dan", b.at(40)),
        delete_group(boss, "gone", b.at(41), purge=False),
    ]


@cache
def healthy() -> tuple[Item, ...]:
    """Its items, when the feed is idle."""
    store = MemoryStore()

    async def live() -> None:
        feed = feed_of(store)
        await feed.start()
        for deed in deeds():
            await run(deed, store)
            await feed.settle()
        await feed.stop()

    asyncio.run(live())

    async def items() -> list[Item]:
        return [item async for part in store.scan() for item in part]

    return tuple(item for item in at_once(items()) if item["type"] != "FeedState")


def feed_of(store: ContractStore) -> FeedRunner:
    """A feed that follows a store's numbered changes."""

    async def on_store(flow: Flow[T]) -> T:
        return await run(flow, store)

    return FeedRunner(store, Handler(on_store, "day", lambda _: NOW), lambda _: NOW)


async def fill(store: Store, items: tuple[Item, ...]) -> None:
    """Put items as they are."""
    await store.execute(tuple(Put("t", item) for item in items))


async def skip_changes(store: ContractStore) -> None:
    """The feed has seen all that there is: what was done by hand does not reach it."""
    state = e.FeedState(feed=NAME, part=PART, position=store.last_change, at=NOW)
    await store.execute(patterns.put_checkpoint(state))


def lease() -> e.FeedState:
    """That a worker is at work."""
    return e.FeedState(feed=NAME, part="LEASE", owner="a-worker", beat=1, at=NOW)


async def examine(store: Store, pace: Pace = Pace()) -> Examined:  # noqa: B008 - a constant
    """One look at a store."""

    async def on_store(flow: Flow[T]) -> T:
        return await run(flow, store)

    return await Examination(on_store, "day", NOW, pace, Silent()).all()


async def mend(store: ContractStore) -> Treated:
    """Mend a store, with its feed beside."""

    async def on_store(flow: Flow[T]) -> T:
        return await run(flow, store)

    feed = feed_of(store)
    await feed.start()
    treated = await mend_all(lambda: examine(store), on_store, feed.settle, Silent())
    await feed.stop()
    return treated


def first_message(sender: str, to: str, day: str) -> Flow[Any]:
    """A conversation begins on a day."""
    return send(b.draft(77, sender), Target(to=f"@{to}"), None, f"{day}T12:00:00.000Z", "day")
