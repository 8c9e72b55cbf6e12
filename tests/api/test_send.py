"""`POST /messages`: what comes back, and that a retry is safe."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.people import People, new_id, problem, succeeded, wrong_field

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_message_has_the_shape_that_is_promised(people: People) -> None:
    ann, bob = people.pair()
    message_id = new_id()
    response = ann.post({"id": message_id, "to": f"@{bob.handle}", "body": "ciao"})
    assert response.status_code == 201
    message = response.json()
    assert TIME.fullmatch(message.pop("created_at"))
    assert message == {
        "id": message_id,
        "conversation": f"dm:{ann.id}:{bob.id}",
        "seq": 1,
        "sender_id": ann.id,
        "kind": "text",
        "body": "ciao",
    }


def test_both_ways_of_naming_a_person_and_the_conversation_reach_one_conversation(
    people: People,
) -> None:
    ann, bob = people.pair()
    bob.send(ann, "by id")
    succeeded(ann.post({"id": new_id(), "to": f"@{bob.handle.upper()}", "body": "by handle"}))
    ann.send(f"dm:{ann.id}:{bob.id}", "by conversation")
    read = bob.messages(ann.dm(bob))["messages"]
    assert [(m["seq"], m["body"]) for m in read] == [
        (3, "by conversation"),
        (2, "by handle"),
        (1, "by id"),
    ]


def test_a_retry_gets_the_first_message_again(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "once", "after": 0}
    first = ann.post(body)
    for _ in range(5):
        bob.send(ann)
    again = ann.post(body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert ann.messages(ann.dm(bob))["head_seq"] == 6


def test_ids_are_compared_without_case(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "once"}
    first = ann.post(body).json()
    assert ann.post(body | {"id": body["id"].upper()}).json() == first


def test_ten_retries_at_once_make_one_message(people: People) -> None:
    ann, bob = people.pair()
    for _ in range(5):
        body = {"id": new_id(), "to": bob.id, "body": "once"}
        with ThreadPoolExecutor(10) as pool:
            replies = list(pool.map(ann.post, [body] * 10))
        assert Counter(reply.status_code for reply in replies) == {201: 1, 200: 9}
        assert len({reply.text for reply in replies}) == 1
    assert ann.messages(ann.dm(bob))["head_seq"] == 5


def test_many_who_write_at_once_make_one_gapless_log(people: People) -> None:
    members = [people.user() for _ in range(16)]
    group = people.group(*members)
    with ThreadPoolExecutor(64) as pool:
        sent = list(pool.map(lambda n: members[n % 16].send(group, str(n)), range(192)))
    assert sorted(message["seq"] for message in sent) == list(range(1, 193))
    log = members[0].messages(group, limit=200)["messages"]
    assert log == sorted(sent, key=lambda message: -message["seq"])


def test_an_id_with_other_content_is_refused(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "one"}
    ann.post(body)
    problem(ann.post(body | {"body": "other"}), 409, "message_id_reused")
    problem(bob.post(body | {"to": ann.id}), 409, "message_id_reused")
    assert ann.messages(ann.dm(bob))["head_seq"] == 1


def test_a_retry_after_an_edit_and_a_deletion_is_still_a_retry(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "as it was"}
    ann.post(body)
    place = f"/conversations/{ann.dm(bob)}/messages/1"
    succeeded(ann.request("PATCH", place, {"body": "as it is"}))
    again = ann.post(body)
    assert (again.status_code, again.json()["body"]) == (200, "as it is")
    succeeded(ann.request("DELETE", place))
    again = ann.post(body)
    assert (again.status_code, again.json()["body"]) == (200, None)


def test_after_finds_a_first_try_that_lies_far_back(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "first", "after": 0}
    first = ann.post(body).json()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bob.send(ann), range(998)))
    assert ann.post(body).json() == first  # 999 entries behind `after`
    bob.send(ann)
    assert ann.post(body).json() == first  # 1,000
    bob.send(ann)
    problem(ann.post(body), 409, "stale_after")
    head = ann.messages(ann.dm(bob))["head_seq"]
    assert head == 1001, "nothing was written"
    fresh = ann.post({"id": new_id(), "to": bob.id, "body": "now", "after": head - 999})
    assert (fresh.status_code, fresh.json()["seq"]) == (201, 1002)


def test_without_after_the_newest_twelve_are_searched(people: People) -> None:
    ann, bob = people.pair()
    body = {"id": new_id(), "to": bob.id, "body": "first"}
    first = ann.post(body).json()
    for _ in range(11):
        bob.send(ann)
    assert ann.post(body).json() == first


def test_after_ahead_of_the_log_is_refused(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    wrong_field(ann.post({"id": new_id(), "to": bob.id, "body": "x", "after": 2}), "after", "ahead")


@pytest.mark.parametrize("fields", [{}, {"to": "x", "conversation": "dm:a:b"}])
def test_exactly_one_place_is_named(people: People, fields: dict[str, str]) -> None:
    ann = people.user("ann")
    wrong_field(ann.post({"id": new_id(), "body": "x", **fields}), "to", "one_of")


def test_nobody_writes_to_themselves(people: People) -> None:
    ann = people.user("ann")
    for to in (ann.id, f"@{ann.handle}"):
        wrong_field(ann.post({"id": new_id(), "to": to, "body": "x"}), "to")
    same = {"id": new_id(), "conversation": f"dm:{ann.id}:{ann.id}", "body": "x"}
    problem(ann.post(same), 404, "not_found")


def test_unknown_people_are_said_to_be_unknown(people: People) -> None:
    ann = people.user("ann")
    for to in ("@nobody.at.all", "nobody-at-all"):
        problem(ann.post({"id": new_id(), "to": to, "body": "x"}), 404, "user_not_found")


def test_a_direct_conversation_has_one_id(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    turned = f"dm:{bob.id}:{ann.id}"
    problem(ann.post({"id": new_id(), "conversation": turned, "body": "x"}), 404, "not_found")
    for path in (f"/conversations/{turned}", f"/conversations/{turned}/messages"):
        problem(ann.request("GET", path), 404, "not_found")


def test_a_direct_conversation_with_nobody_is_not_there(people: People) -> None:
    ann = people.user("ann")
    conversation = f"dm:{ann.id}:zzz-nobody"
    for path in (f"/conversations/{conversation}", f"/conversations/{conversation}/messages"):
        problem(ann.request("GET", path), 404, "not_found")
    reply = ann.post({"id": new_id(), "conversation": conversation, "body": "x"})
    assert reply.status_code == 404


def test_before_the_first_message_a_direct_conversation_is_empty(people: People) -> None:
    ann, bob = people.pair()
    row = ann.get(f"/conversations/{ann.dm(bob)}")
    assert (row["head"], row["unread"], row["read_seq"]) == (None, 0, 0)
    assert row["user"] == {"id": bob.id, "handle": bob.handle, "display_name": "bob"}
    assert ann.messages(ann.dm(bob)) == {
        "messages": [],
        "head_seq": 0,
        "more_before": False,
        "more_after": False,
    }
    assert ann.inbox() == []
