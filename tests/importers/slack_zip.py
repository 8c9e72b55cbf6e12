"""A small Slack export, made for a test: what a real one can hold, in few entries."""

import json
import zipfile
from pathlib import Path
from typing import Any

FILES: dict[str, Any] = {
    "users.json": [
        {"id": "U1", "name": "ann", "profile": {"display_name": "Ann A", "real_name": "Ann Alba"}},
        {"id": "U2", "name": "Ben Böhm", "profile": {"display_name": "", "real_name": "Ben"}},
        {"id": "U3", "name": "花子", "real_name": "花子", "deleted": True, "profile": {}},
        {"id": "U4", "name": "x", "profile": {"display_name": " \u0000\n"}},
        {"id": "U5", "name": "ANN", "profile": {"display_name": "Ann the second"}},
        {"id": "U6", "name": "robot", "is_bot": True, "profile": {"real_name": "Robot"}},
    ],
    "channels.json": [
        {
            "id": "C1",
            "name": "general",
            "created": 1514720290,
            "creator": "U1",
            "members": ["U1", "U2", "U3", "U9"],
        },
        {"id": "C2", "name": "empty", "created": 1514720291, "creator": "U2", "members": []},
    ],
    "groups.json": [
        {
            "id": "G1",
            "name": "secret",
            "created": 1514720292,
            "creator": "U2",
            "members": ["U1", "U2"],
        }
    ],
    "mpims.json": [
        {"id": "G2", "name": "mpdm-ann--ben--x-1", "members": ["U1", "U2", "U4"], "creator": "U1"}
    ],
    "dms.json": [
        {"id": "D1", "created": 1514720293, "members": ["U2", "U1"]},
        {"id": "D2", "created": 1514720294, "members": ["U1", "U1"]},
    ],
    "general/2018-01-01.json": [
        {
            "type": "message",
            "subtype": "channel_join",
            "user": "U2",
            "ts": "1514800000.000100",
            "text": "<@U2> has joined the channel",
        },
        {
            "type": "message",
            "user": "U1",
            "ts": "1514800060.123456",
            "text": "Hi <@U2>, see <#C2|empty> and <http://a.example/?x=1&amp;y=2|a page> &lt;3"
            " <!here>",
        },
        {"type": "message", "user": "U1", "ts": "1514800060.123456", "text": "the same moment"},
    ],
    "general/2018-01-02.json": [
        {
            "type": "message",
            "user": "U3",
            "ts": "1514900001.000000",
            "text": "",
            "files": [{"name": "cat.jpg"}, {"title": "notes"}],
        },
        {
            "type": "message",
            "subtype": "bot_message",
            "bot_id": "B1",
            "username": "build bot",
            "ts": "1514900002.000000",
            "text": "",
            "attachments": [{"fallback": "build 7 failed"}],
        },
        {
            "type": "message",
            "user": "U8",
            "user_profile": {"display_name": "Guest", "name": "guest"},
            "ts": "1514900003.000000",
            "text": "hello from elsewhere",
        },
        {"type": "message", "user": "U1", "ts": "1514900004.000000", "text": "é" * 5_000},
        {"type": "message", "user": "U1", "ts": "1514900000.000000", "text": "out of order"},
        {"type": "message", "user": "U1", "ts": "1514900005.000000", "text": " \u200b "},
        {"type": "message", "user": "U1", "ts": "1514900006.000000", "text": "a\u0000b \ud83d"},
        {"type": "message", "user": "U1", "text": "no time"},
        {"type": "message", "user": "U1", "ts": "soon", "text": "no time either"},
        {"type": "message", "user": "U1", "ts": "9999999999.0", "text": "in the future"},
        "rubbish",
    ],
    "secret/2018-01-01.json": [{"user": "U1", "ts": "1514800000.5", "text": "psst"}],
    "mpdm-ann--ben--x-1/2018-01-01.json": [
        {"user": "U4", "ts": "1514800001.5", "text": "all three"}
    ],
    "D1/2018-01-01.json": [
        {"user": "U2", "ts": "1514800002.000000", "text": "hi"},
        {"user": "U1", "ts": "1514800003.000000", "text": "hi yourself"},
        {"user": "U6", "bot_id": "B2", "ts": "1514800004.000000", "text": "reminder: tea"},
    ],
    "D2/2018-01-01.json": [{"user": "U1", "ts": "1514800005.000000", "text": "buy milk"}],
    "lost/2018-01-01.json": [{"user": "U1", "ts": "1514800006.000000", "text": "where am I?"}],
    "integration_logs.json": [{"rubbish": True}],
}

DATED = 10 + 1 + 1 + 3 + 1  # entries with a usable time, of conversations that the export names


def build(path: Path, files: dict[str, Any] | None = None, folder: str = "") -> Path:
    """Write an export; text and bytes stand for themselves, anything else becomes JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in (FILES if files is None else files).items():
            text = content if isinstance(content, str | bytes) else json.dumps(content)
            zipped.writestr(folder + name, text)
    return path
