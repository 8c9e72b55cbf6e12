"""Users: who makes them, who finds them."""

import re

import pytest

from tests.api.people import People, problem, succeeded, wrong_field
from tests.api.serving import Serving


def test_a_user_has_the_shape_that_is_promised(people: People) -> None:
    body = {
        "id": "Shape_1",
        "handle": "Sha.pe-1",
        "display_name": "  Zoë Ångström ",
        "location": "Bern",
        "interests": ["tea", "chess"],
    }
    reply = people.request("POST", "/users", body)
    assert reply.status_code == 201
    made = reply.json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.{12}Z", made.pop("created_at"))
    expected = body | {"display_name": "Zoë Ångström", "interests": ["chess", "tea"]}
    assert made == expected
    root = people.user("root", admin=True)
    for name in ("Shape_1", "@Sha.pe-1", "@sha.pe-1"):
        assert root.get(f"/users/{name}").items() >= expected.items()


def test_an_id_is_made_where_none_is_given(people: People) -> None:
    body = {"handle": "without.id", "display_name": "x", "interests": []}
    made = succeeded(people.request("POST", "/users", body))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", made["id"])
    assert "interests" not in made
    assert "password" not in str(made)


def test_a_handle_belongs_to_one_user_in_any_case(people: People) -> None:
    ann = people.user("ann")
    body = {"handle": f"@{ann.handle.upper()}", "display_name": "x"}
    problem(people.request("POST", "/users", body), 409, "handle_taken")


def test_an_id_is_never_reused(people: People) -> None:
    ann = people.user("ann")
    body = {"id": ann.id, "handle": "another.handle", "display_name": "x"}
    problem(people.request("POST", "/users", body), 409, "id_taken")
    problem(ann.request("GET", "/users/@another.handle"), 404, "user_not_found")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"handle": ""}, "handle"),
        ({"handle": "a"}, "handle"),
        ({"handle": "a" * 33}, "handle"),
        ({"handle": "has space"}, "handle"),
        ({"handle": "a#b"}, "handle"),
        ({"handle": "Straße"}, "handle"),
        ({"handle": "\u212aelvin"}, "handle"),
        ({"handle": 1}, "handle"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "\u200b "}, "display_name"),
        ({"display_name": "two\nlines"}, "display_name"),
        ({"display_name": "a\0b"}, "display_name"),
        ({"display_name": "é" * 101}, "display_name"),
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": "a" * 65}, "id"),
        ({"id": "naïve"}, "id"),
        ({"location": ""}, "location"),
        ({"location": "x" * 201}, "location"),
        ({"interests": [""]}, "interests"),
        ({"interests": ["x\0"]}, "interests"),
        ({"interests": [f"{n}" for n in range(51)]}, "interests"),
        ({"interests": ["x" * 101]}, "interests"),
        ({"interests": "tea"}, "interests"),
        ({"admin": "yes"}, "admin"),
        ({"names_rev": 7}, "names_rev"),
    ],
)
def test_a_wrong_field_of_a_user_is_named(
    people: People, fields: dict[str, object], field: str
) -> None:
    body = {"handle": "never.made", "display_name": "x"}
    wrong_field(people.request("POST", "/users", body | fields), field)


@pytest.mark.parametrize("handle", ["..", "--", "a" * 32, "0_0.0-0"])
def test_odd_handles_are_handles(people: People, handle: str) -> None:
    made = succeeded(people.request("POST", "/users", {"handle": handle, "display_name": "x"}))
    ann = people.user("ann")
    assert ann.get(f"/users/@{handle}")["id"] == made["id"]


def test_a_profile_is_changed_by_its_owner(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    changed = succeeded(ann.request("PATCH", "/me", {"display_name": "Anna", "location": "Bern"}))
    assert (changed["display_name"], changed["location"]) == ("Anna", "Bern")
    assert ann.get(f"/users/{ann.id}") == changed
    assert bob.get(f"/users/{ann.id}")["display_name"] == "Anna"
    succeeded(ann.request("PATCH", "/me", {"location": None}))
    assert "location" not in ann.get("/me")
    problem(ann.request("PATCH", "/me", {"handle": bob.handle}), 409, "handle_taken")
    wrong_field(ann.request("PATCH", "/me", {"admin": True}), "admin", "unknown")


def test_a_freed_handle_belongs_to_nobody(people: People) -> None:
    ann, bob = people.pair()
    new = f"new.{ann.handle}"
    succeeded(ann.request("PATCH", "/me", {"handle": new}))
    problem(bob.request("GET", f"/users/@{ann.handle}"), 404, "user_not_found")
    assert bob.get(f"/users/@{new}")["id"] == ann.id
    succeeded(bob.request("PATCH", "/me", {"handle": ann.handle}))
    assert ann.get(f"/users/@{ann.handle}")["id"] == bob.id


def test_users_are_found_by_the_beginning_of_their_handle(people: People) -> None:
    made = [people.user("prefixed") for _ in range(12)]
    ann = people.user("ann")
    for prefix in ("prefixed", "@PreFixed", "pr"):
        found = ann.get("/users", prefix=prefix)["users"]
        assert len(found) == 10
        assert {user["id"] for user in found} <= {person.id for person in made}
    (only,) = ann.get("/users", prefix=made[0].handle)["users"][:1]
    assert only["id"] == made[0].id
    assert ann.get("/users", prefix="zz.nobody") == {"users": []}


def test_others_see_who_somebody_is_and_no_more(people: People) -> None:
    more = {"location": "Bern", "interests": ["tea"], "admin": True}
    ann, bob = people.user("ann", **more), people.user("bob")
    root = people.user("root", admin=True)
    who = {"id": ann.id, "handle": ann.handle, "display_name": "ann"}
    for name in (ann.id, f"@{ann.handle}"):
        assert bob.get(f"/users/{name}") == who
        for insider in (ann, root):
            seen = insider.get(f"/users/{name}")
            assert seen.pop("created_at")
            assert seen == who | more
    assert bob.get("/users", prefix=ann.handle)["users"] == [who]
    (found,) = root.get("/users", prefix=ann.handle)["users"]
    assert found.items() >= more.items()


@pytest.mark.parametrize(
    "query", ["", "prefix=", "prefix=p", "prefix=a%20b", "prefix=%C3%A9%C3%A9"]
)
def test_a_wrong_prefix_is_named(people: People, query: str) -> None:
    wrong_field(people.user().request("GET", f"/users?{query}"), "prefix")


def test_admins_list_all_users_by_name_page_by_page(people: People) -> None:
    made = [people.user(display_name=f"Zed {n:02d}").id for n in reversed(range(7))]
    root = people.user("root", admin=True)
    for admin in (people, root):
        found: list[str] = []
        query: dict[str, str] = {}
        while True:
            page = admin.get("/users", limit=3, **query)
            assert len(page["users"]) <= 3
            found += [user["id"] for user in page["users"]]
            if page["next"] is None:
                break
            query = {"cursor": page["next"]}
        assert len(found) == len(set(found))
        assert [user_id for user_id in found if user_id in made] == made[::-1]


def test_a_cursor_of_the_list_is_only_good_there_and_for_whom_it_was_made(people: People) -> None:
    root, other = people.user("root", admin=True), people.user("root", admin=True)
    cursor = root.get("/users", limit=1)["next"]
    wrong_field(other.request("GET", "/users", params={"cursor": cursor}), "cursor", "cursor")
    wrong_field(root.request("GET", "/inbox", params={"cursor": cursor}), "cursor", "cursor")
    wrong_field(people.request("GET", "/users", params={"cursor": "x"}), "cursor", "cursor")


def test_a_user_is_changed_by_admins(people: People) -> None:
    ann, bob = people.pair()
    changes = {"handle": f"new.{ann.handle}", "display_name": "Anna", "interests": ["tea"]}
    changed = succeeded(people.request("PATCH", f"/users/@{ann.handle}", changes))
    assert changed.items() >= (changes | {"id": ann.id}).items()
    assert ann.get(f"/users/@{changes['handle']}") == changed
    made = succeeded(people.request("PATCH", f"/users/{ann.id}", {"admin": True}))
    assert made == changed | {"admin": True}
    taken = people.request("PATCH", f"/users/{ann.id}", {"handle": bob.handle})
    problem(taken, 409, "handle_taken")
    problem(people.request("PATCH", "/users/nobody", {}), 404, "user_not_found")
    wrong_field(people.request("PATCH", f"/users/{ann.id}", {"admin": None}), "admin")
    unmade = succeeded(people.request("PATCH", f"/users/{ann.id}", {"admin": False}))
    assert unmade == changed


def test_searching_is_limited_for_each_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("limited")
    with Serving(folder, settings={"prefix_searches": "3"}) as serving:
        people = People(serving.url)
        ann, bob = people.pair()
        replies = [ann.request("GET", "/users?prefix=an") for _ in range(4)]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
        problem(replies[3], 429, "rate_limited")
        assert 0 < int(replies[3].headers["retry-after"]) <= 60
        assert bob.request("GET", "/users?prefix=an").status_code == 200
        people.close()


def test_searching_can_be_switched_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("off")
    with Serving(folder, settings={"prefix_search": "false"}) as serving:
        people = People(serving.url)
        ann = people.user("ann")
        problem(ann.request("GET", "/users?prefix=an"), 404, "not_found")
        assert ann.get(f"/users/@{ann.handle}")["id"] == ann.id
        people.close()
