"""The web UI's files and page, by path."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tavola.edge.http.pages import Pages

PAGE = "<!doctype html><title>the app</title>"
SCRIPT = "the script"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built UI, and a file beside it that is nobody's business."""
    built = tmp_path / "webui"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "assets" / "index-a1.js").write_text(SCRIPT)
    (tmp_path / "secret").write_text("secret")
    (built / ".hidden").write_text("secret")
    return built


class Browser:
    """Asks for pages."""

    def __init__(self, folder: Path) -> None:
        self._transport = httpx.ASGITransport(Pages(folder))

    def ask(self, method: str, path: str) -> httpx.Response:
        """The reply to a request."""

        async def reply() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://t") as client:
                return await client.request(method, path)

        return asyncio.run(reply())

    def get(self, path: str) -> httpx.Response:
        """The reply to a GET."""
        return self.ask("GET", path)


@pytest.fixture
def browser(folder: Path) -> Browser:
    """Asks for pages of the built UI."""
    return Browser(folder)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/signin",
        "/messages",
        "/messages/dm:a:b",
        "/messages/new/anna",
        "/users/anna.b",
        "/index.html",
        "/assets",
        "/.hidden",
        "/..%2fsecret",
        "/%2e%2e/secret",
        "/%00",
        "/" + "x" * 300,
        "/a%0Ab",
    ],
)
def test_every_page_path_is_the_app(browser: Browser, path: str) -> None:
    reply = browser.get(path)
    assert (reply.status_code, reply.text) == (200, PAGE)
    assert reply.headers["cache-control"] == "no-cache"


def test_a_built_file_is_kept_for_ever(browser: Browser) -> None:
    reply = browser.get("/assets/index-a1.js")
    assert (reply.status_code, reply.text) == (200, SCRIPT)
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/index-b2.js",
        "/assets/..%2findex.html",
        "/assets/..%2f..%2fsecret",
        "/assets/x/y.js",
        "/assets/%00",
    ],
)
def test_a_missing_file_of_the_build_is_404_and_not_the_app(browser: Browser, path: str) -> None:
    reply = browser.get(path)
    assert reply.status_code == 404
    assert "doctype" not in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_a_rebuilt_ui_is_served_without_a_restart(browser: Browser, folder: Path) -> None:
    browser.get("/")
    (folder / "assets" / "index-a1.js").unlink()
    (folder / "assets" / "index-b2.js").write_text("new")
    (folder / "index.html").write_text("new page")
    assert browser.get("/assets/index-a1.js").status_code == 404
    assert browser.get("/assets/index-b2.js").text == "new"
    assert browser.get("/messages").text == "new page"


def test_pages_run_no_inline_script_or_style_and_are_framed_by_nobody(browser: Browser) -> None:
    for path in ("/", "/assets/index-a1.js"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy


def test_a_ui_that_is_not_built_says_so(tmp_path: Path) -> None:
    reply = Browser(tmp_path).get("/")
    assert reply.status_code == 200
    assert "not built" in reply.text


def test_only_reading_is_allowed(browser: Browser) -> None:
    assert browser.ask("POST", "/messages").status_code == 405
    assert browser.ask("HEAD", "/messages").status_code == 200
