"""A server whose host app signs with a key of its own, from a file or a URL."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.people import bearer, problem, token
from tests.api.serving import Serving, serve_to_the_end
from tests.tokens.makers import EC, ED, RSA, forged, signed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("host-keys")
    (folder / "key.pem").write_bytes(ED.as_pem(private=False))
    with Serving(folder, settings={"token_keys": "key.pem"}) as serving:
        yield serving


def ask(server: Serving, text: str, method: str = "GET", path: str = "/me") -> httpx.Response:
    body = {"handle": "ann", "id": "ann", "display_name": "Ann"} if method == "POST" else None
    url = f"{server.url}/api/v1{path}"
    return httpx.request(method, url, headers=bearer(text), json=body, timeout=20)


def test_a_host_app_signs_with_a_key_of_its_own(server: Serving) -> None:
    made = ask(server, signed(ED, {"sub": "app", "scope": "admin"}), "POST", "/users")
    assert made.status_code == 201
    assert ask(server, signed(ED, {"sub": "ann"})).json()["id"] == "ann"
    assert ask(server, token("ann")).json()["id"] == "ann"


def test_another_s_signature_is_refused(server: Serving) -> None:
    pem = ED.as_pem(private=False)
    for text in (
        signed(EC, {"sub": "ann"}),
        signed(RSA, {"sub": "ann"}),
        forged(pem, {"sub": "ann"}, "HS256", "ed"),
        signed(ED, {"sub": "ann"}, kid="ed")[:-4],
    ):
        problem(ask(server, text), 401, "token_invalid")
    problem(ask(server, signed(ED, {"sub": "nobody"})), 401, "caller_unknown")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "key.pem"),
        (b"rubbish", "it is not a JWKS"),
        (ED.as_pem(private=True), "private"),
        (b'{"keys": []}', "no key"),
    ],
)
def test_a_file_without_keys_is_told_at_the_start(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    code, errors = serve_to_the_end(tmp_path, "serve", "--port", "0", token_keys="key.pem")
    assert code == 2
    assert "token_keys" in errors
    assert told in errors


@pytest.mark.parametrize(
    "url", ["http://id.example.com/jwks", "http://127.0.0.1.evil.example/", "https://a@b/"]
)
def test_keys_come_over_https_or_loopback(tmp_path: Path, url: str) -> None:
    code, errors = serve_to_the_end(tmp_path, "serve", "--port", "0", token_keys=url)
    assert code == 2
    assert "token_keys" in errors


def test_an_issuer_that_is_down_is_told_and_others_are_let_in(tmp_path: Path) -> None:
    with Serving(tmp_path, settings={"token_keys": "http://127.0.0.1:1/jwks"}) as server:
        answer = ask(server, signed(ED, {"sub": "ann"}))
        assert problem(answer, 503, "issuer_unavailable")["retryable"]
        assert answer.headers["retry-after"] == "10"
        problem(ask(server, token("ann")), 401, "caller_unknown")
        assert "cannot be fetched" in server.errors
