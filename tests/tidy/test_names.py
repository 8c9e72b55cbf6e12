"""No file names the machine or the package registry of the person who wrote it.

Such a name works for one person only, and a lock file that holds it sends everybody to that place.
One letter of each pattern stands in brackets, so that this file does not match itself.
"""

import re
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, files

REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|yarn[p]kg\.com|npm\.p[k]g\."
    r"|--(?:extra-)?inde[x]-url|--find-link[s]|--trusted-hos[t]|\"resolve[d]\": \"http"
)
# Not a path in a URL: nothing that could be a host or a folder stands before it.
MACHINE_PATH = re.compile(
    r"(?<![\w.-])/(?:wor[k]|hom[e]/[\w.-]+|User[s]/[\w.-]+|roo[t])/|\b[A-Z]:\\User[s]\\"
)


def names_found(text: str) -> list[str]:
    """Return every registry and every machine's path that a text names."""
    return [match.group() for rule in (REGISTRY, MACHINE_PATH) for match in rule.finditer(text)]


@pytest.mark.parametrize("path", files(), ids=str)
def test_a_file_names_no_registry_and_no_machine(path: Path) -> None:
    found = names_found((ROOT / path).read_text(encoding="utf-8", errors="replace"))
    assert not found, f"{path} names {', '.join(sorted(set(found)))}"


@pytest.mark.parametrize(
    "text",
    [
        "https://{}/simple".format(".".join(("pypi", "org"))),
        '"resolved"' + ': "https://example.com/a.tgz"',
        "--index" + "-url https://example.com",
        "cd /" + "work/main",
        "sqlite:////" + "home/anna/tavola.db",
        "file:///" + "root/x",
    ],
)
def test_such_names_are_found(text: str) -> None:
    assert names_found(text)


@pytest.mark.parametrize(
    "text", ["https://example.com/work/", "src/work/a.py", "the root/leaf", "/home/ is a page"]
)
def test_other_names_are_let_through(text: str) -> None:
    assert names_found(text) == []
