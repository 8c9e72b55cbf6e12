"""CONTRIBUTING.md gives one line of reason for each dependency, and for nothing else."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def declared() -> set[str]:
    """Return the names in pyproject.toml and, where there is one, in web/package.json."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines}
    package = json.loads((ROOT / "web/package.json").read_text(encoding="utf-8"))
    return names | {*package.get("dependencies", {}), *package.get("devDependencies", {})}


def explained() -> set[str]:
    """Return the names that the section on dependencies has a line for."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^- (`.*?`): \S", text.partition("## Dependencies")[2], re.MULTILINE)
    return {name for line in lines for name in re.findall(r"`([^`]+)`", line)}


def test_every_dependency_has_its_reason() -> None:
    assert explained() == declared()
