"""Sending, step by step: the test plays the database."""

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import (
    Busy,
    ConversationClosed,
    Invalid,
    MessageIdReused,
    NotFound,
    StaleAfter,
    UserNotFound,
)
from tavola.core.ids import parse_conversation
from tavola.core.log import next_entry
from tavola.core.operations import Lost, Page, Put, Query
from tavola.flows.flow import Flow
from tavola.flows.sending import Sent, Target, send
from tests import builders as b
from tests.drive import play

DM = parse_conversation(b.DIRECT)
CLUB = parse_conversation(b.GROUP)
IN_DM = Target(conversation=b.DIRECT)
JOINERS = [
    e.DirectUser(conversation=b.DIRECT, user_id=user, names_rev=1) for user in ("bob", "ann")
]
NOW = b.at(10_000)
TAIL = patterns.read_tail(DM, limits.TAIL_ENTRIES)
TAIL_AFTER = patterns.read_tail(DM, limits.TAIL_ENTRIES_AFTER)
MESSAGE = b.draft(7_777_777)


def tail(log: list[e.Message], *joiners: e.DirectUser, entries: int = limits.TAIL_ENTRIES) -> Page:
    """What the tail Query answers: joiners first, then entries, newest first."""
    newest = log[::-1][:entries]
    tops = [table.DIRECT_USER.build(joiner) for joiner in joiners or JOINERS]
    return Page(tops + [table.MESSAGE.build(entry) for entry in newest])


def page(entries: list[e.Message]) -> Page:
    return Page([table.MESSAGE.build(entry) for entry in entries[::-1]])


def sending(to: Target = IN_DM, after: int | None = None) -> Flow[Sent]:
    return send(MESSAGE, to, after, NOW, "day")


def following(head: e.Message | None) -> e.Message:
    """The entry that the message becomes behind this head."""
    return next_entry(b.DIRECT, head, MESSAGE, NOW, "day")


def lost_to(entry: e.Message) -> Lost:
    return Lost(table.MESSAGE.build(entry))


def test_the_next_message_is_one_query_and_one_put() -> None:
    log = b.log("abab")
    reply = play(
        sending(),
        (TAIL, tail(log)),
        (patterns.append_message(following(log[-1])), None),
    )
    assert reply == Sent(following(log[-1]), created=True)
    assert reply.entry.seq == 5
    assert reply.entry.peer_seq == 4


def test_the_first_message_to_a_handle_asks_who_it_is() -> None:
    handle = table.HANDLE.build(e.Handle(handle="bob", user_id="bob"))
    reply = play(
        sending(Target(to="@Bob")),
        (patterns.get_handle("bob"), handle),
        (TAIL, Page([])),
        (patterns.get_user("bob"), table.USER.build(b.user("bob"))),
        (patterns.append_message(following(None)), None),
    )
    assert reply.entry.seq == 1
    assert reply.entry.bump == e.Bump("2026-11-21")


def test_a_message_to_a_user_id_goes_into_the_one_conversation_of_the_pair() -> None:
    play(
        sending(Target(to="bob")),
        (TAIL, tail(b.log("a"))),
        (patterns.append_message(following(b.log("a")[-1])), None),
    )


def test_an_unknown_handle_is_no_user() -> None:
    with pytest.raises(UserNotFound):
        play(
            sending(Target(to="@bob")),
            (patterns.get_handle("bob"), None),
            (patterns.get_handle("bob", consistent=True), None),
        )


def test_an_unknown_or_deleted_user_is_no_user() -> None:
    look, look_again = patterns.get_user("bob"), patterns.get_user("bob", consistent=True)
    deleted = table.USER.build(b.user("bob", deleted_at=b.T0))
    with pytest.raises(UserNotFound):
        play(sending(), (TAIL, Page([])), (look, deleted))
    for found in (None, deleted):
        with pytest.raises(UserNotFound):
            play(sending(), (TAIL, Page([])), (look, None), (look_again, found))


def test_somebody_quite_new_is_found_where_a_read_is_behind() -> None:
    handle = table.HANDLE.build(e.Handle(handle="bob", user_id="bob"))
    reply = play(
        sending(Target(to="@bob")),
        (patterns.get_handle("bob"), None),
        (patterns.get_handle("bob", consistent=True), handle),
        (TAIL, Page([])),
        (patterns.get_user("bob"), None),
        (patterns.get_user("bob", consistent=True), table.USER.build(b.user("bob"))),
        (patterns.append_message(following(None)), None),
    )
    assert reply == Sent(following(None), created=True)


@pytest.mark.parametrize(
    "to",
    [
        Target(),
        Target(conversation=b.DIRECT, to="bob"),
        Target(to="ann"),
        Target(to="a#b"),
        Target(to="@"),
    ],
)
def test_a_target_that_names_nobody_else_is_invalid(to: Target) -> None:
    with pytest.raises(Invalid):
        play(sending(to))


@pytest.mark.parametrize("conversation", ["dm:bob:cleo", "dm:bob:ann", "dm:ann:ann", "rubbish"])
def test_a_conversation_of_others_is_not_found_without_a_look(conversation: str) -> None:
    with pytest.raises(NotFound):
        play(sending(Target(conversation=conversation)))


def test_who_loses_a_race_tries_the_next_number_behind_the_winner() -> None:
    log = b.log("ab")
    winner = b.entry(3, "bob", peer_seq=1)
    reply = play(
        sending(),
        (TAIL, tail(log)),
        (patterns.append_message(following(log[-1])), lost_to(winner)),
        (patterns.append_message(following(winner)), None),
    )
    assert (reply.entry.seq, reply.entry.peer_seq) == (4, 3)


def test_a_repeat_that_loses_to_its_own_first_try_answers_it() -> None:
    log = b.log("ab")
    first_try = following(log[-1])
    reply = play(
        sending(),
        (TAIL, tail(log)),
        (patterns.append_message(first_try), lost_to(first_try)),
    )
    assert reply == Sent(first_try, created=False)


def test_a_repeat_is_found_in_the_tail() -> None:
    first_try = following(b.log("ab")[-1])
    log = [*b.log("ab"), first_try, b.entry(4, "bob")]
    assert play(sending(), (TAIL, tail(log))) == Sent(first_try, created=False)


def test_a_repeat_is_found_by_its_after_however_much_came_since() -> None:
    first_try = following(b.log("ab")[-1])
    log = [*b.log("ab"), first_try, *(b.entry(seq, "bob") for seq in range(4, 30))]
    reply = play(
        sending(after=2),
        (TAIL_AFTER, tail(log, entries=limits.TAIL_ENTRIES_AFTER)),
        (patterns.read_messages(DM, 3, 25, limits.AFTER_SPAN_MAX), page(log[2:25])),
    )
    assert reply == Sent(first_try, created=False)


def test_a_read_behind_the_tail_is_done_again_before_a_repeat_is_denied() -> None:
    first_try = following(b.log("ab")[-1])
    log = [*b.log("ab"), first_try, *(b.entry(seq, "bob") for seq in range(4, 30))]
    span = DM, 3, 25, limits.AFTER_SPAN_MAX
    reply = play(
        sending(after=2),
        (TAIL_AFTER, tail(log, entries=limits.TAIL_ENTRIES_AFTER)),
        (patterns.read_messages(*span), Page([])),
        (patterns.read_messages(*span, consistent=True), page(log[2:25])),
    )
    assert reply == Sent(first_try, created=False)


@pytest.mark.parametrize("after", [4, 3, 1])
def test_what_the_tail_holds_needs_no_further_query(after: int) -> None:
    log = b.log("abab" if after > 1 else "abaab")
    play(
        sending(after=after),
        (TAIL_AFTER, tail(log, entries=limits.TAIL_ENTRIES_AFTER)),
        (patterns.append_message(following(log[-1])), None),
    )


def test_an_edited_message_sent_again_is_still_its_first_try() -> None:
    edited = b.replaced(following(b.log("ab")[-1]), body="edited", edited_at=NOW)
    reply = play(sending(), (TAIL, tail([*b.log("ab"), edited])))
    assert reply == Sent(edited, created=False)


@pytest.mark.parametrize("other", [{"digest": "of other content"}, {"sender_id": "bob"}])
def test_an_id_used_for_other_content_is_refused(other: dict[str, str]) -> None:
    used = b.replaced(following(b.log("ab")[-1]), **other)
    with pytest.raises(MessageIdReused):
        play(sending(), (TAIL, tail([*b.log("ab"), used])))


def test_an_id_used_for_other_content_is_refused_also_when_it_wins_the_race() -> None:
    log = b.log("ab")
    used = b.replaced(following(log[-1]), digest="of other content")
    with pytest.raises(MessageIdReused):
        play(
            sending(),
            (TAIL, tail(log)),
            (patterns.append_message(following(log[-1])), lost_to(used)),
        )


def test_too_much_since_after_is_stale_and_nothing_is_written() -> None:
    head = limits.AFTER_SPAN_MAX + 8
    log = [b.entry(seq) for seq in range(head - 3, head + 1)]
    with pytest.raises(StaleAfter):
        play(sending(after=7), (TAIL_AFTER, tail(log)))


def test_exactly_a_thousand_since_after_are_searched() -> None:
    head = limits.AFTER_SPAN_MAX + 7
    log = [b.entry(seq) for seq in range(8, head + 1)]
    reply = play(
        sending(after=7),
        (TAIL_AFTER, tail(log, entries=limits.TAIL_ENTRIES_AFTER)),
        (patterns.read_messages(DM, 8, head - 4, limits.AFTER_SPAN_MAX), page(log[:-4])),
        (patterns.append_message(following(log[-1])), None),
    )
    assert reply.entry.seq == head + 1


def test_an_after_ahead_of_the_tail_is_read_again_strongly() -> None:
    log = b.log("abab")
    strongly = patterns.read_tail(DM, limits.TAIL_ENTRIES_AFTER, consistent=True)
    reply = play(
        sending(after=4),
        (TAIL_AFTER, tail(log[:2])),
        (strongly, tail(log)),
        (patterns.append_message(following(log[-1])), None),
    )
    assert reply.entry.seq == 5


def test_an_after_ahead_of_the_log_is_invalid() -> None:
    log = b.log("ab")
    strongly = patterns.read_tail(DM, limits.TAIL_ENTRIES_AFTER, consistent=True)
    with pytest.raises(Invalid) as error:
        play(sending(after=3), (TAIL_AFTER, tail(log)), (strongly, tail(log)))
    assert error.value.errors[0].field == "after"


@pytest.mark.parametrize("closed", [{"blocked": True}, {"erased": True}])
def test_a_closed_conversation_takes_no_message_but_answers_a_repeat(
    closed: dict[str, bool],
) -> None:
    bob = e.DirectUser(conversation=b.DIRECT, user_id="bob", **closed)  # type: ignore[arg-type]  # one flag of them
    with pytest.raises(ConversationClosed):
        play(sending(), (TAIL, tail(b.log("ab"), bob, JOINERS[1])))
    first_try = following(b.log("ab")[-1])
    reply = play(sending(), (TAIL, tail([*b.log("ab"), first_try], bob, JOINERS[1])))
    assert reply == Sent(first_try, created=False)


def test_a_sender_who_loses_for_ever_is_told_to_come_back() -> None:
    flow = sending()
    assert next(flow) == TAIL
    request = flow.send(tail(b.log("ab")))
    with pytest.raises(Busy):  # noqa: PT012 - the other side is played until it gives up
        for _ in range(10 * limits.APPEND_LOSSES_MAX):
            if isinstance(request, Put):
                winner = b.entry(int(request.item["sk"]), "bob")
                request = flow.send(lost_to(winner))
            else:
                assert isinstance(request, Query)
                request = flow.send(page([b.entry(int(request.low), "bob")]))


def test_a_message_to_a_group_asks_for_membership_and_tail_at_once() -> None:
    in_club = Target(conversation=b.GROUP)
    reads = (
        patterns.get_member("club", "ann"),
        patterns.read_tail(CLUB, limits.TAIL_ENTRIES),
    )
    again = patterns.get_member("club", "ann", consistent=True)
    member = table.GROUP_USER.build(b.member("ann"))
    log = b.log("ab", b.GROUP)
    found = Page([table.GROUP.build(b.group()), *map(table.MESSAGE.build, log[::-1])])
    entry = next_entry(b.GROUP, log[-1], MESSAGE, NOW, "day")
    reply = play(sending(in_club), (reads, [member, found]), (patterns.append_message(entry), None))
    assert reply == Sent(entry, created=True)
    with pytest.raises(NotFound):
        play(sending(in_club), (reads, [None, found]), (again, None))
    reply = play(
        sending(in_club),
        (reads, [None, found]),
        (again, member),
        (patterns.append_message(entry), None),
    )
    assert reply == Sent(entry, created=True)
    gone = Page([table.GROUP.build(b.group(deleted_at=b.T0))])
    with pytest.raises(ConversationClosed):
        play(sending(in_club), (reads, [member, gone]))


def test_a_group_that_a_read_does_not_show_yet_is_read_again_strongly() -> None:
    reads = patterns.get_member("club", "ann"), patterns.read_tail(CLUB, limits.TAIL_ENTRIES)
    strongly = patterns.read_tail(CLUB, limits.TAIL_ENTRIES, consistent=True)
    member = table.GROUP_USER.build(b.member("ann"))
    entry = next_entry(b.GROUP, None, MESSAGE, NOW, "day")
    play(
        sending(Target(conversation=b.GROUP)),
        (reads, [member, Page([])]),
        (strongly, Page([table.GROUP.build(b.group())])),
        (patterns.append_message(entry), None),
    )
    with pytest.raises(ConversationClosed):
        play(
            sending(Target(conversation=b.GROUP)),
            (reads, [member, Page([])]),
            (strongly, Page([])),
        )


def test_two_messages_in_one_millisecond_do_not_overwrite() -> None:
    log = b.log("a")
    head = b.replaced(log[-1], created_at=NOW)
    entry = following(head)
    assert entry.created_at == head.created_at
    play(sending(), (TAIL, tail([head])), (patterns.append_message(entry), None))
    assert patterns.append_message(entry).item["sk"] != table.MESSAGE.build(head)["sk"]


def test_a_clock_that_runs_behind_does_not_reorder_the_log() -> None:
    head = b.replaced(b.log("b")[-1], created_at=b.at(20_000))
    entry = following(head)
    assert entry.created_at == b.at(20_000)
    reply = play(sending(), (TAIL, tail([head])), (patterns.append_message(entry), None))
    assert reply.entry.seq == 2
