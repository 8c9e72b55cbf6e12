"""Slack's markup becomes text that people can read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits
from tavola.core.ids import check_body
from tavola.edge.importers.slack.text import Names, body_of, readable

NAMES = Names({"U1": "ann", "ben": "ben-2"}, {"C1": "general"})


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("<@U1>", "@ann"),
        ("<@U1|old>", "@ann"),
        ("<@U9>", "@U9"),
        ("<@U9|guest>", "@guest"),
        ("<@Ben>", "@ben-2"),
        ("<#C1>", "#general"),
        ("<#C1|renamed>", "#renamed"),
        ("<#C9>", "#C9"),
        ("<#C1|>", "#general"),
        ("<!here>", "@here"),
        ("<!channel|channel>", "@channel"),
        ("<!subteam^S1|@team>", "@team"),
        ("<!subteam^S1>", "@subteam"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<http://a.example>", "http://a.example"),
        ("<http://a.example|a.example>", "http://a.example"),
        ("<http://a.example/|a.example>", "http://a.example/"),
        ("<https://a.example/b|a page>", "a page (https://a.example/b)"),
        ("<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<git://a.example/x>", "git://a.example/x"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("<", "<"),
        ("<>", "<>"),
        ("<|>", "<|>"),
        ("<not a link>", "<not a link>"),
    ],
)
def test_markup_is_readable(raw: str, text: str) -> None:
    assert readable(raw, NAMES) == text


@pytest.mark.parametrize(
    ("entry", "body"),
    [
        ({"text": "x"}, "x"),
        ({}, "(no text)"),
        ({"text": None, "subtype": "channel_archive"}, "(channel archive)"),
        ({"text": 7}, "(no text)"),
        ({"text": "see", "files": [{"name": "a.png"}]}, "see\n[file: a.png]"),
        ({"text": "", "file": {"title": "A"}}, "[file: A]"),
        ({"text": "", "files": [{}, None, 3]}, "[file: no name]"),
        ({"text": "", "files": "rubbish"}, "(no text)"),
        ({"text": "", "attachments": [{"text": "<@U1>"}, {"title": "T"}]}, "@ann\nT"),
        ({"text": "", "blocks": [{"text": {"text": "block"}}, {"text": "x"}]}, "block"),
    ],
)
def test_a_body_is_never_blank(entry: dict[str, Any], body: str) -> None:
    assert body_of(entry, NAMES) == (body, 0)


def test_a_speaker_stands_before_the_text() -> None:
    assert body_of({"text": "hi"}, NAMES, "Bot: ") == ("Bot: hi", 0)


@given(st.text(st.characters(), max_size=200) | st.text("<>@#!|&;:/ab ", max_size=200))
def test_any_text_becomes_a_body(text: str) -> None:
    body, cut_from = body_of({"text": text}, NAMES)
    assert check_body(body) == body
    assert cut_from == 0


@given(st.integers(limits.BODY_CODE_POINTS_MAX + 1, 20_000))
def test_a_long_text_is_cut_to_what_fits(length: int) -> None:
    body, cut_from = body_of({"text": "x" * length}, NAMES)
    assert (len(check_body(body)), cut_from) == (limits.BODY_CODE_POINTS_MAX, length)
