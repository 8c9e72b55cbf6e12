"""The built-in sign-in: a cookie, its limits and its end."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.people import Api, People, Person, bearer, new_id, problem, sign, succeeded
from tests.api.serving import Serving

PASSWORD = "correct horse battery"


@pytest.fixture
def ann(people: People) -> Person:
    """Somebody with a password."""
    return people.user("ann", password=PASSWORD)


@pytest.fixture
def browser(server: Serving) -> Iterator[Api]:
    """A browser: it keeps cookies and names its origin."""
    api = Api(server.url, {"origin": server.url})
    yield api
    api.close()


@pytest.fixture
def other_browser(server: Serving) -> Iterator[Api]:
    """Another device."""
    api = Api(server.url, {"origin": server.url})
    yield api
    api.close()


def sign_in(api: Api, handle: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in."""
    return api.request("POST", "/session", {"handle": handle, "password": password})


def cookie_of(response: httpx.Response) -> "Morsel[str]":
    """The session cookie as it was set."""
    return SimpleCookie(response.headers["set-cookie"])["tavola_session"]


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(ann: Person, browser: Api) -> None:
    reply = sign_in(browser, ann.handle)
    assert reply.status_code == 200
    assert reply.json()["user"]["id"] == ann.id
    cookie = cookie_of(reply)
    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", "/", "")
    assert int(cookie["max-age"]) == 30 * 86_400
    assert cookie.value not in reply.text
    assert browser.get("/me")["id"] == ann.id
    assert browser.get("/session")["user"]["id"] == ann.id


def test_behind_tls_the_cookie_is_secure(ann: Person, browser: Api) -> None:
    browser.http.headers["x-forwarded-proto"] = "https"
    assert cookie_of(sign_in(browser, ann.handle))["secure"] is True


def test_nobody_is_signed_in_at_first(browser: Api) -> None:
    assert browser.get("/session") == {"user": None, "demo": None}


def test_a_handle_may_be_written_in_any_case_and_with_an_at(ann: Person, browser: Api) -> None:
    for handle in (f"@{ann.handle}", ann.handle.upper()):
        assert sign_in(browser, handle).status_code == 200


@pytest.mark.parametrize("handle", ["", "@", "nobody", "a#b", "é", "\0", "x" * 5_000, "USERS"])
def test_unknown_people_cannot_sign_in(browser: Api, handle: str) -> None:
    problem(sign_in(browser, handle), 401, "credentials_wrong")


def test_wrong_passwords_are_refused(ann: Person, people: People, browser: Api) -> None:
    without_password = people.user()
    for handle, password in (
        (ann.handle, PASSWORD + " "),
        (ann.handle, ""),
        (ann.handle, "\0"),
        (ann.handle, "x" * 100_000),
        (without_password.handle, ""),
        (without_password.handle, PASSWORD),
    ):
        reply = sign_in(browser, handle, password)
        problem(reply, 401, "credentials_wrong")
        assert "set-cookie" not in reply.headers


def test_an_unknown_handle_takes_as_long_as_a_wrong_password(ann: Person, browser: Api) -> None:
    def seconds(handle: str) -> float:
        started = time.perf_counter()
        sign_in(browser, handle, "wrong password")
        return time.perf_counter() - started

    known = min(seconds(ann.handle) for _ in range(3))
    unknown = min(seconds("nobody.at.all") for _ in range(3))
    assert unknown > known / 3, (known, unknown)


def test_a_session_writes_from_its_own_site_only(ann: Person, people: People, browser: Api) -> None:
    sign_in(browser, ann.handle)
    message = {"to": people.user().id, "body": "x"}
    for origin in ("https://evil.example", "null", "http://localhost", "http://[::1", "//", ""):
        headers = {"origin": origin}
        reply = browser.request("POST", "/messages", message | {"id": new_id()}, headers=headers)
        problem(reply, 403, "origin_refused")
        reply = browser.request("DELETE", "/session", headers=headers)
        problem(reply, 403, "origin_refused")
        reading = browser.request("GET", "/me", headers=headers)
        assert reading.status_code == 200
    assert browser.request("POST", "/messages", message | {"id": new_id()}).status_code == 201


def test_another_site_cannot_sign_somebody_in(ann: Person, browser: Api) -> None:
    browser.http.headers["origin"] = "https://evil.example"
    problem(sign_in(browser, ann.handle), 403, "origin_refused")


def test_a_session_is_no_token_and_a_token_no_session(ann: Person, browser: Api) -> None:
    session = cookie_of(sign_in(browser, ann.handle)).value
    browser.http.cookies.clear()
    reply = browser.request("GET", "/me", headers=bearer(session))
    problem(reply, 401, "token_invalid")
    host_token = sign({"sub": ann.id, "exp": int(time.time() + 60)})
    reply = browser.request("GET", "/me", headers={"cookie": f"tavola_session={host_token}"})
    problem(reply, 401, "token_invalid")


def test_an_admin_scope_in_a_session_counts_for_nothing(ann: Person, browser: Api) -> None:
    sign_in(browser, ann.handle)
    body = {"handle": "by.a.session", "display_name": "x"}
    problem(browser.request("POST", "/users", body), 403, "forbidden")


def test_signing_out_ends_it(ann: Person, browser: Api) -> None:
    sign_in(browser, ann.handle)
    reply = browser.request("DELETE", "/session")
    assert (reply.status_code, reply.content) == (204, b"")
    assert cookie_of(reply)["max-age"] == "0"
    problem(browser.request("GET", "/me"), 401, "unauthenticated")
    assert browser.request("DELETE", "/session").status_code == 204


def test_a_new_password_ends_all_sessions_but_this_one(
    ann: Person, browser: Api, other_browser: Api
) -> None:
    sign_in(browser, ann.handle)
    sign_in(other_browser, ann.handle)
    problem(
        browser.request("PUT", "/me/password", {"current": "wrong", "new": "another horse"}),
        401,
        "credentials_wrong",
    )
    body = {"current": PASSWORD, "new": "another horse"}
    assert browser.request("PUT", "/me/password", body).status_code == 204
    assert browser.get("/me")["id"] == ann.id
    problem(other_browser.request("GET", "/me"), 401, "token_invalid")
    problem(sign_in(other_browser, ann.handle), 401, "credentials_wrong")
    assert sign_in(other_browser, ann.handle, "another horse").status_code == 200


def test_who_holds_an_ended_session_can_sign_in_again(
    ann: Person, people: People, browser: Api
) -> None:
    sign_in(browser, ann.handle)
    admin_sets = people.request("PUT", f"/users/{ann.id}/password", {"password": "given anew"})
    assert admin_sets.status_code == 204
    problem(browser.request("GET", "/me"), 401, "token_invalid")
    assert browser.get("/session")["user"] is None
    assert sign_in(browser, ann.handle, "given anew").status_code == 200
    assert browser.get("/me")["id"] == ann.id


@pytest.mark.parametrize("cookie", ["rubbish", "a.b.c", '"', "x" * 4_000])
def test_a_bad_cookie_is_nobody(ann: Person, browser: Api, cookie: str) -> None:
    headers = {"cookie": f"other=1; tavola_session={cookie}"}
    assert browser.request("GET", "/session", headers=headers).json()["user"] is None
    assert browser.request("DELETE", "/session", headers=headers).status_code == 204
    problem(browser.request("GET", "/me", headers=headers), 401, "token_invalid")


@pytest.mark.parametrize(
    ("password", "code"), [("short", "too_short"), ("x" * 257, "too_long"), (" " * 9, "blank")]
)
def test_a_password_has_a_length(people: People, password: str, code: str) -> None:
    body = {"handle": "never.made", "display_name": "x", "password": password}
    error = problem(people.request("POST", "/users", body), 422, "invalid")["errors"][0]
    assert (error["field"], error["code"]) == ("password", code)
    problem(people.request("GET", "/users/@never.made"), 401, "caller_unknown")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that allows five attempts."""
    folder: Path = tmp_path_factory.mktemp("strict")
    with Serving(folder, settings={"sign_in_attempts": "5"}) as serving:
        yield serving


def test_guessing_is_limited_also_when_all_guesses_come_at_once(strict: Serving) -> None:
    people = People(strict.url)
    people.user("ann", password=PASSWORD)
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda n: _guess(strict, "ann1", f"10.0.0.{n}"), range(16)))
    assert Counter(reply.status_code for reply in replies) == {401: 5, 429: 11}
    for reply in replies:
        if reply.status_code == 429:
            assert problem(reply, 429, "rate_limited")["retryable"] is True
            assert 0 < int(reply.headers["retry-after"]) <= 300
    problem(_guess(strict, "@ANN1", "10.0.1.1", PASSWORD), 429, "rate_limited")
    people.close()


def test_one_address_cannot_try_many_handles(strict: Serving) -> None:
    statuses = [_guess(strict, f"handle{n}", "10.9.9.9").status_code for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert _guess(strict, "handle0", "10.9.9.8").status_code == 401


def _guess(serving: Serving, handle: str, address: str, password: str = "x") -> httpx.Response:
    body: dict[str, Any] = {"handle": handle, "password": password}
    headers = {"x-forwarded-for": address}
    return httpx.post(f"{serving.url}/api/v1/session", json=body, headers=headers, timeout=20)


def test_guessing_the_current_password_is_limited(strict: Serving) -> None:
    people = People(strict.url)
    bob = people.user("bob", password=PASSWORD)
    body = {"current": "wrong", "new": "another horse"}
    statuses = [bob.request("PUT", "/me/password", body).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    people.close()


def test_a_token_is_enough_to_change_ones_password(ann: Person, browser: Api) -> None:
    body = {"current": PASSWORD, "new": "another horse"}
    reply = ann.request("PUT", "/me/password", body)
    assert (reply.status_code, "set-cookie" in reply.headers) == (204, False)
    assert succeeded(sign_in(browser, ann.handle, "another horse"))["user"]["id"] == ann.id
