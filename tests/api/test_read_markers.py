"""`PUT /conversations/{c}/read`: a marker that only grows, on all of one's devices."""

import pytest

from tests.api.people import People, Person, problem, wrong_field


def test_marking_answers_marker_and_unread(people: People) -> None:
    ann, bob = people.pair()
    for _ in range(3):
        ann.send(bob)
    assert bob.mark(ann.dm(bob), 2) == {"read_seq": 2, "unread": 1}
    row = bob.row(ann.dm(bob))
    assert (row["read_seq"], row["unread"]) == (2, 1)


@pytest.mark.parametrize("kind", ["direct", "group"])
def test_the_marker_grows_and_stops_at_the_head(people: People, kind: str) -> None:
    ann, bob = people.pair()
    conversation = people.group(ann, bob) if kind == "group" else ann.dm(bob)
    for _ in range(3):
        ann.send(conversation)
    assert bob.mark(conversation, 10**11) == {"read_seq": 3, "unread": 0}
    assert bob.mark(conversation, 1) == {"read_seq": 3, "unread": 0}
    assert bob.mark(conversation, 0) == {"read_seq": 3, "unread": 0}
    ann.send(conversation)
    assert bob.row(conversation)["unread"] == 1


def test_a_device_that_is_behind_takes_nothing_back(people: People) -> None:
    ann, phone = people.pair()
    laptop = Person(phone.url, phone.id, phone.handle)
    conversation = ann.dm(phone)
    for _ in range(5):
        ann.send(phone)
    assert laptop.mark(conversation, 5)["unread"] == 0
    assert phone.mark(conversation, 2) == {"read_seq": 5, "unread": 0}
    for device in (laptop, phone):
        assert device.row(conversation)["unread"] == 0
    laptop.close()


def test_marking_an_empty_conversation_changes_nothing(people: People) -> None:
    ann, bob = people.pair()
    assert ann.mark(ann.dm(bob), 5) == {"read_seq": 0, "unread": 0}
    bob.send(ann)
    assert ann.row(ann.dm(bob))["unread"] == 1


def test_a_conversation_with_nobody_cannot_be_marked(people: People) -> None:
    ann = people.user("ann")
    path = f"/conversations/dm:{ann.id}:zzz-nobody/read"
    problem(ann.request("PUT", path, {"seq": 1}), 404, "not_found")


@pytest.mark.parametrize("seq", [-1, 1.5, "1", None, True, 10**12, 10**40])
def test_a_wrong_seq_is_named(people: People, seq: object) -> None:
    ann, bob = people.pair()
    wrong_field(ann.request("PUT", f"/conversations/{ann.dm(bob)}/read", {"seq": seq}), "seq")


def test_a_senders_marker_follows_in_a_group(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    for _ in range(3):
        bob.send(group)
    ann.send(group)
    ann.inbox()  # waits for the feed, which moves the marker
    bob.send(group)
    row = ann.row(group)
    assert (row["read_seq"], row["unread"]) == (4, 1)
    assert bob.row(group)["unread"] == 0
