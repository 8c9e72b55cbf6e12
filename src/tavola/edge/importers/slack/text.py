"""Slack's markup as text that people can read, and what an entry without text says.

`<@U1>` becomes the user's handle, `<#C1|name>` the channel's name, `<url|text>` the text with the
URL behind it; `&lt;`, `&gt;` and `&amp;` become the characters that they stand for.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tavola.core import limits
from tavola.core.errors import Invalid
from tavola.core.ids import check_body
from tavola.edge.importers.naming import clean

_CONTROL = re.compile(r"<([^<>]+)>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Names(msgspec.Struct):
    """How the people and channels of a workspace are called."""

    handles: dict[str, str]  # by user id, and by the name that a user had
    channels: dict[str, str]  # by channel id


def readable(raw: str, names: Names) -> str:
    """A text of Slack's as it is read."""
    parts = _CONTROL.split(raw)  # text, control, text, …
    parts[::2] = map(_unescaped, parts[::2])
    parts[1::2] = [_control(part, names) for part in parts[1::2]]
    return "".join(parts)


def body_of(entry: Mapping[str, Any], names: Names, speaker: str = "") -> tuple[str, int]:
    """What an entry says, after `speaker`; and how many characters it had if it is cut, else 0.

    A body is never blank: files are named, and what has no text at all says so.
    """
    lines = [readable(_text(entry.get("text")), names)]
    if not lines[0].strip():
        lines = [readable(text, names) for text in _attached(entry)]
    lines += [f"[file: {name}]" for name in _files(entry)]
    body = clean("\n".join(line for line in lines if line.strip()))
    if _is_blank(body):
        body = f"({clean(_text(entry.get('subtype'))).replace('_', ' ') or 'no text'})"
    return _cut(speaker + body)


def _is_blank(body: str) -> bool:
    try:
        check_body(body[: limits.BODY_CODE_POINTS_MAX])
    except Invalid:
        return True
    return False


def _cut(body: str) -> tuple[str, int]:
    if len(body) <= limits.BODY_CODE_POINTS_MAX:
        return body, 0
    mark = f"\n[cut: it had {len(body):,} characters]"
    return f"{body[: limits.BODY_CODE_POINTS_MAX - len(mark)]}{mark}", len(body)


def _control(control: str, names: Names) -> str:
    target, _, label = control.partition("|")
    label = _unescaped(label)
    match target[:1]:
        case "@":
            called = label.lstrip("@") or target[1:]
            return (
                f"@{names.handles.get(target[1:]) or names.handles.get(called.lower()) or called}"
            )
        case "#":
            return "#" + (label or names.channels.get(target[1:]) or target[1:])
        case "!":
            return _command(target, label)
        case _:
            return _link(_unescaped(target), label) if _SCHEME.match(target) else f"<{control}>"


def _command(target: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@team>`, `<!date^…|15 November>`."""
    if target.startswith("!date") and label:
        return label
    return "@" + (label.lstrip("@") or target[1:].partition("^")[0])


def _link(url: str, label: str) -> str:
    bare = _SCHEME.sub("", url, count=1).lstrip("/")
    if not label or label.strip("/") in (url.strip("/"), bare.strip("/")):
        return bare if url.startswith(("mailto:", "tel:")) else url
    return f"{label} ({url})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _attached(entry: Mapping[str, Any]) -> list[str]:
    """What bots say beside the text: attachments, else the texts of blocks."""
    found = [
        _text(attached.get("fallback"))
        or _text(attached.get("text"))
        or _text(attached.get("title"))
        for attached in _objects(entry.get("attachments"))
    ]
    if any(text.strip() for text in found):
        return found
    blocks = [block.get("text") for block in _objects(entry.get("blocks"))]
    return [_text(block.get("text")) for block in blocks if isinstance(block, dict)]


def _files(entry: Mapping[str, Any]) -> list[str]:
    files = _objects(entry.get("files")) or _objects([entry.get("file")])
    return [_text(file.get("name")) or _text(file.get("title")) or "no name" for file in files]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
