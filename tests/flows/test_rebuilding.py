"""Rebuilding finds what the feed should have written, and writes only where that is missing."""

from typing import Any

import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.ids import group, parse_conversation
from tavola.core.items import Key
from tavola.core.operations import Lost, Operation, Page, Put
from tavola.flows.rebuilding import (
    Repair,
    Slice,
    conversation_at,
    find_in_direct,
    find_in_group,
    find_in_user,
    mend,
)
from tests import builders as b
from tests.drive import World, play

DM, CLUB = parse_conversation(b.DIRECT), group("club")
TODAY, TOMORROW, LATER = "2026-11-21", "2026-11-22", "2026-12-31"
RENAMED = b.user("bob", display_name="Robert", names_rev=2)


def put(record: e.Record) -> Put:
    return Put("t", table.ENTITIES[type(record).__name__].build(record))


def world_of(*records: e.Record) -> World:
    """A direct conversation and a club of ann and bob, with messages, and these records."""
    world = World()
    club = [b.replaced(one, conversation=b.GROUP) for one in b.log("ab", b.GROUP)]
    people = (b.user("ann"), b.user("bob"), b.group(), b.member("ann"), b.member("bob"))
    world.run_all(*map(put, (*people, *b.log("ab"), *club, *records)))
    return world


def writes(found: Slice) -> list[Operation]:
    return [repair.write for repair in found.repairs]


def settled(*records: e.Record) -> World:
    """The same world, where the feed has done its work before the records."""
    world = world_of()
    pointers = [
        patterns.put_pointer(who, TODAY, conversation.id)
        for who in ("ann", "bob")
        for conversation in (DM, CLUB)
    ]
    names = [patterns.name_direct_user(DM, b.user(who), b.at(1)) for who in ("ann", "bob")]
    markers = [patterns.mark_read(CLUB, "ann", 1), patterns.mark_read(CLUB, "bob", 2)]
    world.run_all(*pointers, *names, *markers, *map(put, records))
    return world


def found_in(world: World) -> list[Operation]:
    sent = {"ann": 1, "bob": 2}
    walks = (
        find_in_direct(DM, "day"),
        find_in_group(CLUB, sent, "day"),
        find_in_user("ann", "day"),
        find_in_user("bob", "day"),
    )
    return [write for walk in walks for write in writes(world.run(walk))]


def pointer(who: str, bucket: str, conversation: str) -> e.InboxPointer:
    return e.InboxPointer(user_id=who, bucket=bucket, conversation=conversation)


def test_where_all_is_right_nothing_is_found() -> None:
    assert found_in(settled()) == []


def test_looking_writes_nothing() -> None:
    world = world_of(pointer("ann", LATER, b.DIRECT))
    before = world.store.last_change
    assert found_in(world)
    assert world.store.last_change == before


def test_a_direct_conversation_lacks_pointers_and_joiners_of_both() -> None:
    assert writes(world_of().run(find_in_direct(DM, "day"))) == [
        *(patterns.put_pointer(who, TODAY, b.DIRECT) for who in ("ann", "bob")),
        *(patterns.name_direct_user(DM, b.user(who), b.at(1)) for who in ("ann", "bob")),
    ]


def test_a_rename_is_copied_to_where_the_older_name_is() -> None:
    found = found_in(settled(RENAMED))
    assert found == [
        patterns.name_direct_user(DM, RENAMED, b.at(1)),
        patterns.name_group_user("club", RENAMED),
    ]


def test_a_group_lacks_pointers_and_its_senders_markers() -> None:
    found = world_of(b.member("ann", read_seq=2)).run(find_in_group(CLUB, {"bob": 2}, "day"))
    assert writes(found) == [
        *(patterns.put_pointer(who, TODAY, b.GROUP) for who in ("ann", "bob")),
        patterns.mark_read(CLUB, "bob", 2),
    ]


def test_a_groups_name_is_copied_to_its_members() -> None:
    edge = e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name="Old")
    assert found_in(settled(edge)) == [patterns.name_user_group(edge, "Club")]


@pytest.mark.parametrize("bucket", ["2026-11-20", LATER, f"{TODAY}T08"])
def test_a_second_pointer_goes_unless_the_head_moves_meanwhile(bucket: str) -> None:
    second = pointer("ann", bucket, b.DIRECT)
    assert found_in(settled(second)) == [patterns.remove_pointer(second, Key(DM.pk, f"{3:012d}"))]


def test_a_moved_pointer_is_put_in_its_bucket_before_it_goes() -> None:
    moved = pointer("ann", LATER, b.DIRECT)
    world = settled(moved)
    world.run_all(patterns.delete_pointer("ann", TODAY, b.DIRECT))
    found = world.run(find_in_user("ann", "day"))
    assert [repair.kind for repair in found.repairs] == ["pointers_removed", None]
    before = world.store.last_change
    world.run(mend(found.repairs))
    first, second = world.store.read_changes(before, 10)
    assert (first.key.sk, first.old) == (f"INBOX#{TODAY}#{b.DIRECT}", None)
    assert (second.key.sk, second.new) == (f"INBOX#{LATER}#{b.DIRECT}", None)
    assert found_in(world) == []


def test_a_pointer_to_a_group_of_others_goes_unless_the_user_joins_meanwhile() -> None:
    left = pointer("cleo", TODAY, b.GROUP)
    world = settled(b.user("cleo"), left)
    found = world.run(find_in_user("cleo", "day"))
    membership = table.GROUP_USER.key(group_id="club", user_id="cleo")
    assert writes(found) == [patterns.remove_pointer(left, membership)]
    world.run_all(put(b.member("cleo")))
    assert world.run(mend(found.repairs)) == []
    assert world.run(find_in_user("cleo", "day")) == Slice([])


@pytest.mark.parametrize("conversation", ["dm:ann:zoe", "dm:bob:cleo"])
def test_a_pointer_to_no_conversation_of_ones_own_goes(conversation: str) -> None:
    (removal,) = found_in(settled(pointer("ann", TODAY, conversation)))
    assert removal.pattern == "remove_pointer"


def test_another_size_of_buckets_moves_every_pointer() -> None:
    world = settled()
    for walk in (find_in_direct(DM, "hour"), find_in_user("ann", "hour")):
        world.run(mend(world.run(walk).repairs))
    there = world.run(_pointers_of("ann"))
    assert [item["sk"] for item in there.items if b.DIRECT in item["sk"]] == [
        f"INBOX#{TODAY}T08#{b.DIRECT}"
    ]


def _pointers_of(user_id: str) -> Any:
    page = yield patterns.inbox_pointers(user_id, 50)
    return page


def test_a_deleted_user_gets_no_pointer_and_keeps_what_is_left() -> None:
    world = world_of(b.user("bob", deleted_at=b.T0), pointer("bob", LATER, b.DIRECT))
    found = writes(world.run(find_in_direct(DM, "day")))
    assert patterns.put_pointer("ann", TODAY, b.DIRECT) in found
    assert patterns.put_pointer("bob", TODAY, b.DIRECT) not in found
    assert world.run(find_in_user("bob", "day")) == Slice([])
    assert world.run(find_in_user("nobody", "day")) == Slice([])


def test_a_block_before_the_first_message_is_no_conversation_yet() -> None:
    joiner = e.DirectUser(conversation="dm:ann:cleo", user_id="ann", blocked=True)
    world = settled(joiner)
    assert world.run(find_in_direct(parse_conversation("dm:ann:cleo"), "day")) == Slice([])


def test_members_are_looked_at_in_slices() -> None:
    flow = find_in_group(CLUB, {}, "day", start="USER#ann")
    members = Page([table.GROUP_USER.build(b.member("bob"))], "USER#bob")
    found = play(
        flow,
        (patterns.list_members("club", 500, "USER#ann"), members),
        ((patterns.get_user("bob", consistent=True),), [table.USER.build(b.user("bob"))]),
        (patterns.head_of(CLUB, consistent=True), Page([])),
    )
    assert found == Slice([], "USER#bob")


def test_a_repair_that_is_lost_is_not_counted() -> None:
    one = Repair("names_copied", patterns.name_group_user("club", RENAMED))
    other = Repair("markers_moved", patterns.mark_read(CLUB, "bob", 2))
    answer = play(mend([one, other]), ((one.write, other.write), [Lost(), None]))
    assert answer == [other]


def test_a_collections_key_says_whose_log_it_is() -> None:
    assert conversation_at("DM#ann#bob") == DM
    assert conversation_at("GROUP#club") == CLUB
