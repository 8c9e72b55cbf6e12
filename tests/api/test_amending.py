"""Edit and delete one's own messages."""

import pytest

from tests.api.people import People, Person, problem, succeeded


def place(person: Person, other: Person, seq: int = 1) -> str:
    """The path of a message."""
    return f"/conversations/{person.dm(other)}/messages/{seq}"


def test_an_edit_changes_the_body_and_says_when(people: People) -> None:
    ann, bob = people.pair()
    before = ann.send(bob, "before")
    edited = succeeded(ann.request("PATCH", place(ann, bob), {"body": "after"}))
    assert edited == before | {"body": "after", "edited_at": edited["edited_at"]}
    assert edited["edited_at"] >= before["created_at"]
    assert bob.messages(ann.dm(bob))["messages"] == [edited]


def test_an_edit_to_the_same_body_is_none(people: People) -> None:
    ann, bob = people.pair()
    before = ann.send(bob, "same")
    assert succeeded(ann.request("PATCH", place(ann, bob), {"body": "same"})) == before


def test_a_deletion_leaves_a_place(people: People) -> None:
    ann, bob = people.pair()
    sent = [ann.send(bob, f"{n}") for n in range(3)]
    succeeded(ann.request("PATCH", place(ann, bob, 2), {"body": "edited"}))
    gone = succeeded(ann.request("DELETE", place(ann, bob, 2)))
    assert gone == sent[1] | {"body": None, "deleted_at": gone["deleted_at"]}
    assert bob.messages(ann.dm(bob))["messages"] == [sent[2], gone, sent[0]]
    assert ann.send(bob)["seq"] == 4


def test_deleting_twice_answers_the_same(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    gone = succeeded(ann.request("DELETE", place(ann, bob)))
    assert succeeded(ann.request("DELETE", place(ann, bob))) == gone


def test_what_is_deleted_cannot_be_edited(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    ann.request("DELETE", place(ann, bob))
    reply = ann.request("PATCH", place(ann, bob), {"body": "back again"})
    problem(reply, 409, "message_deleted")
    assert ann.messages(ann.dm(bob))["messages"][0]["body"] is None


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_other_ones_messages_are_not_mine(people: People, method: str) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    body = {"body": "x"} if method == "PATCH" else None
    problem(bob.request(method, place(ann, bob), body), 403, "not_yours")
    problem(bob.request(method, place(ann, bob, 2), body), 404, "not_found")
    assert ann.messages(ann.dm(bob))["messages"][0]["body"] == "hi"


def test_a_member_edits_their_own_in_a_group_only(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    ann.send(group)
    path = f"/conversations/{group}/messages/1"
    problem(bob.request("PATCH", path, {"body": "x"}), 403, "not_yours")
    assert succeeded(ann.request("PATCH", path, {"body": "mine"}))["body"] == "mine"
