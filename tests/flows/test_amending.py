"""Edits and deletions: the entry in place and an amendment behind it, in one transaction."""

import pytest

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.errors import ConversationClosed, MessageDeleted, NotFound, NotYours
from tavola.core.ids import parse_conversation
from tavola.core.operations import Lost, Page, Put, Request
from tavola.flows.amending import delete_message, edit_message
from tests import builders as b
from tests.drive import World, play

DM = parse_conversation(b.DIRECT)
NOW = b.at(500)
READ = patterns.get_message(DM, 2)
STRONGLY = patterns.get_message(DM, 2, consistent=True)
LAST = patterns.last_amendment(DM)
OPEN = patterns.direct_head(DM), Page([])
ENTRY = b.entry(2)
ITEM = table.MESSAGE.build(ENTRY)
EDITED = {"body": "new", "edited_at": NOW}
REMOVED = ("body", "digest", "edited_at")


def amendment(n: int, kind: str = "edit") -> e.Amendment:
    return e.Amendment(conversation=b.DIRECT, n=n, target=2, kind=kind, by="ann", at=NOW)  # type: ignore[arg-type]  # edit or delete


def editing(n: int) -> Request:
    return patterns.amend_message(DM, amendment(n), EDITED)


def deleting(n: int) -> Request:
    return patterns.amend_message(DM, amendment(n, "delete"), {"deleted_at": NOW}, REMOVED)


def test_an_edit_is_the_first_amendment() -> None:
    reply = play(
        edit_message("ann", b.DIRECT, 2, "new", NOW),
        (READ, ITEM),
        OPEN,
        (LAST, Page([])),
        (editing(1), None),
    )
    assert reply == b.replaced(ENTRY, body="new", edited_at=NOW)


def test_who_loses_the_number_of_an_amendment_takes_the_next_one() -> None:
    before = table.AMENDMENT.build(amendment(4))
    play(
        edit_message("ann", b.DIRECT, 2, "new", NOW),
        (READ, ITEM),
        OPEN,
        (LAST, Page([before])),
        (editing(5), Lost(None, 1)),
        (editing(6), None),
    )


def test_the_same_body_again_changes_nothing() -> None:
    reply = play(
        edit_message("ann", b.DIRECT, 2, ENTRY.body or "", NOW),
        (READ, ITEM),
        OPEN,
        (STRONGLY, ITEM),
    )
    assert reply == ENTRY


def test_a_read_that_is_behind_does_not_swallow_an_edit() -> None:
    """The body was changed and is changed back; the first read still shows the old one."""
    changed = b.replaced(ENTRY, body="between", edited_at=b.at(100))
    back = patterns.amend_message(DM, amendment(2), {"body": ENTRY.body, "edited_at": NOW})
    play(
        edit_message("ann", b.DIRECT, 2, ENTRY.body or "", NOW),
        (READ, ITEM),
        OPEN,
        (STRONGLY, table.MESSAGE.build(changed)),
        (LAST, Page([table.AMENDMENT.build(amendment(1))])),
        (back, None),
    )


def test_a_deleted_message_cannot_be_edited() -> None:
    tombstone = table.MESSAGE.build(b.replaced(ENTRY, body=None, deleted_at=b.T0))
    with pytest.raises(MessageDeleted):
        play(edit_message("ann", b.DIRECT, 2, "new", NOW), (READ, tombstone), OPEN)
    with pytest.raises(MessageDeleted):
        play(
            edit_message("ann", b.DIRECT, 2, "new", NOW),
            (READ, ITEM),
            OPEN,
            (LAST, Page([])),
            (editing(1), MessageDeleted()),
        )


def test_a_deletion_leaves_a_tombstone_that_keeps_its_place() -> None:
    reply = play(
        delete_message("ann", b.DIRECT, 2, NOW),
        (READ, ITEM),
        (LAST, Page([])),
        (deleting(1), None),
    )
    kept = b.replaced(ENTRY, body=None, digest=None, edited_at=None, deleted_at=NOW)
    assert reply == kept
    assert (kept.seq, kept.peer_seq, kept.created_at) == (2, ENTRY.peer_seq, ENTRY.created_at)


def test_deleting_again_answers_the_tombstone_that_is_there() -> None:
    there = b.replaced(ENTRY, body=None, digest=None, deleted_at=b.T0)
    tombstone = table.MESSAGE.build(there)
    assert play(delete_message("ann", b.DIRECT, 2, NOW), (READ, tombstone)) == there
    raced = play(
        delete_message("ann", b.DIRECT, 2, NOW),
        (READ, ITEM),
        (LAST, Page([])),
        (deleting(1), MessageDeleted()),
        (STRONGLY, tombstone),
    )
    assert raced == there


def test_what_somebody_else_wrote_is_not_mine_to_change() -> None:
    for other in (b.replaced(ENTRY, sender_id="bob"), b.replaced(ENTRY, kind="system")):
        item = table.MESSAGE.build(other)
        with pytest.raises(NotYours):
            play(edit_message("ann", b.DIRECT, 2, "new", NOW), (READ, item))
        with pytest.raises(NotYours):
            play(delete_message("ann", b.DIRECT, 2, NOW), (READ, item))


def test_a_message_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        play(edit_message("ann", b.DIRECT, 2, "new", NOW), (READ, None), (STRONGLY, None))
    with pytest.raises(NotFound):
        play(edit_message("cleo", b.DIRECT, 2, "new", NOW))


def test_a_member_cannot_change_what_they_may_not_see() -> None:
    club = parse_conversation(b.GROUP)
    hidden = table.MESSAGE.build(b.entry(2, conversation=b.GROUP))
    member = table.GROUP_USER.build(b.member("ann", visible_from_seq=3))
    reads = patterns.get_member("club", "ann"), patterns.get_message(club, 2)
    with pytest.raises(NotFound):
        play(edit_message("ann", b.GROUP, 2, "new", NOW), (reads, [member, hidden]))
    with pytest.raises(NotFound):
        play(
            edit_message("ann", b.GROUP, 2, "new", NOW),
            (reads, [None, hidden]),
            (patterns.get_member("club", "ann", consistent=True), None),
        )


def test_an_edit_changes_nothing_but_body_and_time() -> None:
    world = World()
    log = b.log("aba")
    world.run_all(*(Put("t", table.MESSAGE.build(entry)) for entry in log))
    world.run(edit_message("ann", b.DIRECT, 1, "new", NOW))
    stored = world.answer(patterns.get_message(DM, 1))
    assert table.MESSAGE.parse(stored) == b.replaced(log[0], body="new", edited_at=NOW)
    world.run(delete_message("ann", b.DIRECT, 3, NOW))
    tombstone = world.answer(patterns.get_message(DM, 3))
    assert table.MESSAGE.parse(tombstone) == b.replaced(
        log[2], body=None, digest=None, deleted_at=NOW
    )


def test_a_closed_conversation_takes_no_edit_and_every_deletion() -> None:
    """An edit could say anything; a deletion says nothing."""
    joiner = e.DirectUser(conversation=b.DIRECT, user_id="bob", blocked=True)
    closed = patterns.direct_head(DM), Page([table.DIRECT_USER.build(joiner)])
    with pytest.raises(ConversationClosed):
        play(edit_message("ann", b.DIRECT, 2, "new", NOW), (READ, ITEM), closed)
    play(
        delete_message("ann", b.DIRECT, 2, NOW),
        (READ, ITEM),
        (LAST, Page([])),
        (deleting(1), None),
    )


def test_an_edit_costs_three_reads_and_one_transaction() -> None:
    world = World()
    world.run_all(Put("t", ITEM))
    used = world.patterns(edit_message("ann", b.DIRECT, 2, "new", NOW))
    assert used == ["get_message", "direct_head", "last_amendment", "amend_message"]


def test_a_message_that_is_purged_while_it_is_deleted_is_not_there() -> None:
    with pytest.raises(NotFound):
        play(
            delete_message("ann", b.DIRECT, 2, NOW),
            (READ, ITEM),
            (LAST, Page([])),
            (deleting(1), MessageDeleted()),
            (STRONGLY, None),
        )
