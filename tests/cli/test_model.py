"""`tavola model export`, and what is in its sample."""

import json
from pathlib import Path
from typing import Any

import pytest

from tavola.core.table import ENTITIES, decode
from tavola.edge.cli.model import FORMATS
from tavola.edge.transfer.jsonl import KEPT_BACK
from tests.cli.terminal import Terminal


@pytest.fixture(scope="module")
def sample() -> dict[str, list[dict[str, Any]]]:
    """The sample items of the model for NoSQL Workbench, by entity."""
    (table,) = json.loads(FORMATS["workbench"]("chat"))["DataModel"]
    return {facet["FacetName"]: facet["TableData"] for facet in table["TableFacets"]}


def plain(value: dict[str, Any]) -> Any:
    """The reverse of `encode_value`."""
    ((kind, inner),) = value.items()
    match kind:
        case "N":
            return int(inner)
        case "SS":
            return frozenset(inner)
        case "M":
            return {name: plain(part) for name, part in inner.items()}
        case _:
            return inner


@pytest.mark.parametrize("form", FORMATS)
def test_a_form_goes_to_standard_output_and_into_a_file(terminal: Terminal, form: str) -> None:
    file = terminal.folder / "model"
    terminal.ok("model", "export", "--format", form, file)
    assert file.read_text(encoding="utf-8") == terminal.ok("model", "export", "--format", form)
    assert not terminal.store.exists(), "what is declared needs no store"


def test_the_table_has_the_name_that_was_asked_for(terminal: Terminal) -> None:
    words = ("model", "export", "--name", "chat", "--format")
    assert json.loads(terminal.ok(*words, "workbench"))["DataModel"][0]["TableName"] == "chat"
    template = json.loads(terminal.ok(*words, "cloudformation"))
    assert template["Parameters"]["TableName"]["Default"] == "chat"


def test_a_form_must_be_one_of_these_and_a_file_must_be_writable(terminal: Terminal) -> None:
    assert terminal.run("model", "export", "--format", "dia").exit_code == 2
    assert terminal.run("model", "export").exit_code == 2
    missing = Path("no", "such", "folder")
    terminal.error("file_unusable", 1, "model", "export", "--format", "mermaid", missing)


def test_every_entity_that_may_leave_the_store_has_a_sample(
    sample: dict[str, list[dict[str, Any]]],
) -> None:
    assert {name for name, items in sample.items() if not items} == KEPT_BACK
    assert sample.keys() == ENTITIES.keys()


def test_the_sample_holds_items_of_the_table(sample: dict[str, list[dict[str, Any]]]) -> None:
    for items in sample.values():
        for item in items:
            decode({name: plain(value) for name, value in item.items()})
