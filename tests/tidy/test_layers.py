"""Imports point one way, and nothing in `core` or `flows` reaches for the world.

    core <- flows <- stores, edge <- app

The rule is in ARCHITECTURE.md. Here the source is parsed, not imported, so that an import inside a
function counts as well.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from tests.tidy.tree import ROOT, files_under

PACKAGE = PurePath("src/tavola")

# What a layer may import of Tavola, itself included. What is not named here (app.py and its like)
# is the composition root: it may import everything, and nothing below may import it.
MAY_IMPORT = {
    "core": {"core"},
    "flows": {"core", "flows"},
    "stores": {"core", "flows", "stores"},
    "edge": {"core", "flows", "edge"},
}

# A process begins at the command line or as a Lambda function: these parts of the edge call the
# composition root.
ENTRY_POINTS = {
    ("edge", "cli"),
    *(("edge", "aws", name) for name in ("cognito", "http", "opening", "stream")),
}

# The standard library without clocks, chance, environment, files, network, threads and logging.
PURE_STDLIB = {
    *("__future__", "abc", "contextlib", "dataclasses", "enum", "types", "typing"),
    *("bisect", "collections", "copy", "functools", "heapq", "itertools", "operator"),
    *("base64", "binascii", "hashlib", "hmac", "json", "struct", "urllib.parse", "uuid", "zlib"),
    *("datetime", "decimal", "fractions", "math", "numbers"),
    *("difflib", "re", "string", "textwrap", "unicodedata"),
}
PURE_THIRD_PARTY = {"msgspec"}
IMPURE_NAMES = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    *(f"uuid.{name}" for name in ("getnode", "uuid1", "uuid4", "uuid6", "uuid7", "uuid8")),
    *("breakpoint", "eval", "exec", "__import__", "input", "open", "print"),
}


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (the name bound here, the dotted name it stands for) of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def wrong_layers(tree: ast.AST, where: tuple[str, ...]) -> Iterator[str]:
    """Yield what a module, named by its parts below `tavola`, imports against the direction."""
    allowed = MAY_IMPORT.get(where[0])
    if allowed is None or any(where[: len(entry)] == entry for entry in ENTRY_POINTS):
        return
    for _, name in imports(tree):
        root, _, rest = name.partition(".")
        if root == "tavola" and rest.split(".")[0] not in {*allowed, "__version__"}:
            yield f"{where[0]} imports {name}"


def impurities(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports or names that reads or changes the world."""
    meaning = {}
    for bound, name in imports(tree):
        meaning[bound] = name
        root = name.split(".")[0]
        if root in PURE_THIRD_PARTY or root == "tavola":
            continue
        if not any(name == pure or name.startswith(f"{pure}.") for pure in PURE_STDLIB):
            yield f"imports {name}" + ("" if root in sys.stdlib_module_names else " (third party)")
        elif name in IMPURE_NAMES:
            yield f"imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            if meaning.get(first, first) + dot + rest in IMPURE_NAMES:
                yield f"line {node.lineno} uses {ast.unparse(node)}"


def findings(path: PurePath, source: str) -> list[str]:
    """Return what is wrong with one module of Tavola."""
    where = path.relative_to(PACKAGE).with_suffix("").parts
    tree = ast.parse(source)
    found = list(wrong_layers(tree, where))
    if where[0] in {"core", "flows"}:
        found += impurities(tree)
    return found


@pytest.mark.parametrize("path", files_under("src/tavola", ".py"), ids=str)
def test_a_module_keeps_to_its_layer(path: Path) -> None:
    found = findings(path, (ROOT / path).read_text(encoding="utf-8"))
    assert not found, f"{path}: " + "; ".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "from tavola.flows import send"),
        ("core/a.py", "from tavola import flows"),
        ("core/a.py", "def f():\n    import tavola.app"),
        ("core/a.py", "import time"),
        ("core/a.py", "from os import environ"),
        ("core/a.py", "import urllib.request"),
        ("core/a.py", "import uuid_utils"),
        ("core/a.py", "import datetime\nx = datetime.datetime.now(datetime.UTC)"),
        ("core/a.py", "from datetime import UTC, datetime as dt\nx = dt.now(UTC)"),
        ("core/a.py", "import uuid\nx = uuid.uuid4()"),
        ("core/a.py", "from uuid import uuid4"),
        ("core/a.py", "print('x')"),
        ("flows/a.py", "import random"),
        ("flows/a.py", "import logging"),
        ("flows/a.py", "from tavola.stores.memory import MemoryStore"),
        ("stores/a.py", "from tavola.edge import http"),
        ("stores/a.py", "from tavola.app import compose"),
        ("edge/a.py", "from tavola.stores import sqlite"),
        ("edge/http/a.py", "from tavola.app import compose"),
        ("edge/aws/secrets.py", "from tavola.app import compose"),
    ],
)
def test_what_is_against_the_layers_is_found(path: str, source: str) -> None:
    assert findings(PACKAGE / path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "import msgspec\nfrom tavola.core.errors import NotFound"),
        ("core/a.py", "from uuid import UUID, uuid5\nx = uuid5(UUID(int=0), 'a')"),
        ("core/a.py", "from datetime import datetime\nx = datetime.fromisoformat('2026-11-21')"),
        ("core/a.py", "from urllib.parse import quote\nfrom collections.abc import Iterator"),
        ("flows/a.py", "from tavola.core import table"),
        ("stores/sqlite.py", "import sqlite3, time\nfrom tavola.core import table"),
        ("edge/cli.py", "from tavola.app import compose"),
        ("edge/cli/serve.py", "from tavola import app"),
        ("edge/aws/stream.py", "from tavola import app"),
        ("app.py", "from tavola.edge import http\nfrom tavola.stores import sqlite"),
    ],
)
def test_what_follows_the_layers_is_let_through(path: str, source: str) -> None:
    assert findings(PACKAGE / path, source) == []
