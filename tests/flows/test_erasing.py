"""Erasing a user: nobody at once, then no trace; and done again, it finishes what was begun."""

import itertools

import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.apply import Change
from tavola.core.errors import ConversationClosed, IdTaken, UserNotFound
from tavola.core.ids import parse_conversation
from tavola.core.items import Item, encode_line, key_of
from tavola.core.operations import Put
from tavola.core.traces import trace_in
from tavola.flows.consumers import CONSUMERS, inbox
from tavola.flows.erasing import erase_all, erase_late, erase_slice, erase_user
from tavola.flows.groups import create_group, join_group
from tavola.flows.importing import Dated, append_all
from tavola.flows.inbox import Ask, read_inbox
from tavola.flows.markers import get_conversation
from tavola.flows.reading import Window, read_page
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user, find_user, get_credentials, list_users, search_users
from tests import builders as b
from tests.drive import World, at_once

LATER = b.at(9_999)
IN_DM, IN_CLUB = Target(conversation=b.DIRECT), Target(conversation=b.GROUP)
SECRETS = (b"secret", b"annie", b"tides", b"Lisbon", b"https://id.example", b"argon")
VOUCHED = e.UserIdentity(user_id="ann", issuer="https://id.example", subject="secret-1")


def busy_world() -> World:
    """Ann with all that there can be of a person, Bob and a group of both."""
    world = World()
    profile = {"handle": "annie", "location": "Lisbon", "interests": frozenset({"tides"})}
    world.run(create_user(b.user("ann", display_name="Ann secret", **profile), "argon"))
    world.run(create_user(b.user("bob")))
    world.run(create_group(b.group()))
    for who in ("ann", "bob"):
        world.run(join_group("club", who, "member", b.T0))
    identity = e.Identity(issuer=VOUCHED.issuer, subject=VOUCHED.subject, user_id="ann")
    world.run_all(
        Put("t", table.USER_IDENTITY.build(VOUCHED)),
        Put("t", table.IDENTITY.build(identity)),
        Put("t", table.LEFT_GROUP.build(e.LeftGroup(user_id="ann", group_id="old", left_at=b.T0))),
        Put("t", table.MESSAGE.build(b.entry(1, conversation="group:old", body="secret before"))),
    )
    for n, (who, target) in enumerate(itertools.product(("ann", "bob"), (IN_DM, IN_CLUB))):
        body = "a secret" if who == "ann" else "hello"
        world.run(send(b.draft(2 * n, who, body), target, None, b.at(n), "day"))
        world.run(send(b.draft(2 * n + 1, who, body), target, None, b.at(n), "day"))
    return world


def items_of(world: World) -> list[Item]:
    async def collect() -> list[Item]:
        return [item async for part in world.store.scan() for item in part]

    return at_once(collect())


def settle(world: World, after: int = 0) -> None:
    """Hand the consumers every change behind a number, and those that come of it."""
    while changes := world.store.read_changes(after, 500):
        after = changes[-1].n
        for plan in CONSUMERS:
            for task in plan(changes, "day"):
                world.run(task.start())


def erased_world() -> World:
    world = busy_world()
    settle(world)
    last = world.store.last_change
    world.run(erase_user("ann", LATER))
    settle(world, last)
    return world


def test_who_they_are_is_gone_at_once() -> None:
    world = busy_world()
    settle(world)
    world.run(erase_user("ann", LATER))
    for name in ("ann", "@annie"):
        with pytest.raises(UserNotFound):
            world.run(find_user(name))
    assert world.run(get_credentials("annie")) is None
    assert world.run(search_users("an")) == []
    assert [user.user_id for user in world.run(list_users(9))[0]] == ["bob"]
    assert not [item for item in items_of(world) if item["type"] in ("Password", "Identity")]
    top = world.answer(patterns.get_user("ann"))
    assert top.keys() == {"pk", "sk", "type", "v", "names_rev", "created_at", "deleted_at"}
    with pytest.raises(IdTaken):
        world.run(create_user(b.user("ann", handle="other")))
    world.run(create_user(b.user("new", handle="annie")))


@pytest.mark.parametrize("before_the_feed", [False, True])
def test_after_the_feed_nothing_tells_of_them(*, before_the_feed: bool) -> None:
    world = busy_world()
    if not before_the_feed:
        settle(world)
    world.run(erase_user("ann", LATER))
    settle(world)
    text = b"\n".join(map(encode_line, items_of(world)))
    assert not [secret for secret in SECRETS if secret in text]
    assert not [item for item in items_of(world) if trace_in(item, "ann")]
    assert [item["sk"] for item in items_of(world) if item["pk"] == "USER#ann"] == ["A"]


def test_the_other_one_reads_on_and_cannot_write() -> None:
    world = erased_world()
    seen = world.run(get_conversation("bob", b.DIRECT))
    assert (seen.title, seen.unread) == ("deleted user", 0)
    page = world.run(read_page("bob", b.DIRECT, Window(), people=True))
    assert [message.body for message in page.messages] == ["hello", "hello", None, None]
    assert isinstance(page.users, list)
    assert [(person.id, person.display_name) for person in page.users] == [
        ("ann", "deleted user"),
        ("bob", "Bob"),
    ]
    rows = world.run(read_inbox(Ask("bob", 9, "day"), None)).rows
    assert sorted(row.title for row in rows) == ["Club", "deleted user"]
    with pytest.raises(ConversationClosed):
        world.run(send(b.draft(99, "bob"), IN_DM, None, LATER, "day"))
    world.run(send(b.draft(99, "bob"), IN_CLUB, None, LATER, "day"))


def test_each_deletion_has_its_amendment() -> None:
    world = erased_world()
    for pk in ("DM#ann#bob", "GROUP#club", "GROUP#old"):
        items = [item for item in items_of(world) if item["pk"] == pk]
        amendments = [table.AMENDMENT.parse(item) for item in items if item["type"] == "Amendment"]
        messages = [table.MESSAGE.parse(item) for item in items if item["type"] == "Message"]
        gone = {message.seq for message in messages if message.deleted_at}
        assert gone == {message.seq for message in messages if message.sender_id == "ann"}
        assert [one.n for one in amendments] == list(range(1, len(gone) + 1))
        assert {one.target for one in amendments} == gone


@pytest.mark.parametrize("steps", range(0, 60, 3))
def test_an_interruption_anywhere_is_finished_by_doing_it_again(steps: int) -> None:
    world = busy_world()
    settle(world)
    world.run(erase_user("ann", LATER))
    flow = erase_all("ann")
    request = next(flow)
    try:
        for _ in range(steps):
            request = flow.send(world.answer(request))
    except StopIteration:
        pass
    flow.close()
    world.run(erase_all("ann"))
    assert items_of(world) == items_of(erased_once())


def erased_once() -> World:
    world = busy_world()
    settle(world)
    world.run(erase_user("ann", LATER))
    world.run(erase_all("ann"))
    return world


def test_repeating_it_changes_nothing() -> None:
    world = erased_world()
    last = world.store.last_change
    world.run(erase_user("ann", b.at(99_999)))
    assert world.run(erase_slice("ann")) == 0
    settle(world)
    assert world.store.last_change == last


def test_nobody_is_erased_who_was_not_meant() -> None:
    world = busy_world()
    before = items_of(world)
    for user in ("ann", "nobody"):
        assert world.run(erase_slice(user)) == 0
        world.run(erase_late(user, b.DIRECT))
    with pytest.raises(UserNotFound):
        world.run(erase_user("nobody", LATER))
    assert items_of(world) == before


@pytest.mark.parametrize("conversation", [b.DIRECT, b.GROUP])
def test_what_comes_late_is_met_when_it_is_looked_for(conversation: str) -> None:
    world = erased_world()
    late = b.entry(9, conversation=conversation, body="a late secret")
    world.run_all(Put("t", table.MESSAGE.build(late)))
    assert [item["sk"] for item in items_of(world) if trace_in(item, "ann")] == [f"{9:012d}"]
    world.run(erase_late("ann", conversation))
    assert not [item for item in items_of(world) if trace_in(item, "ann")]


def test_what_comes_late_into_a_group_is_met_by_the_feed() -> None:
    world = erased_world()
    last = world.store.last_change
    late = b.entry(9, conversation=b.GROUP, body="a late secret")
    world.run_all(Put("t", table.MESSAGE.build(late)))
    settle(world, last)
    assert not [item for item in items_of(world) if trace_in(item, "ann")]


@pytest.mark.parametrize("conversation", [b.DIRECT, b.GROUP])
def test_what_is_imported_of_them_afterwards_is_met_by_the_feed(conversation: str) -> None:
    world = erased_world()
    last = world.store.last_change
    imported = [Dated(b.draft(n, body="a late secret"), b.at(90_000 + n)) for n in (80, 81)]
    target = parse_conversation(conversation)
    assert world.run(append_all(target, imported, b.at(100_000), "day")) == 2
    settle(world, last)
    assert not [item for item in items_of(world) if trace_in(item, "ann")]


def test_a_conversation_that_begins_meanwhile_is_closed_as_well() -> None:
    """Their token was still known, so they wrote to somebody new."""
    world = erased_world()
    world.run(create_user(b.user("cleo")))
    last = world.store.last_change
    world.run(send(b.draft(50, body="a late secret"), Target(to="cleo"), None, LATER, "day"))
    settle(world, last)
    assert not [item for item in items_of(world) if trace_in(item, "ann")]
    rows = world.run(read_inbox(Ask("cleo", 9, "day"), None)).rows
    assert [(row.title, row.unread) for row in rows] == [("deleted user", 1)]
    with pytest.raises(ConversationClosed):
        world.run(send(b.draft(51, "cleo"), Target(to="ann"), None, LATER, "day"))


def test_a_pointer_that_is_moved_meanwhile_is_taken_away_again() -> None:
    """The next day begins while the walk is between its reading and its writing."""
    world = busy_world()
    settle(world)
    entry = world.run(send(b.draft(70, "bob"), IN_DM, None, b.at(86_400), "day")).entry
    item = table.MESSAGE.build(entry)
    (task,) = inbox.plan([Change(1, key_of(item), None, item)], "day")
    flow = task.start()
    puts = flow.send(world.answer(next(flow)))
    world.run(erase_user("ann", LATER))
    world.run(erase_all("ann"))
    request = flow.send(world.answer(puts))
    with pytest.raises(StopIteration):  # noqa: PT012 - the flow is played to its end
        for _ in range(9):
            request = flow.send(world.answer(request))
    assert not [item for item in items_of(world) if trace_in(item, "ann")]


def test_somebody_with_hundreds_of_identities_loses_all() -> None:
    world = busy_world()
    for n in range(300):
        vouched = {"issuer": "https://id.example", "subject": f"s{n}", "user_id": "ann"}
        world.run_all(
            Put("t", table.IDENTITY.build(e.Identity(**vouched))),
            Put("t", table.USER_IDENTITY.build(e.UserIdentity(**vouched))),
        )
    world.run(erase_user("ann", LATER))
    world.run(erase_all("ann"))
    assert not [item for item in items_of(world) if "Identity" in item["type"]]
