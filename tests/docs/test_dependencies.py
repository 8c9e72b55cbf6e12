"""CONTRIBUTING.md gives one line of reason for each dependency, and for nothing else."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def declared() -> set[str]:
    """Return the names in pyproject.toml and in each package.json."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lines += [line for extra in extras for line in extra]
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines}
    for folder in ("web", "tests/engine"):
        package = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            names |= package.get(kind, {}).keys()
    return names


def explained() -> set[str]:
    """Return the names that the section on dependencies has a line for."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^- (`.*?`): \S", text.partition("## Dependencies")[2], re.MULTILINE)
    return {name for line in lines for name in re.findall(r"`([^`]+)`", line)}


def test_every_dependency_has_its_reason() -> None:
    assert explained() == declared()
