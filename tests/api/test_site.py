"""Around the endpoints: methods, unknown paths, pages, health, metrics, CORS."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tavola.core.errors import CATALOGUE
from tavola.core.patterns import PATTERNS
from tests.api.endpoints import ENDPOINTS
from tests.api.people import Api, People, bearer, problem, succeeded, token
from tests.api.serving import Serving

APP = "https://app.example"


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v2/me", "/v1/no", "/v1/me/", "//v1/me"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_unknown_paths_of_the_api_are_404(nobody: Api, method: str, path: str) -> None:
    problem(nobody.http.request(method, f"/api{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/messages", "POST"),
        ("OPTIONS", "/messages", "POST"),
        ("TRACE", "/inbox", "GET, HEAD"),
        ("POST", "/me", "GET, HEAD, PATCH"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("DELETE", "/errors", "GET, HEAD"),
    ],
)
def test_other_methods_are_405_and_say_what_is_allowed(
    nobody: Api, method: str, path: str, allowed: str
) -> None:
    reply = nobody.request(method, path)
    problem(reply, 405, "method_not_allowed")
    assert reply.headers["allow"] == allowed


def test_head_answers_like_get_without_a_body(people: People) -> None:
    ann = people.user("ann")
    got, headed = ann.request("GET", "/me"), ann.request("HEAD", "/me")
    assert (headed.status_code, headed.content) == (200, b"")
    for name in ("content-length", "content-type", "cache-control"):
        assert headed.headers[name] == got.headers[name]
    missing = ann.request("HEAD", "/conversations/group:none")
    assert (missing.status_code, missing.content) == (404, b"")


@pytest.mark.parametrize(
    "path",
    ["/", "/messages", "/messages/dm:a:b", "/messages/new/zoe", "/users/zoe", "/groups", "/signin"],
)
def test_a_page_path_answers_with_the_apps_html(nobody: Api, path: str) -> None:
    for method in ("GET", "HEAD"):
        reply = nobody.http.request(method, path)
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/html")
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert "<!doctype html" in nobody.http.get(path).text.lower()


@pytest.mark.parametrize("path", ["/../app.py", "/%2e%2e/%2e%2e/settings.py", "/..%2fapp.py"])
def test_no_file_outside_of_the_ui_is_served(nobody: Api, path: str) -> None:
    reply = nobody.http.get(path)
    assert reply.status_code in {200, 404}
    assert "msgspec" not in reply.text


def test_a_page_is_not_written_to(nobody: Api) -> None:
    assert nobody.http.post("/messages").status_code == 405


def test_health_needs_no_token(nobody: Api) -> None:
    reply = nobody.http.get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


def test_every_reply_has_a_request_id_of_its_own(people: People) -> None:
    ann = people.user("ann")
    ids = {ann.request("GET", "/me").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


def test_nothing_private_is_kept_by_caches(people: People) -> None:
    reply = people.user("ann").request("GET", "/inbox")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_catalogue_of_errors_can_be_read(nobody: Api) -> None:
    catalogue = nobody.get("/errors")
    assert catalogue.keys() == CATALOGUE.keys()
    kind = problem(nobody.request("GET", "/me"), 401, "unauthenticated")["type"]
    path, _, pointer = kind.partition("#/")
    assert nobody.http.get(path).json()[pointer]["status"] == 401


# --- metrics ------------------------------------------------------------------------------------

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? \S+$")


def samples(nobody: Api) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and labels of every sample on the metrics page."""
    reply = nobody.http.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    for line in reply.text.splitlines():
        if not line.startswith("#"):
            found = SAMPLE.match(line)
            assert found, line
            yield found[1], dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))


def test_metrics_have_names_of_ours_and_labels_that_are_declared(
    people: People, nobody: Api
) -> None:
    ann, bob = people.pair()
    ann.send(bob)
    ann.inbox()
    found = list(samples(nobody))
    assert all(name.startswith("tavola_") for name, _ in found)
    names = {name for name, _ in found}
    assert names >= {
        "tavola_requests_total",
        "tavola_request_seconds_bucket",
        "tavola_operations_total",
        "tavola_commit_writes_bucket",
        "tavola_feed_lag_changes",
        "tavola_feed_changes_total",
        "tavola_feed_aside_total",
    }
    patterns = {labels["pattern"] for _, labels in found if "pattern" in labels}
    assert patterns <= PATTERNS.keys()
    assert {"append_message", "read_tail", "inbox_pointers", "put_pointer"} <= patterns
    routes = {labels["route"] for _, labels in found if "route" in labels}
    assert routes <= {endpoint.route for endpoint in ENDPOINTS}


def test_requests_are_counted_by_route_not_by_path(people: People, nobody: Api) -> None:
    ann = people.user("ann")
    for n in range(3):
        ann.request("GET", f"/users/nobody-{n}")
    assert not any("nobody-" in value for _, labels in samples(nobody) for value in labels.values())


# --- browsers of other origins ------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_to_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server whose API an app's pages may call."""
    folder = tmp_path_factory.mktemp("cors")
    with Serving(folder, settings={"cors_origins": f"https://other.example, {APP}"}) as serving:
        yield serving


def _preflight(url: str, origin: str) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    return httpx.options(f"{url}/api/v1/messages", headers=headers)


def test_a_named_origin_may_call_with_a_token(open_to_app: Serving) -> None:
    reply = _preflight(open_to_app.url, APP)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == APP
    people = People(open_to_app.url)
    ann = people.user("ann")
    for path, status in (("/me", 200), ("/users/none", 404)):
        reply = ann.request("GET", path, headers={"origin": APP})
        assert reply.status_code == status
        assert reply.headers["access-control-allow-origin"] == APP
        assert "access-control-allow-credentials" not in reply.headers, "never with the cookie"
    people.close()


def test_other_origins_may_not(open_to_app: Serving, server: Serving) -> None:
    for url, origin in ((open_to_app.url, "https://evil.example"), (server.url, APP)):
        assert "access-control-allow-origin" not in _preflight(url, origin).headers
        reply = httpx.get(f"{url}/api/v1/me", headers={"origin": origin, **bearer(token("x"))})
        assert "access-control-allow-origin" not in reply.headers


def test_a_name_that_changes_is_shown_soon(people: People) -> None:
    """Names live in one place per conversation; the feed copies a change."""
    ann, bob = people.pair()
    ann.send(bob)
    succeeded(ann.request("PATCH", "/me", {"display_name": "Anna"}))
    assert bob.row(ann.dm(bob))["title"] == "Anna"
