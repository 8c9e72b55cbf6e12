"""Who calls the server: tokens, and people with what they do."""

import base64
import hashlib
import hmac
import itertools
import json
import time
import uuid
from typing import Any

import httpx

from tests.api.serving import SECRET

_numbers = itertools.count(1)


def sign(claims: Any, *, secret: str = SECRET, alg: str = "HS256") -> str:
    """A JWT, made by hand so that the server's own code does not judge itself."""
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": alg, "typ": "JWT"}, claims)]
    mac = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join((*parts, "" if alg == "none" else _base64(mac)))


def token(subject: str, *, lifetime_s: float = 600, **claims: Any) -> str:
    """A host app's token for a user."""
    return sign({"sub": subject, "exp": int(time.time() + lifetime_s), **claims})


def bearer(text: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"authorization": f"Bearer {text}"}


def new_id() -> str:
    """A message id."""
    return str(uuid.uuid4())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Api:
    """A connection to the server as one caller."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, headers=headers, timeout=20)

    def request(self, method: str, path: str, body: Any = None, **kwargs: Any) -> httpx.Response:
        """Call an endpoint; `path` is below `/api/v1`."""
        if body is not None:
            kwargs["json"] = body
        return self.http.request(method, f"/api/v1{path}", **kwargs)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return succeeded(self.request("GET", path, params=query))

    def put(self, path: str, body: Any = None) -> Any:
        """The JSON of a PUT that must succeed."""
        return succeeded(self.request("PUT", path, body))

    def close(self) -> None:
        """Close the connection."""
        self.http.close()


class Person(Api):
    """A user with their token."""

    def __init__(self, url: str, user_id: str, handle: str) -> None:
        super().__init__(url, bearer(token(user_id)))
        self.id = user_id
        self.handle = handle

    def post(self, body: Any) -> httpx.Response:
        """`POST /messages` with this body."""
        return self.request("POST", "/messages", body)

    def send(self, where: "Person | str", text: str = "hi", **fields: Any) -> Any:
        """Send a message to a person or into a conversation; it must succeed."""
        place = {"conversation": where} if isinstance(where, str) else {"to": where.id}
        return succeeded(self.post({"id": new_id(), "body": text, **place, **fields}))

    def inbox(self, **query: Any) -> list[Any]:
        """The rows of a page of the inbox."""
        rows: list[Any] = self.get("/inbox", **query)["conversations"]
        return rows

    def row(self, conversation: str) -> Any:
        """One row of the inbox's first page."""
        return next(row for row in self.inbox() if row["conversation"] == conversation)

    def messages(self, conversation: str, **query: Any) -> Any:
        """A page of a conversation."""
        return self.get(f"/conversations/{conversation}/messages", **query)

    def mark(self, conversation: str, seq: int) -> Any:
        """Mark as read."""
        return self.put(f"/conversations/{conversation}/read", {"seq": seq})

    def dm(self, other: "Person") -> str:
        """The id of the direct conversation with somebody."""
        return "dm:" + ":".join(sorted((self.id, other.id)))


class People(Api):
    """An admin, who makes users and groups with ids that no other test has."""

    def __init__(self, url: str) -> None:
        super().__init__(url, bearer(token("the-host-app", scope="admin")))
        self.made: list[Person] = []

    def user(self, name: str = "user", **fields: Any) -> Person:
        """A new user; their handle begins with their name."""
        number = next(_numbers)
        body = {"id": f"{name}-{number}", "handle": f"{name}{number}", "display_name": name}
        made = succeeded(self.request("POST", "/users", body | fields))
        person = Person(self.url, made["id"], made["handle"])
        self.made.append(person)
        return person

    def pair(self) -> tuple[Person, Person]:
        """Two users; the first one's id is the smaller."""
        return self.user("ann"), self.user("bob")

    def group(self, *members: Person) -> str:
        """A new group with these members: its conversation."""
        group_id = f"group-{next(_numbers)}"
        succeeded(self.request("POST", "/groups", {"id": group_id, "name": "Choir"}))
        for member in members:
            self.put(f"/groups/{group_id}/users/{member.id}")
        return f"group:{group_id}"

    def close(self) -> None:
        """Close everybody's connection."""
        for person in self.made:
            person.close()
        super().close()


def succeeded(response: httpx.Response) -> Any:
    """The JSON of a response that is no error."""
    assert response.is_success, response.text
    return response.json() if response.content else None


def problem(response: httpx.Response, status: int, code: str) -> Any:
    """The problem document of a response, checked for all that every problem promises."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["request_id"] == response.headers["x-request-id"]
    assert {"type", "title", "status", "code", "retryable", "request_id"} <= document.keys()
    assert document["status"] == status
    if status == 422:
        assert document["errors"], document
        assert all(error.keys() == {"field", "code", "message"} for error in document["errors"])
    return document


def wrong_field(response: httpx.Response, field: str, code: str | None = None) -> None:
    """A 422 that names this field."""
    (error,) = problem(response, 422, "invalid")["errors"]
    assert error["field"] == field, error
    if code is not None:
        assert error["code"] == code, error
