"""What people and programs send by mistake or malice: a clear 4xx, never a 500."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests import builders as b
from tests.api.people import People, Person, new_id, problem, succeeded, token, wrong_field
from tests.api.serving import Serving

KILOBYTES_256 = 256 * 1024


@pytest.fixture(scope="module")
def ann(people: People) -> Person:
    """Somebody who sends rubbish."""
    return people.user("ann")


@pytest.fixture(scope="module")
def bob(people: People) -> Person:
    """Somebody to send it to."""
    return people.user("bob")


@pytest.mark.parametrize(
    "body",
    [
        "a" * 4_000,
        "👩‍👩‍👧‍👦" * 571 + "abc",  # 7 code points each
        "😀" * 4_000,  # 16,000 bytes
        "שלום, איך הולך? مرحبا بك",
        "\u202eltr\u202c e\u0301 \ufeff",
        "  leading, trailing \n\n and lines\t",
        "Z\u0335\u0321a\u0336l\u0337g\u0338o",
        '"quotes" \\ </script> \u2028 {"$set": ["x"]} %s \x1b[31m',
        "\x7f\x85\ud7ff\ue000\U0010ffff",
    ],
)
def test_a_body_comes_back_unchanged(ann: Person, bob: Person, body: str) -> None:
    sent = ann.send(bob, body)
    assert sent["body"] == body
    assert bob.messages(ann.dm(bob), limit=1)["messages"][0]["body"] == body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "blank"),
        (" \t\r\n\u3000\u200b\u2060", "blank"),
        ("\0", "blank"),
        ("nul\0inside", "nul"),
        ("a" * 4_001, "too_long"),
        ("😀" * 4_001, "too_long"),
    ],
)
def test_a_body_that_cannot_be_is_refused(ann: Person, bob: Person, body: str, code: str) -> None:
    wrong_field(ann.post({"id": new_id(), "to": bob.id, "body": body}), "body", code)
    seq = ann.send(bob)["seq"]
    place = f"/conversations/{ann.dm(bob)}/messages/{seq}"
    wrong_field(ann.request("PATCH", place, {"body": body}), "body", code)


@pytest.mark.parametrize(
    "message_id",
    ["", "1", "not-a-uuid", "0" * 36, f"{b.mid(1)}0", f"{{{b.mid(1)}}}", "x" * 9999],
)
def test_a_message_id_is_a_uuid(ann: Person, bob: Person, message_id: str) -> None:
    wrong_field(ann.post({"id": message_id, "to": bob.id, "body": "x"}), "id", "uuid")


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "rubbish": b"\x00\x01\x02 rubbish",
    "text": b"hello",
    "half": b'{"id": "',
    "bad UTF-8": b'{"id": "\xff\xfe"}',
    "overlong UTF-8": b'{"id": "\xc0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"id": NaN}',
    "infinity": b'{"after": -Infinity}',
    "two documents": b"{}{}",
    "a comment": b"{} // x",
    "half a surrogate pair": b'{"id": "\\ud800"}',
    "a raw control character": b'{"id": "\x01"}',
    "deep lists": b"[" * 100_000,
    "deep lists, closed": b"[" * 100_000 + b"]" * 100_000,
    "deep maps": b'{"a":' * 40_000,
    "deep in a known field": b'{"body":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep in an unknown field": b'{"q":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a huge number": b'{"after":' + b"9" * 100_000 + b"}",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "a string": b'"id"',
}
ENDPOINTS_WITH_BODY = [
    ("POST", "/messages"),
    ("PATCH", "/conversations/dm:a:b/messages/1"),
    ("PUT", "/conversations/dm:a:b/read"),
    ("POST", "/session"),
    ("PUT", "/me/password"),
]


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize(("method", "path"), ENDPOINTS_WITH_BODY)
def test_what_is_no_request_is_refused(ann: Person, method: str, path: str, name: str) -> None:
    reply = ann.request(method, path, content=MALFORMED[name])
    assert reply.status_code in {400, 422}, reply.text
    problem(reply, reply.status_code, {400: "malformed_body", 422: "invalid"}[reply.status_code])


BIG = 10**30
WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"extra": 1}, "extra"),
    ({"sender_id": "someone-else"}, "sender_id"),
    ({"body": None}, "body"),
    ({"body": 1}, "body"),
    ({"body": ["x"]}, "body"),
    ({"body": {"$set": ["x"]}}, "body"),
    ({"id": 7}, "id"),
    ({"id": None}, "id"),
    ({"to": 1}, "to"),
    ({"to": ""}, "to"),
    ({"to": "@"}, "to"),
    ({"to": "a#b"}, "to"),
    ({"to": "a" * 65}, "to"),
    ({"to": "@" + "a" * 33}, "to"),
    ({"to": "naïve"}, "to"),
    ({"after": -1}, "after"),
    ({"after": 1.5}, "after"),
    ({"after": "1"}, "after"),
    ({"after": True}, "after"),
    ({"after": BIG}, "after"),
    ({"after": 1e300}, "after"),
    ({"after": 10**12}, "after"),
    ({"after": 999_999_999_999}, "after"),
]


@pytest.mark.parametrize(("fields", "field"), WRONG_FIELDS)
def test_a_wrong_field_is_named(
    ann: Person, bob: Person, fields: dict[str, Any], field: str
) -> None:
    good = {"id": new_id(), "to": bob.id, "body": "x"}
    wrong_field(ann.post(good | fields), field)


@pytest.mark.parametrize("field", ["id", "body"])
def test_a_missing_field_is_named(ann: Person, bob: Person, field: str) -> None:
    good = {"id": new_id(), "to": bob.id, "body": "x"}
    del good[field]
    wrong_field(ann.post(good), field, "required")


def test_of_a_repeated_name_the_last_one_counts(ann: Person, bob: Person) -> None:
    text = json.dumps({"id": new_id(), "to": bob.id, "body": "first"})[:-1] + ', "body": "last"}'
    assert succeeded(ann.request("POST", "/messages", content=text))["body"] == "last"


CONVERSATIONS = [
    "",
    "dm",
    "dm:",
    "dm::",
    "dm:a",
    "dm:a:b:c",
    "dm:b:a",
    "dm:a:a",
    "dm:a#b:c",
    "dm:a/b:c",
    "DM:a:b",
    "group:",
    "group:a#b",
    "group:a:b",
    "group:a b",
    "dm#a#b",
    "dm:a:b\n",
    "\0",
    "é",
    "x" * 3000,
    "dm:../../etc:passwd",
    "dm:%2e%2e:x",
]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_what_is_no_conversation_is_not_there(ann: Person, conversation: str) -> None:
    problem(ann.post({"id": new_id(), "conversation": conversation, "body": "x"}), 404, "not_found")
    for rest in ("", "/messages"):
        path = f"/conversations/{quote(conversation, safe='')}{rest}"
        problem(ann.request("GET", path), 404, "not_found")


@pytest.mark.parametrize("text", ["a%23b", "a%2Fb", "%2e%2e", "%ff%fe", "%00", "a%20b", "%", "é"])
@pytest.mark.parametrize("form", ["/users/{}", "/users/@{}"])
def test_an_odd_id_in_a_path_is_a_clear_error(ann: Person, form: str, text: str) -> None:
    reply = ann.request("GET", form.format(text))
    code = reply.json()["code"]
    problem(reply, {"not_found": 404, "user_not_found": 404, "invalid": 422}[code], code)


@pytest.mark.parametrize(
    "seq", ["0", "-1", "abc", "1.0", "1e3", "٣", "9" * 12, "9" * 13, "9" * 400]
)
def test_an_odd_number_in_a_path_is_a_clear_error(ann: Person, bob: Person, seq: str) -> None:
    ann.send(bob)
    path = f"/conversations/{ann.dm(bob)}/messages/{seq}"
    for reply in (ann.request("PATCH", path, {"body": "x"}), ann.request("DELETE", path)):
        assert reply.status_code in {404, 422}, reply.text
        problem(reply, reply.status_code, {404: "not_found", 422: "invalid"}[reply.status_code])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *((f"{name}=-1", name) for name in ("limit", "before", "after", "around")),
        *((f"{name}=abc", name) for name in ("limit", "before", "after", "around", "year")),
        *((f"{name}=", name) for name in ("limit", "before", "at", "from", "to", "year")),
        ("limit=0", "limit"),
        ("limit=1.5", "limit"),
        ("before=1e400", "before"),
        (f"before={BIG}", "before"),
        ("year=0", "year"),
        ("year=10000", "year"),
        ("at=yesterday", "at"),
        ("at=2026-11-21", "at"),
        ("at=2026-11-21T08:15:00", "at"),
        ("at=2026-13-01T00:00:00Z", "at"),
        ("from=2026-02-30T00:00:00Z", "from"),
        ("to=2026-11-21T24:00:00Z", "to"),
        ("to=0001-01-01T00:00:00%2B23:59", "to"),
        ("from=9999-12-31T23:59:59.9999999Z", "from"),
        ("from=1%00", "from"),
        ("limit=1&limit=2", "limit"),
        ("nonsense=1", "nonsense"),
        ("from_=2026-11-21T08:15:00Z", "from_"),
        ("include=everything", "include"),
        ("before=1&after=1", "after"),
        ("around=1&at=2026-11-21T08:15:00Z", "at"),
        ("year=2026&from=2026-11-21T08:15:00Z", "year"),
        ("after=1&year=2026", "after"),
        ("limit=%ff", "query"),
        ("&".join(f"a{n}=1" for n in range(99)), "query"),
    ],
)
def test_a_wrong_query_is_named(ann: Person, bob: Person, query: str, field: str) -> None:
    ann.send(bob)
    wrong_field(ann.request("GET", f"/conversations/{ann.dm(bob)}/messages?{query}"), field)


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=abc", "cursor=", "year=1", "x=1"])
def test_a_wrong_query_of_the_inbox_is_named(ann: Person, query: str) -> None:
    wrong_field(ann.request("GET", f"/inbox?{query}"), query.partition("=")[0])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_where_none_belongs_is_refused(ann: Person, bob: Person, method: str) -> None:
    path = "/me?x=1" if method == "GET" else "/messages?x=1"
    body = {"id": new_id(), "to": bob.id, "body": "x"} if method == "POST" else None
    wrong_field(ann.request(method, path, body), "x", "unknown")


def test_a_larger_limit_is_cut(ann: Person, bob: Person) -> None:
    for limit in (200, 201, 10**6, 10**18, 10**30):
        reply = ann.request("GET", f"/conversations/{ann.dm(bob)}/messages?limit={limit}")
        assert reply.status_code == 200, reply.text


def test_a_request_over_256_kb_is_too_large(ann: Person, bob: Person) -> None:
    text = json.dumps({"id": new_id(), "to": bob.id, "body": "x"})
    fits = text.ljust(KILOBYTES_256)
    assert ann.request("POST", "/messages", content=fits).status_code == 201
    problem(ann.request("POST", "/messages", content=fits + " "), 413, "too_large")
    assert ann.get("/me")["id"] == ann.id


def test_so_it_is_without_a_length(ann: Person) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            yield b" " * 65_536

    problem(ann.request("POST", "/messages", content=chunks()), 413, "too_large")
    assert ann.get("/me")["id"] == ann.id


def test_an_endless_request_is_cut_off(server: Serving, ann: Person) -> None:
    head = (
        "POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {token(ann.id)}\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with _connect(server) as connection:
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < 1_000:
                connection.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert sent < 1_000


SIGN_IN = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n"
RAW = [
    b"GET /api/v1/me\r\n\r\n",
    b"GARBAGE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /api/v1/users/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/v1/inbox?cursor=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: \xff\xfe\r\n\r\n",
    b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: tavola_session=\xff\xfe\r\n\r\n",
    SIGN_IN + b"Content-Length: -5\r\n\r\n",
    SIGN_IN + b"Content-Length: 99999999999999999999\r\n\r\n",
    SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    SIGN_IN + b"Origin: http://[::1\r\nContent-Length: 2\r\n\r\n{}",
    SIGN_IN + b"Origin: null\r\nContent-Length: 2\r\n\r\n{}",
]


@pytest.mark.parametrize("request_bytes", RAW)
def test_raw_rubbish_never_reaches_a_500(server: Serving, request_bytes: bytes) -> None:
    with _connect(server) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert not answer or answer.startswith(b"HTTP/1.1 4"), answer
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def _connect(server: Serving) -> socket.socket:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)
