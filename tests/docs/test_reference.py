"""The reference pages are what the code says, and every command, setting and error is on one."""

from pathlib import Path

import pytest

from tavola.core.errors import CATALOGUE
from tavola.edge.cli import COMMANDS
from tavola.reference import PAGES, commands_page, errors_page, settings_page, with_costs
from tavola.settings import Settings, variable_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "write it again: .venv/bin/python -m tavola.reference docs"


def test_the_costs_of_lambda_are_up_to_date() -> None:
    written = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert written == with_costs(written), "write it again: python -m tavola.reference docs"
    assert "| 100 users | 10,000 users | 1,000,000 users |" in written


def test_every_setting_is_on_its_page() -> None:
    page = settings_page()
    for name in Settings.__struct_fields__:
        section = page.partition(f"\n## {name}\n\n")[2].partition("\n## ")[0]
        assert variable_of(name) in section
        assert len(section.partition("\n\n- ")[0]) > 10, f"{name} has no description"


def test_every_error_is_on_its_page() -> None:
    page = errors_page()
    assert all(f"| `{code}` |" in page for code in CATALOGUE)


def test_every_command_is_on_its_page_with_an_example() -> None:
    page = commands_page()
    assert all(f"\n## tavola {name}" in page for name in COMMANDS)
    for section in page.split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        examples = [
            line for line in text.splitlines() if line.startswith("  ") and "tavola" in line
        ]
        assert examples, f"{name} has no example"
