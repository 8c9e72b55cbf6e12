"""The conditions of the writes: what each must refuse, decided on the items in its way."""

from typing import Any

import msgspec
import pytest

from tavola.core import entities as e
from tavola.core import errors, patterns, table
from tavola.core.apply import apply
from tavola.core.ids import parse_conversation
from tavola.core.items import Item, key_of
from tavola.core.operations import Lost, Transact, Write
from tests import builders as b

DM, CLUB = parse_conversation(b.DIRECT), parse_conversation(b.GROUP)
ENTRY = table.MESSAGE.build(b.entry(1))
TOMBSTONE = table.MESSAGE.build(b.entry(1, body=None, deleted_at=b.T0))
AMENDMENT = e.Amendment(conversation=b.DIRECT, n=1, target=1, kind="edit", by="ann", at=b.T0)
AMENDING = patterns.amend_message(DM, AMENDMENT, {"body": "new"})
TAKEN = table.AMENDMENT.build(AMENDMENT)
ANN = table.USER.build(b.user("ann"))
EDGE = e.UserGroup(user_id="ann", group_id="club", joined_at=b.T0, name="Old")
POINTER = e.InboxPointer(user_id="ann", bucket="2026-11-21", conversation=b.DIRECT)
UNLESS_WRITTEN = patterns.remove_pointer(POINTER, key_of(ENTRY))
HANDLE = table.HANDLE.build(e.Handle(handle="ann", user_id="other"))


def joiner(**changes: Any) -> Item:
    return table.DIRECT_USER.build(e.DirectUser(conversation=b.DIRECT, user_id="ann", **changes))


def member(**changes: Any) -> Item:
    return table.GROUP_USER.build(b.member("ann", **changes))


def edge(name: str) -> Item:
    return table.USER_GROUP.build(msgspec.structs.replace(EDGE, name=name))


def failure(write: Write | Transact, there: list[Item]) -> Any:
    """How a write fails on these items; None when it happens."""
    return apply(write, {key_of(item): item for item in there}.get).failure


@pytest.mark.parametrize(
    ("write", "there", "lost"),
    [
        (patterns.append_message(b.entry(1)), [ENTRY], Lost(ENTRY)),
        (patterns.mark_read(DM, "ann", 3), [joiner(read_seq=3)], Lost(joiner(read_seq=3))),
        (patterns.mark_read(DM, "ann", 3), [joiner(read_seq=4)], Lost(joiner(read_seq=4))),
        (patterns.mark_read(CLUB, "ann", 3), [member(read_seq=4)], Lost(member(read_seq=4))),
        (patterns.mark_read(CLUB, "ann", 3), [], Lost(None)),
        (
            patterns.name_direct_user(DM, b.user("ann", names_rev=2)),
            [joiner(names_rev=2)],
            Lost(joiner(names_rev=2)),
        ),
        (patterns.name_group_user("club", b.user("ann")), [], Lost(None)),
        (patterns.name_group_user("club", b.user("ann")), [member()], Lost(member())),
        (patterns.name_user_group(EDGE, "New"), [], Lost(None)),
        (patterns.name_user_group(EDGE, "New"), [edge("Newer")], Lost(edge("Newer"))),
        (UNLESS_WRITTEN, [ENTRY, table.INBOX_POINTER.build(POINTER)], Lost(ENTRY)),
        (AMENDING, [ENTRY, TAKEN], Lost(TAKEN, 1)),
        (
            patterns.join_group(
                patterns.Joining(b.user("ann"), b.group(), b.member("ann", joined_at=b.at(9)))
            ),
            [member(), ANN, table.GROUP.build(b.group())],
            Lost(member(), 0),
        ),
        (patterns.leave_group("club", "ann", b.at(9)), [edge("Old")], Lost(None, 0)),
    ],
    ids=lambda value: getattr(value, "pattern", ""),
)
def test_a_write_is_lost_to_what_is_there(
    write: Write | Transact, there: list[Item], lost: Lost
) -> None:
    assert failure(write, there) == lost


@pytest.mark.parametrize(
    ("write", "there"),
    [
        (patterns.append_message(b.entry(1)), []),
        (patterns.mark_read(DM, "ann", 3), []),
        (patterns.mark_read(DM, "ann", 3), [joiner(read_seq=2)]),
        (patterns.mark_read(CLUB, "ann", 3), [member()]),
        (patterns.name_direct_user(DM, b.user("ann")), [joiner(read_seq=2)]),
        (patterns.name_group_user("club", b.user("ann", names_rev=2)), [member()]),
        (patterns.name_user_group(EDGE, "New"), [edge("Old")]),
        (UNLESS_WRITTEN, [table.INBOX_POINTER.build(POINTER)]),
        (AMENDING, [ENTRY]),
        (patterns.leave_group("club", "ann", b.at(9)), [member(), edge("Old")]),
    ],
    ids=lambda value: getattr(value, "pattern", ""),
)
def test_a_write_with_nothing_in_its_way_happens(
    write: Write | Transact, there: list[Item]
) -> None:
    assert failure(write, there) is None


@pytest.mark.parametrize(
    ("write", "there", "error"),
    [
        (AMENDING, [TOMBSTONE], errors.MessageDeleted),
        (AMENDING, [], errors.MessageDeleted),
        (patterns.append_imported((b.entry(1), b.entry(2))), [ENTRY], errors.Busy),
        (patterns.create_user(b.user("ann"), None), [ANN], errors.IdTaken),
        (patterns.create_user(b.user("ann"), None), [HANDLE], errors.HandleTaken),
        (
            patterns.update_user(b.user("ann", names_rev=2), b.user("ann", names_rev=3)),
            [ANN],
            errors.Changed,
        ),
        (
            patterns.create_group(b.group()),
            [table.GROUP.build(b.group(deleted_at=b.T0))],
            errors.IdTaken,
        ),
        (patterns.set_role("club", "ann", "admin"), [], errors.NotFound),
    ],
    ids=lambda value: getattr(value, "pattern", ""),
)
def test_a_write_that_others_make_impossible_says_why(
    write: Write | Transact, there: list[Item], error: type[errors.TavolaError]
) -> None:
    assert isinstance(failure(write, there), error)
