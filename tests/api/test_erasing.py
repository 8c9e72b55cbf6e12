"""Erasing a user over HTTP: what they, the others and the next user of the handle see."""

import time
from typing import Any

from tests.api.people import Api, People, Person, bearer, new_id, problem, token
from tests.api.serving import Serving

PASSWORD = "correct horse battery"


def eventually(read: Any, wanted: Any) -> None:
    """A reading becomes as it must be within some seconds."""
    deadline = time.monotonic() + 20
    while (found := read()) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def erase(people: People, person: Person) -> None:
    assert people.request("DELETE", f"/users/{person.id}").status_code == 202


def test_an_erased_user_is_nobody_at_once(people: People) -> None:
    ann = people.user("ann", password=PASSWORD, location="Bern")
    bob = people.user("bob")
    erase(people, ann)
    for name in (ann.id, f"@{ann.handle}"):
        problem(bob.request("GET", f"/users/{name}"), 404, "user_not_found")
    body = {"handle": ann.handle, "password": PASSWORD}
    problem(bob.request("POST", "/session", body), 401, "credentials_wrong")
    problem(ann.request("GET", "/me", headers=bearer(token(ann.id))), 401, "caller_unknown")
    taken = {"id": ann.id, "handle": "somebody.else", "display_name": "x"}
    problem(people.request("POST", "/users", taken), 409, "id_taken")
    heir = people.request("POST", "/users", {"handle": ann.handle, "display_name": "x"})
    assert heir.status_code == 201
    erase(people, ann)
    problem(people.request("DELETE", "/users/nobody"), 404, "user_not_found")


def test_their_sessions_end_at_once(people: People, server: Serving) -> None:
    ann = people.user("ann", password=PASSWORD)
    browser = Api(server.url, {"origin": server.url})
    body = {"handle": ann.handle, "password": PASSWORD}
    assert browser.request("POST", "/session", body).status_code == 200
    assert browser.get("/me")["id"] == ann.id
    erase(people, ann)
    problem(browser.request("GET", "/me"), 401, "token_invalid")
    assert browser.get("/session")["user"] is None
    browser.close()


def test_others_keep_what_was_said_to_a_deleted_user(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    for place in (bob, group):
        ann.send(place, "a secret")
    bob.send(ann, "an answer")
    erase(people, ann)
    place = ann.dm(bob)
    eventually(
        lambda: [one["body"] for one in bob.messages(place)["messages"]], ["an answer", None]
    )
    eventually(lambda: [one["body"] for one in bob.messages(group)["messages"]], [None])
    row = bob.get(f"/conversations/{place}")
    assert (row["title"], row["unread"]) == ("deleted user", 0)
    assert row["user"] == {"id": ann.id, "handle": "", "display_name": "deleted user"}
    assert bob.get(f"/conversations/{group}")["unread"] == 1
    for to in ({"conversation": place}, {"to": ann.id}):
        body = {"id": new_id(), "body": "hi", **to}
        problem(bob.post(body), 403, "conversation_closed")
    body = {"id": new_id(), "body": "hi", "to": ann.id}
    problem(people.user().post(body), 404, "user_not_found")
