"""A JWKS at a URL: rotated, never fetched in a flood, and its bad days lock out nobody known."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler

import pytest
from joserfc.jwk import ECKey

from tavola.core import limits
from tavola.core.errors import IssuerUnavailable
from tavola.edge.tokens.remote import FetchFailed, RemoteKeys, fetch_url
from tests.tokens.answering import answering, send
from tests.tokens.makers import EC, ED, RSA, jwks


class Issuer:
    """Answers with its keys, or not at all; counts how often it was asked."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.now = 1_000.0
        self.keys = RemoteKeys("https://id.example.com/jwks", self._fetch, lambda: self.now)

    async def _fetch(self, url: str) -> bytes:
        assert url == "https://id.example.com/jwks"
        self.asked += 1
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def knows(self, kid: str) -> bool:
        """Whether a key is found."""
        return await self.keys.find(kid, "ES256") is not None


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story to its end."""

    async def told() -> None:
        await story()

    asyncio.run(told())


def key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


DOWN = FetchFailed("it is down")
OLD, NEW = key("old"), key("new")


def test_keys_are_fetched_once_for_all_who_wait() -> None:
    issuer = Issuer(jwks(OLD))

    async def story() -> None:
        assert issuer.asked == 0
        assert await asyncio.gather(*(issuer.knows("old") for _ in range(50))) == [True] * 50
        assert await issuer.knows("old")
        assert issuer.asked == 1

    run(story)


def test_an_unknown_key_is_looked_for_again_but_not_in_a_flood() -> None:
    issuer = Issuer(jwks(OLD), jwks(OLD, NEW))

    async def story() -> None:
        assert await issuer.knows("old")
        for n in range(1_000):
            assert not await issuer.knows(f"unknown-{n}")
        assert not await issuer.knows("new")
        assert issuer.asked == 1
        issuer.now += limits.JWKS_FLOOR_S
        assert await asyncio.gather(*(issuer.knows("new") for _ in range(50))) == [True] * 50
        assert issuer.asked == 2

    run(story)


def test_an_issuer_that_is_down_locks_out_nobody_whose_key_is_known() -> None:
    issuer = Issuer(jwks(OLD), DOWN, b"rubbish", jwks(), jwks(OLD, NEW))

    async def story() -> None:
        assert await issuer.knows("old")
        for asked in (2, 3, 4):
            issuer.now += limits.JWKS_FLOOR_S
            with pytest.raises(IssuerUnavailable):
                await issuer.knows("new")
            with pytest.raises(IssuerUnavailable):  # at once, without asking
                await issuer.knows("new")
            assert await issuer.knows("old")
            assert issuer.asked == asked
        issuer.now += limits.JWKS_FLOOR_S
        assert await issuer.knows("new")

    run(story)


def test_before_the_first_answer_it_is_the_issuer_that_is_missing() -> None:
    issuer = Issuer(DOWN, jwks(OLD))

    async def story() -> None:
        with pytest.raises(IssuerUnavailable) as raised:
            await issuer.knows("old")
        assert raised.value.retry_after_s == limits.JWKS_FLOOR_S
        issuer.now += limits.JWKS_FLOOR_S
        assert await issuer.knows("old")

    run(story)


def test_a_key_that_was_withdrawn_is_known_no_longer_after_an_hour() -> None:
    issuer = Issuer(jwks(OLD), DOWN, jwks(NEW))

    async def story() -> None:
        assert await issuer.knows("old")
        issuer.now += limits.JWKS_FRESH_S
        assert await issuer.knows("old")  # nobody waits for the fetch, which fails
        await asyncio.sleep(0.01)
        issuer.now += limits.JWKS_FLOOR_S
        assert await issuer.knows("old")
        await asyncio.sleep(0.01)
        assert not await issuer.knows("old")
        assert issuer.asked == 3

    run(story)


def test_who_gives_up_waiting_stops_the_fetch_for_nobody() -> None:
    issuer = Issuer(jwks(OLD))

    async def story() -> None:
        first = asyncio.create_task(issuer.knows("old"))
        second = asyncio.create_task(issuer.knows("old"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second
        assert first.cancelled()

    run(story)


def test_what_a_url_answers_is_fetched() -> None:
    content = jwks(RSA, EC, ED)
    with answering(lambda handler: send(handler, content)) as url:
        assert asyncio.run(fetch_url(url)) == content


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    asked: list[str] = []

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        send(handler, b"", status, Location="/elsewhere")

    with answering(redirect) as url, pytest.raises(FetchFailed, match=str(status)):
        asyncio.run(fetch_url(url))
    assert asked == ["/jwks"]


@pytest.mark.parametrize("status", [204, 404, 500])
def test_another_status_is_a_failure(status: int) -> None:
    with answering(lambda handler: send(handler, b"", status)) as url, pytest.raises(FetchFailed):
        asyncio.run(fetch_url(url))


def test_an_answer_without_end_is_cut_short() -> None:
    sent: list[int] = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while len(sent) < 10_000:
                handler.wfile.write(b" " * 65_536)
                sent.append(65_536)
        except OSError:
            return

    with answering(flood) as url, pytest.raises(FetchFailed, match="more than"):
        asyncio.run(fetch_url(url))
    assert len(sent) < 10_000


def test_an_answer_that_is_packed_is_not_unpacked() -> None:
    with answering(lambda handler: send(handler, b"\x1f\x8b", Content_Encoding="gzip")) as url:
        assert asyncio.run(fetch_url(url)) == b"\x1f\x8b"


def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JWKS_FETCH_S", 0.2)
    enough = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        enough.wait(5)

    with answering(wait) as url:
        with pytest.raises(FetchFailed, match="Timeout"):
            asyncio.run(fetch_url(url))
        enough.set()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/jwks", "http://\x00/", "http://[/"])
def test_a_url_where_nobody_is_is_a_failure(url: str) -> None:
    with pytest.raises(FetchFailed):
        asyncio.run(fetch_url(url))
