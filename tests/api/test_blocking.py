"""Blocking somebody: what both of them see, and what nobody sees."""

from tests.api.people import People, Person, new_id, problem, succeeded, wrong_field


def block(person: Person, other: Person) -> None:
    assert person.request("PUT", f"/users/@{other.handle}/block").status_code == 204


def refused(person: Person, other: Person) -> dict[str, object]:
    body = {"id": new_id(), "to": f"@{other.handle}", "body": "hi"}
    document: dict[str, object] = problem(person.post(body), 403, "conversation_closed")
    return {name: value for name, value in document.items() if name != "request_id"}


def test_neither_of_the_two_can_write_and_both_can_read(people: People) -> None:
    ann, bob = people.pair()
    sent = ann.send(bob)
    block(ann, bob)
    block(ann, bob)
    assert refused(ann, bob) == refused(bob, ann)
    path = f"/conversations/{ann.dm(bob)}/messages/{sent['seq']}"
    problem(ann.request("PATCH", path, {"body": "edited"}), 403, "conversation_closed")
    for person in (ann, bob):
        assert person.messages(ann.dm(bob))["messages"] == [sent]
        assert [row["conversation"] for row in person.inbox()] == [ann.dm(bob)]
    assert succeeded(ann.request("DELETE", path))["body"] is None
    for _ in range(2):
        assert ann.request("DELETE", f"/users/{bob.id}/block").status_code == 204
    assert bob.send(ann)["seq"] == 2


def test_somebody_is_blocked_before_they_write(people: People) -> None:
    ann, bob = people.pair()
    block(bob, ann)
    refused(ann, bob)
    assert bob.inbox() == ann.inbox() == []


def test_only_who_blocks_sees_it(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    before = bob.get(f"/conversations/{ann.dm(bob)}"), bob.get(f"/users/{ann.id}")
    block(ann, bob)
    assert ann.get(f"/conversations/{ann.dm(bob)}")["blocked"] is True
    assert ann.row(ann.dm(bob))["blocked"] is True
    assert before == (bob.get(f"/conversations/{ann.dm(bob)}"), bob.get(f"/users/{ann.id}"))


def test_groups_are_not_affected(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    block(ann, bob)
    assert [bob.send(group)["seq"], ann.send(group)["seq"]] == [1, 2]


def test_nobody_blocks_themselves_or_nobody(people: People) -> None:
    ann = people.user("ann")
    for method in ("PUT", "DELETE"):
        wrong_field(ann.request(method, f"/users/{ann.id}/block"), "user", "self")
        problem(ann.request(method, "/users/nobody/block"), 404, "user_not_found")
        wrong_field(ann.request(method, "/users/a%23b/block"), "id")
