"""Every endpoint, called by those who must not: nobody, strangers, and bad tokens of all kinds."""

import time
from typing import Any

import httpx
import pytest

from tests.api.endpoints import ENDPOINTS, Endpoint, name_of
from tests.api.people import Api, People, Person, bearer, new_id, problem, sign, token

WRONG_SECRET = "another secret, which is also longer than 32 bytes"

NOBODY_NEEDED = {"GET /session", "POST /session", "DELETE /session"}
ADMINS_ONLY = {
    "PUT /users/{user}/groups",
    "POST /users",
    "PATCH /users/{user}",
    "DELETE /users/{user}",
    "PUT /users/{user}/password",
    "GET /table",
    "GET /table/items",
    "POST /table/query",
}
GROUP_ADMINS_ONLY = {
    "PATCH /groups/{group}",
    "DELETE /groups/{group}",
    "PUT /groups/{group}/users",
    "PUT /groups/{group}/users/{user}",
    "DELETE /groups/{group}/users/{user}",
}
GROUP_VISITORS = {"GET /groups/{group}", "GET /groups/{group}/users"}
THEMSELVES_ONLY = {"GET /users/{user}/groups"}
ANY_USER_OR_ADMIN = {"GET /groups", "POST /groups"}
OR_AN_ADMIN = GROUP_ADMINS_ONLY | GROUP_VISITORS | THEMSELVES_ONLY | ANY_USER_OR_ADMIN
MORE_FOR_ADMINS = {"GET /users"}
MEMBERS_ONLY = {
    "GET /conversations/{conversation}",
    "GET /conversations/{conversation}/messages",
    "PUT /conversations/{conversation}/read",
    "PATCH /conversations/{conversation}/messages/{seq}",
    "DELETE /conversations/{conversation}/messages/{seq}",
    "POST /messages",
}
ANY_USER = {
    "GET /inbox",
    "GET /me",
    "PATCH /me",
    "PUT /me/password",
    "GET /users/{user}",
    "PUT /users/{user}/block",
    "DELETE /users/{user}/block",
}

BODIES: dict[str, dict[str, Any]] = {
    "PATCH /groups/{group}": {"name": "Mine"},
    "PUT /groups/{group}/users": {"users": []},
    "PUT /users/{user}/groups": {"groups": []},
    "POST /users": {"handle": "made.by.stranger", "display_name": "x"},
    "PATCH /users/{user}": {"location": "Bern"},
    "PUT /users/{user}/password": {"password": "correct horse"},
    "POST /groups": {"name": "x"},
    "PUT /conversations/{conversation}/read": {"seq": 1},
    "PATCH /conversations/{conversation}/messages/{seq}": {"body": "x"},
    "POST /messages": {"body": "x"},
    "PATCH /me": {"location": "Bern"},
    "PUT /me/password": {"current": "x", "new": "correct horse"},
    "POST /session": {"handle": "x", "password": "x"},
    "POST /table/query": {"pattern": "get_user", "values": {"user_id": "ann"}},
}


def call(api: Api, endpoint: Endpoint, **values: str) -> httpx.Response:
    """Call an endpoint with a good body and these path parameters."""
    filled = {"conversation": "dm:a:b", "seq": "1", "user": "nobody", "group": "none"} | values
    body = BODIES.get(name_of(endpoint))
    if endpoint.path == "/messages":
        body = {"id": new_id(), "conversation": filled["conversation"], "body": "x"}
    return api.request(endpoint.method, endpoint.path.format(**filled), body)


def now(seconds: float = 0) -> int:
    """Seconds since 1970."""
    return int(time.time() + seconds)


def bad_tokens(user: str) -> dict[str, str]:
    """Tokens that must not be taken, by what is wrong with them."""
    good = {"sub": user, "exp": now(600)}
    whole = sign(good)
    head, payload, mac = whole.split(".")
    return {
        "expired": sign({"sub": user, "exp": now(-1)}),
        "forged": sign(good, secret=WRONG_SECRET),
        "alg: none": sign(good, alg="none"),
        "alg: None": sign(good, alg="None"),
        "alg: HS512": sign(good, alg="HS512"),
        "alg: RS256": sign(good, alg="RS256"),
        "without signature": f"{head}.{payload}.",
        "two parts": f"{head}.{payload}",
        "a signature of something else": f"{head}.{payload[:-2]}AA.{mac}",
        "another audience": sign(good | {"aud": "billing"}),
        "other audiences": sign(good | {"aud": ["billing", "tavola-session"]}),
        "a session": sign(good | {"aud": "tavola-session"}),
        "without exp": sign({"sub": user}),
        "exp as text": sign({"sub": user, "exp": str(now(600))}),
        "exp in milliseconds": sign({"sub": user, "exp": now(600) * 1000}),
        "exp beyond numbers": sign({"sub": user, "exp": 10**400}),
        "exp infinite": sign({"sub": user, "exp": float("inf")}),
        "exp not a number": sign({"sub": user, "exp": float("nan")}),
        "exp true": sign({"sub": user, "exp": True}),
        "not valid yet": sign(good | {"nbf": now(3600)}),
        "without sub": sign({"exp": now(600)}),
        "sub a number": sign(good | {"sub": 7}),
        "sub no id": sign(good | {"sub": "a#b"}),
        "scope a number": sign(good | {"scope": 1}),
        "of nobody": sign(good | {"sub": "nobody-at-all"}),
        "claims no object": sign([user]),
        "rubbish": "rubbish",
        "dots": "...",
        "not base64": "ä.ö.ü",
        "long": "a" * 20_000,
    }


def test_every_endpoint_says_who_may_call_it() -> None:
    known = NOBODY_NEEDED | ADMINS_ONLY | MORE_FOR_ADMINS | OR_AN_ADMIN | MEMBERS_ONLY | ANY_USER
    declared = {name_of(endpoint) for endpoint in ENDPOINTS}
    assert declared == known, "a new endpoint belongs into one of the sets above"
    for endpoint in ENDPOINTS:
        name = name_of(endpoint)
        admins = name in ADMINS_ONLY | MORE_FOR_ADMINS | OR_AN_ADMIN
        wanted = "none" if name in NOBODY_NEEDED else "admin" if admins else "user"
        assert endpoint.auth == wanted, name


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name_of)
def test_every_endpoint_as_a_stranger(people: People, nobody: Api, endpoint: Endpoint) -> None:
    stranger = people.user("stranger")
    name = name_of(endpoint)
    if name in NOBODY_NEEDED:
        return
    problem(call(nobody, endpoint), 401, "unauthenticated")
    if name in ADMINS_ONLY:
        problem(call(stranger, endpoint), 403, "forbidden")
    if name in GROUP_ADMINS_ONLY:
        _may_not_change(people, stranger, endpoint)
    if name in GROUP_VISITORS:
        _sees_no_private_group(people, stranger, endpoint)
    if name in THEMSELVES_ONLY:
        _sees_nothing_of_others(people, stranger, endpoint)
    if name in MORE_FOR_ADMINS:
        problem(call(stranger, endpoint), 422, "invalid")
    if name in MEMBERS_ONLY:
        _sees_no_difference(people, stranger, endpoint)


def _may_not_change(people: People, stranger: Person, endpoint: Endpoint) -> None:
    """A listed group is not theirs to change; a private one is not there."""
    ann, bob = people.pair()
    group = people.group(ann, bob).removeprefix("group:")
    for member in (ann, stranger):
        problem(call(member, endpoint, group=group, user=bob.id), 403, "forbidden")
    _sees_no_private_group(people, stranger, endpoint)
    assert bob.get(f"/conversations/group:{group}")["unread"] == 0


def _sees_no_private_group(people: People, stranger: Person, endpoint: Endpoint) -> None:
    """A private group of others and none at all are the same answer."""
    ann = people.user("ann")
    made = ann.request("POST", "/groups", {"name": "Secret", "visibility": "private"}).json()
    answers = [
        problem(call(stranger, endpoint, group=group, user=ann.id), 404, "not_found")
        for group in (made["id"], "none", "no~id")
    ]
    for body in answers:
        del body["request_id"]
    assert all(body == answers[0] for body in answers)


def _sees_nothing_of_others(people: People, stranger: Person, endpoint: Endpoint) -> None:
    """Somebody else and nobody are the same answer."""
    ann = people.user("ann")
    answers = [
        problem(call(stranger, endpoint, user=user), 404, "not_found")
        for user in (ann.id, f"@{ann.handle}", "nobody", "@nobody")
    ]
    for body in answers:
        del body["request_id"]
    assert all(body == answers[0] for body in answers)


def _sees_no_difference(people: People, stranger: Person, endpoint: Endpoint) -> None:
    """What is not there and what is not yours are the same answer."""
    ann, bob = people.pair()
    ann.send(bob)
    group = people.group(ann)
    ann.send(group)
    answers = [
        call(stranger, endpoint, conversation=conversation)
        for conversation in (ann.dm(bob), group, "group:not-there", "dm:not:there", "rubbish")
    ]
    bodies = [problem(answer, 404, "not_found") for answer in answers]
    for body in bodies:
        del body["request_id"]
    assert all(body == bodies[0] for body in bodies)
    assert ann.messages(ann.dm(bob))["head_seq"] == ann.messages(group)["head_seq"] == 1
    assert ann.messages(group)["messages"][0]["body"] == "hi"


def test_bad_tokens_are_refused_everywhere(people: People, nobody: Api) -> None:
    user = people.user().id
    endpoints = {name_of(endpoint): endpoint for endpoint in ENDPOINTS}
    for wrong, text in bad_tokens(user).items():
        headers = {b"authorization": f"Bearer {text}".encode()}
        with httpx.Client(base_url=nobody.url, headers=headers) as client:
            api = Api(nobody.url)
            api.http = client
            for name in ("GET /me", "POST /messages", "POST /users", "GET /session"):
                reply = call(api, endpoints[name])
                assert reply.status_code == 401, (wrong, name, reply.text)
                assert reply.headers["www-authenticate"] == "Bearer"
                codes = {"expired": "token_expired", "of nobody": "caller_unknown"}
                if name != "POST /users":  # an admin's `sub` need not be a user
                    problem(reply, 401, codes.get(wrong, "token_invalid"))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name_of)
def test_every_endpoint_refuses_a_forged_token(nobody: Api, endpoint: Endpoint) -> None:
    claims = {"sub": "ann", "exp": now(600), "scope": "admin"}
    with httpx.Client(base_url=nobody.url) as client:
        api = Api(nobody.url)
        api.http = client
        client.headers = httpx.Headers(bearer(sign(claims, secret=WRONG_SECRET)))
        problem(call(api, endpoint), 401, "token_invalid")
        client.headers = httpx.Headers(bearer(sign(claims, alg="none")))
        problem(call(api, endpoint), 401, "token_invalid")


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Token x", "", "Bearer a b"])
def test_another_scheme_is_no_token(nobody: Api, header: str) -> None:
    reply = nobody.request("GET", "/me", headers={"authorization": header})
    problem(reply, 401, "token_invalid")


def test_what_a_good_token_may_say(people: People, nobody: Api) -> None:
    user = people.user().id
    for claims in (
        {"aud": "tavola"},
        {"aud": ["billing", "tavola"]},
        {"iat": now(), "nbf": now(30), "iss": "anybody", "name": "x"},
        {"scope": "read write"},
        {"scope": ["read"]},
    ):
        reply = nobody.request("GET", "/me", headers=bearer(token(user, **claims)))
        assert reply.json()["id"] == user, (claims, reply.text)
    reply = nobody.request("GET", "/me", headers={"authorization": f"bEaReR  {token(user)}"})
    assert reply.status_code == 200


def test_a_token_that_expires_while_it_is_known_is_refused(people: People, nobody: Api) -> None:
    user = people.user().id
    headers = bearer(token(user, lifetime_s=2))
    assert nobody.request("GET", "/me", headers=headers).status_code == 200
    deadline = time.monotonic() + 5
    while (reply := nobody.request("GET", "/me", headers=headers)).status_code == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    problem(reply, 401, "token_expired")


def test_the_scope_admin_makes_an_admin_who_need_not_be_a_user(people: People) -> None:
    made = people.user("made")
    assert made.get("/me")["id"] == made.id
    problem(people.request("GET", "/me"), 401, "caller_unknown")


def test_a_user_who_is_an_admin_may_do_what_admins_may(people: People) -> None:
    root = people.user("root", admin=True)
    assert root.get("/me")["admin"] is True
    made = root.request("POST", "/users", {"handle": f"by.{root.handle}", "display_name": "x"})
    assert made.status_code == 201
    ann, bob = people.pair()
    ann.send(bob)
    problem(root.request("GET", f"/conversations/{ann.dm(bob)}/messages"), 404, "not_found")
