"""Files and functions stay small enough to be read at one go."""

import ast
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, files_under

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70


def file_is_too_long(source: str) -> bool:
    """Return whether a file has more lines than a reader should have to hold."""
    return len(source.splitlines()) > FILE_LINES_MAX


def long_functions(source: str) -> list[str]:
    """Return "name (lines)" of each function above the limit; what is nested in it counts."""
    sizes = [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [f"{name} ({lines})" for name, lines in sizes if lines > FUNCTION_LINES_MAX]


@pytest.mark.parametrize(
    "path",
    files_under("", ".py")
    + files_under("web/src", ".ts", ".tsx")
    + files_under("tests/e2e", ".ts"),
    ids=str,
)
def test_a_file_is_not_too_long(path: Path) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert not file_is_too_long(source), f"{path} has over {FILE_LINES_MAX} lines"


@pytest.mark.parametrize("path", files_under("", ".py"), ids=str)
def test_its_functions_are_not_too_long(path: Path) -> None:
    long = long_functions((ROOT / path).read_text(encoding="utf-8"))
    assert not long, f"{path} has functions over {FUNCTION_LINES_MAX} lines: {', '.join(long)}"


def test_what_is_too_long_is_found() -> None:
    assert not file_is_too_long("x\n" * FILE_LINES_MAX)
    assert file_is_too_long("x\n" * (FILE_LINES_MAX + 1))
    assert long_functions("def f():\n" + "    x\n" * (FUNCTION_LINES_MAX - 1)) == []
    assert long_functions("async def f():\n" + "    x\n" * FUNCTION_LINES_MAX) == ["f (71)"]
