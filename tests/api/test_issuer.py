"""A server that takes the tokens of an OpenID Connect issuer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from tests.api.people import bearer, problem, token
from tests.api.serving import Serving, serve_to_the_end
from tests.tokens.answering import answering, send
from tests.tokens.makers import EC, ED, RSA, jwks, signed

ISSUER = "https://id.example.com"


class Published:
    """What the issuer's URL answers."""

    content = jwks(RSA, EC)
    asked = 0


@pytest.fixture(scope="module")
def published() -> Published:
    return Published()


@pytest.fixture(scope="module")
def server(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    def answer(handler: object) -> None:
        published.asked += 1
        send(handler, published.content)  # type: ignore[arg-type] # the server's own class

    with answering(answer) as url:
        settings = {"issuer": ISSUER, "issuer_audiences": "chat,other", "issuer_jwks_url": url}
        folder = tmp_path_factory.mktemp("issuer")
        with Serving(folder, settings=settings | {"log_format": "json"}) as serving:
            yield serving
            assert '"level": "error"' not in serving.errors


def access(subject: str, **claims: object) -> str:
    return signed(RSA, {"iss": ISSUER, "sub": subject, "aud": "chat"} | claims)


def me(server: Serving, text: str) -> httpx.Response:
    return httpx.get(f"{server.url}/api/v1/me", headers=bearer(text), timeout=20)


def test_the_first_sign_in_makes_the_user(server: Serving) -> None:
    claims = {"preferred_username": "mira", "name": "Mira Castellanos"}
    first = me(server, access("auth0|7", **claims)).json()
    assert (first["handle"], first["display_name"]) == ("mira", "Mira Castellanos")
    again = me(server, access("auth0|7", preferred_username="boss")).json()
    assert again == first
    other = me(server, access("auth0|8", **claims)).json()
    assert (other["handle"], other["id"] == first["id"]) == ("mira-2", False)


def test_first_sign_ins_at_once_make_one_user(server: Serving) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: me(server, access("many", x=n)), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_who_signs_in_so_can_write_but_is_no_admin(server: Serving) -> None:
    ann, bob = (me(server, access(name, name=name)).json() for name in ("ann", "bob"))
    text = access("ann", scope="admin")
    body = {"id": "00000000-0000-4000-8000-000000000001", "to": bob["id"], "body": "hi"}
    url = f"{server.url}/api/v1"
    assert httpx.post(f"{url}/messages", headers=bearer(text), json=body).status_code == 201
    made = httpx.post(
        f"{url}/users", headers=bearer(text), json={"handle": "x.y", "display_name": "x"}
    )
    problem(made, 403, "forbidden")
    assert me(server, token(ann["id"])).json() == ann


@pytest.mark.parametrize(
    "wrong",
    [
        signed(RSA, {"iss": ISSUER, "sub": "x", "aud": "billing"}),
        signed(RSA, {"iss": ISSUER, "sub": "x"}),
        signed(RSA, {"iss": ISSUER, "sub": "x", "aud": "chat", "token_use": "id"}),
        signed(RSA, {"iss": "https://evil.example", "sub": "x", "aud": "chat"}),
        signed(ED, {"iss": ISSUER, "sub": "x", "aud": "chat"}),
        signed(ED, {"iss": ISSUER, "sub": "x", "aud": "chat"}, kid="rsa"),
        signed(RSA, {"iss": ISSUER, "sub": "", "aud": "chat"}),
        signed(RSA, {"iss": ISSUER, "sub": "x", "aud": "chat"}, "RS512"),
        token("x", iss=ISSUER, aud="chat"),
        access("x")[:-3],
    ],
)
def test_what_is_not_for_us_is_refused(server: Serving, wrong: str) -> None:
    problem(me(server, wrong), 401, "token_invalid")


def test_an_expired_token_is_told_so(server: Serving) -> None:
    problem(me(server, access("x", exp=1)), 401, "token_expired")


def test_a_flood_of_unknown_keys_is_no_flood_of_requests(
    server: Serving, published: Published
) -> None:
    assert me(server, access("auth0|7")).status_code == 200
    before = published.asked
    stranger = ECKey.generate_key("P-256")
    for n in range(100):
        text = signed(stranger, {"iss": ISSUER, "sub": "x", "aud": "chat"}, "ES256", kid=str(n))
        problem(me(server, text), 401, "token_invalid")
    assert published.asked <= before + 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"issuer": ISSUER}, "issuer_audiences"),
        ({"issuer": ISSUER, "issuer_audiences": "chat,"}, "issuer_audiences"),
        ({"issuer": "http://id.example.com", "issuer_audiences": "chat"}, "issuer"),
        ({"issuer": ISSUER + "?x=1", "issuer_audiences": "chat"}, "issuer"),
        ({"issuer": "https://" + "x" * 200, "issuer_audiences": "chat"}, "issuer"),
        (
            {"issuer": ISSUER, "issuer_audiences": "chat", "issuer_jwks_url": "file:///etc"},
            "issuer_jwks_url",
        ),
        (
            {"issuer": ISSUER, "issuer_audiences": "chat", "issuer_jwks_url": "http://x.example"},
            "issuer_jwks_url",
        ),
    ],
)
def test_settings_that_cannot_be_meant_are_told_at_the_start(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    code, errors = serve_to_the_end(tmp_path, "serve", "--port", "0", **settings)
    assert code == 2
    assert told in errors
