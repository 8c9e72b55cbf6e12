"""Groups: who makes them, who is in them, who may leave and who may be removed."""

import pytest

from tests.api.people import People, new_id, problem, succeeded, wrong_field
from tests.api.serving import wait_until


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


def test_who_makes_a_group_is_its_admin_and_lets_others_in(people: People) -> None:
    ann, bob = people.pair()
    made = ann.request("POST", "/groups", {"name": "Chess", "visibility": "private"})
    assert made.status_code == 201
    group = made.json()
    assert (group["role"], group["visibility"]) == ("admin", "private")
    path = f"/groups/{group['id']}"
    ann.send(f"group:{group['id']}", "before")
    problem(bob.request("GET", path), 404, "not_found")
    problem(bob.request("PUT", f"{path}/users/{bob.id}"), 404, "not_found")
    joined = ann.put(f"{path}/users/@{bob.handle}", {"history": "none"})
    assert (joined["role"], joined["user_id"]) == ("member", bob.id)
    assert bob.messages(f"group:{group['id']}")["messages"] == []
    assert bob.get(path)["role"] == "member"
    problem(bob.request("PUT", f"{path}/users/{ann.id}", {"role": "member"}), 403, "forbidden")
    assert ann.put(f"{path}/users/{bob.id}", {"role": "admin"}) == joined | {"role": "admin"}
    assert bob.put(f"{path}/users/{ann.id}", {"role": "member"})["role"] == "member"
    wrong_field(bob.request("PUT", f"{path}/users/{ann.id}", {"role": "owner"}), "role")
    wrong_field(bob.request("PUT", f"{path}/users/{ann.id}", {"history": "some"}), "history")


def test_memberships_are_read_from_both_sides_right_after_the_write(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann).removeprefix("group:")
    for _ in range(3):
        joined = people.put(f"/groups/{group}/users/{bob.id}")
        rows = ann.get(f"/groups/{group}/users")
        assert [row["id"] for row in rows["users"]] == [ann.id, bob.id]
        assert rows["users"][1] == {
            "id": bob.id,
            "handle": bob.handle,
            "display_name": "bob",
            "role": "member",
            "joined_at": joined["joined_at"],
        }
        mine = {"id": group, "name": "Choir", "joined_at": joined["joined_at"]}
        assert bob.get(f"/users/{bob.id}/groups") == {"groups": [mine], "next": None}
        assert people.get(f"/users/@{bob.handle}/groups")["groups"] == [mine]
        assert bob.request("DELETE", f"/groups/{group}/users/{bob.id}").status_code == 204
        assert [row["id"] for row in ann.get(f"/groups/{group}/users")["users"]] == [ann.id]
        assert bob.get(f"/users/{bob.id}/groups")["groups"] == []


def test_lists_are_paged_and_their_cursors_are_ones_own(people: People) -> None:
    members = [people.user("many") for _ in range(7)]
    ann = members[0]
    groups = [people.group(*members).removeprefix("group:") for _ in range(3)]
    path = f"/groups/{groups[0]}/users"
    found: list[str] = []
    cursor = None
    while cursor or not found:
        page = ann.get(path, limit=3, **({"cursor": cursor} if cursor else {}))
        assert len(page["users"]) <= 3
        found += [row["id"] for row in page["users"]]
        cursor = page["next"]
    assert found == sorted(person.id for person in members)
    first = ann.get(path, limit=3)["next"]
    for reader, other in ((members[1], path), (ann, f"/groups/{groups[1]}/users")):
        wrong_field(reader.request("GET", other, params={"cursor": first}), "cursor")
    mine = ann.get(f"/users/{ann.id}/groups", limit=2)
    rest = ann.get(f"/users/{ann.id}/groups", limit=2, cursor=mine["next"])
    assert [row["id"] for row in mine["groups"] + rest["groups"]] == sorted(groups)
    assert rest["next"] is None


def test_groups_are_listed_by_name(people: People) -> None:
    ann, bob = people.pair()
    names = ("Zebra listing", "zebra Äpfel", "ZEBRA hidden")
    made = {
        name: ann.request(
            "POST",
            "/groups",
            {"name": name, "visibility": "private" if "hid" in name else "listed"},
        ).json()["id"]
        for name in names
    }
    shown = ann.get("/groups", prefix="zeBRA")
    assert [row["name"] for row in shown["groups"]] == [names[2], names[0], names[1]]
    assert shown["groups"][0] == {
        "id": made[names[2]],
        "name": names[2],
        "visibility": "private",
    }
    to_bob = [row["name"] for row in bob.get("/groups", prefix="zebra")["groups"]]
    assert to_bob == [names[0], names[1]]
    assert len(people.get("/groups", prefix="zebra")["groups"]) == 3
    page = bob.get("/groups", prefix="zebra", limit=1)
    rest = bob.get("/groups", prefix="zebra", limit=1, cursor=page["next"])
    assert [row["name"] for row in rest["groups"]] == [names[1]]
    wrong_field(bob.request("GET", "/groups", params={"prefix": ""}), "prefix")


def test_exact_sets_are_shown_at_once_on_both_sides(people: People) -> None:
    ann, bob = people.pair()
    made = ann.request("POST", "/groups", {"name": "Set"}).json()["id"]
    path = f"/groups/{made}/users"
    done = ann.put(path, {"users": [ann.id, f"@{bob.handle}"]})
    assert done == {"added": [bob.id], "removed": [], "complete": True}
    assert [row["id"] for row in bob.get(path)["users"]] == [ann.id, bob.id]
    assert [row["id"] for row in bob.get(f"/users/{bob.id}/groups")["groups"]] == [made]
    other = people.group().removeprefix("group:")
    done = people.put(f"/users/{bob.id}/groups", {"groups": [other]})
    assert done == {"added": [other], "removed": [made], "complete": True}
    assert [row["id"] for row in ann.get(path)["users"]] == [ann.id]
    problem(bob.request("PUT", f"/users/{bob.id}/groups", {"groups": []}), 403, "forbidden")
    problem(bob.request("PUT", path, {"users": []}), 403, "forbidden")
    wrong_field(ann.request("PUT", path, {"users": ["nobody"]}), "users", "unknown")
    wrong_field(ann.request("PUT", path, {"users": ["x"] * 1_001}), "users", "too_many")
    too_many = people.request("PUT", f"/users/{bob.id}/groups", {"groups": ["x"] * 1_001})
    wrong_field(too_many, "groups", "too_many")


def test_a_user_may_be_in_two_hundred_groups(people: People) -> None:
    ann = people.user("ann")
    made = [people.group().removeprefix("group:") for _ in range(200)]
    done = people.put(f"/users/{ann.id}/groups", {"groups": made})
    assert sorted(done["added"]) == sorted(made)
    assert [row["id"] for row in ann.get(f"/users/{ann.id}/groups", limit=200)["groups"]] == sorted(
        made
    )


def test_a_group_is_renamed_hidden_and_deleted_by_its_admins(people: People) -> None:
    ann, bob = people.pair()
    made = ann.request("POST", "/groups", {"name": "First"}).json()
    path = f"/groups/{made['id']}"
    conversation = f"group:{made['id']}"
    ann.put(f"{path}/users/{bob.id}")
    ann.send(conversation, "hello")
    renamed = succeeded(ann.request("PATCH", path, {"name": "Second"}))
    assert renamed == made | {"name": "Second"}
    assert bob.row(conversation)["title"] == "Second"
    wait_until(lambda: bob.get(f"/users/{bob.id}/groups")["groups"][0]["name"] == "Second")
    problem(bob.request("PATCH", path, {"name": "Mine"}), 403, "forbidden")
    wrong_field(ann.request("PATCH", path, {"name": ""}), "name")
    wrong_field(ann.request("DELETE", path, params={"log": "burn"}), "log")
    stranger = people.user("stranger")
    assert stranger.get(path)["name"] == "Second"
    succeeded(ann.request("PATCH", path, {"visibility": "private"}))
    problem(stranger.request("GET", path), 404, "not_found")
    assert ann.request("DELETE", path, params={"log": "purge"}).status_code == 204
    for person in (ann, bob, people):
        problem(person.request("GET", path), 404, "not_found")
    assert bob.inbox() == ann.inbox() == []
    problem(ann.request("DELETE", path), 404, "not_found")
    body = {"id": made["id"], "name": "Again"}
    problem(ann.request("POST", "/groups", body), 409, "id_taken")
