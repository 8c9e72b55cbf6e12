"""Groups: who makes them, who is in them, who may leave and who may be removed."""

import pytest

from tests.api.people import People, new_id, problem, succeeded, wrong_field


def test_a_group_is_made_and_joined_by_an_admin(people: People) -> None:
    made = succeeded(people.request("POST", "/groups", {"id": "Choir_1", "name": " Chœur "}))
    assert made.items() >= {"id": "Choir_1", "name": "Chœur", "visibility": "listed"}.items()
    ann = people.user("ann")
    joined = people.put(f"/groups/Choir_1/users/@{ann.handle}")
    assert joined.items() >= {"group_id": "Choir_1", "user_id": ann.id, "role": "member"}.items()
    again = people.put(f"/groups/Choir_1/users/{ann.id}")
    assert again == joined, "`joined_at` stays"
    problem(people.request("POST", "/groups", {"id": "Choir_1", "name": "x"}), 409, "id_taken")
    row = ann.get("/conversations/group:Choir_1")
    assert (row["title"], row["head"], row["unread"]) == ("Chœur", None, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x", "id": "a#b"}, "id"),
        ({"name": 1}, "name"),
    ],
)
def test_a_wrong_field_of_a_group_is_named(
    people: People, body: dict[str, object], field: str
) -> None:
    wrong_field(people.request("POST", "/groups", body), field)


def test_nobody_joins_what_is_not_there(people: People) -> None:
    group = people.group().removeprefix("group:")
    ann = people.user("ann")
    problem(people.request("PUT", f"/groups/none/users/{ann.id}"), 404, "not_found")
    problem(people.request("PUT", f"/groups/{group}/users/nobody"), 404, "user_not_found")


def test_members_read_and_write_and_others_do_not(people: People) -> None:
    ann, bob = people.pair()
    stranger = people.user("stranger")
    group = people.group(ann, bob)
    sent = [ann.send(group, "one"), bob.send(group, "two")]
    assert ann.messages(group)["messages"] == sent[::-1]
    problem(stranger.request("GET", f"/conversations/{group}/messages"), 404, "not_found")
    body = {"id": new_id(), "conversation": group, "body": "x"}
    problem(stranger.post(body), 404, "not_found")
    assert stranger.inbox() == []
    assert ann.messages(group)["head_seq"] == 2


def test_a_group_and_a_user_of_one_name_do_not_meet(people: People) -> None:
    ann, bob = people.pair()
    succeeded(people.request("POST", "/groups", {"id": ann.id, "name": "x"}))
    people.put(f"/groups/{ann.id}/users/{bob.id}")
    bob.send(f"group:{ann.id}", "to the group")
    bob.send(ann, "to ann")
    assert [row["head"]["body"] for row in bob.inbox()] == ["to ann", "to the group"]
    assert [row["head"]["body"] for row in ann.inbox()] == ["to ann"]


def test_who_leaves_is_out_at_once_and_may_come_back(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    group_id = group.removeprefix("group:")
    ann.send(group, "one")
    assert [row["conversation"] for row in bob.inbox()] == [group]
    path = f"/groups/{group_id}/users/{bob.id}"
    for _ in range(2):
        assert bob.request("DELETE", path).status_code == 204
        problem(bob.request("GET", f"/conversations/{group}"), 404, "not_found")
        problem(bob.post({"id": new_id(), "conversation": group, "body": "x"}), 404, "not_found")
        assert bob.inbox() == []
    assert ann.messages(group)["head_seq"] == 1
    people.put(path)
    assert bob.messages(group)["messages"][0]["body"] == "one"
    assert [(row["conversation"], row["unread"]) for row in bob.inbox()] == [(group, 0)]


def test_admins_remove_others_and_members_do_not(people: People) -> None:
    ann, bob = people.pair()
    group_id = people.group(ann, bob).removeprefix("group:")
    problem(ann.request("DELETE", f"/groups/{group_id}/users/{bob.id}"), 403, "forbidden")
    assert people.request("DELETE", f"/groups/{group_id}/users/@{bob.handle}").status_code == 204
    problem(bob.request("GET", f"/conversations/group:{group_id}"), 404, "not_found")
    path = f"/groups/{group_id}/users/@no.body.there"
    problem(people.request("DELETE", path), 404, "user_not_found")
