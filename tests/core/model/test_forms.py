"""The model in its forms: each has all entities, and is built as its readers need it."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tavola.core.items import BadItem
from tavola.core.model import cloudformation, markdown, mermaid, workbench
from tavola.core.model.described import stored_attributes
from tavola.core.patterns import PATTERNS
from tavola.core.table import ENTITIES, GROUP_USER, USER
from tavola.core.wire import encode_value
from tests import builders as b

MADE = "Nov 21, 2026, 06:00 PM"


def model(*records: Any) -> dict[str, Any]:
    items = [ENTITIES[type(record).__name__].build(record) for record in records]
    (table,) = workbench("chat", items, MADE)["DataModel"]
    assert isinstance(table, dict)
    return table


def test_workbench_knows_what_this_is() -> None:
    document = workbench("chat", [], MADE)
    metadata = document["ModelMetadata"]
    assert list(document) == ["ModelName", "ModelMetadata", "DataModel"]
    assert (metadata["Version"], metadata["AWSService"]) == ("3.0", "Amazon DynamoDB")
    assert metadata["DateCreated"] == metadata["DateLastModified"] == MADE


def test_a_workbench_table_has_keys_facets_and_no_index() -> None:
    table = model()
    assert table["TableName"] == "chat"
    assert table["KeyAttributes"] == {
        "PartitionKey": {"AttributeName": "pk", "AttributeType": "S"},
        "SortKey": {"AttributeName": "sk", "AttributeType": "S"},
    }
    assert [facet["FacetName"] for facet in table["TableFacets"]] == list(ENTITIES)
    assert table["GlobalSecondaryIndexes"] == []
    assert table["DataAccess"] == {"MySql": {}}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_an_attribute_has_one_type_in_the_whole_workbench_table() -> None:
    declared = model()["NonKeyAttributes"]
    names = [attribute["AttributeName"] for attribute in declared]
    assert len(names) == len(set(names))
    assert {attribute["AttributeType"] for attribute in declared} <= {"S", "N", "BOOL", "SS", "M"}
    for facet in model()["TableFacets"]:
        assert set(facet["NonKeyAttributes"]) <= set(names)
    assert not {"pk", "sk"} & set(names)


def test_no_two_entities_differ_in_the_type_of_an_attribute() -> None:
    pairs = {(a.name, a.type) for e in ENTITIES.values() for a in stored_attributes(e)}
    assert len(pairs) == len({name for name, _ in pairs})


def test_a_workbench_facet_is_an_entity_with_its_items() -> None:
    facet = model(b.user("ann"), b.group())["TableFacets"][0]
    assert facet == {
        "FacetName": "User",
        "KeyAttributeAlias": {"PartitionKeyAlias": "USER#{user_id}", "SortKeyAlias": "A"},
        "TableData": [
            {
                "pk": {"S": "USER#ann"},
                "sk": {"S": "A"},
                "type": {"S": "User"},
                "v": {"N": "1"},
                "handle": {"S": "ann"},
                "display_name": {"S": "Ann"},
                "names_rev": {"N": "1"},
                "created_at": {"S": b.T0},
            }
        ],
        "NonKeyAttributes": ["type", "v", *USER.attributes],
        "DataAccess": {"MySql": {}},
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {"NULL": True}),
        (True, {"BOOL": True}),
        ("", {"S": ""}),
        (7, {"N": "7"}),
        (Decimal("1.5"), {"N": "1.5"}),
        (frozenset(("b", "a")), {"SS": ["a", "b"]}),
        ({"to": "x", "n": [1]}, {"M": {"to": {"S": "x"}, "n": {"L": [{"N": "1"}]}}}),
    ],
)
def test_a_value_says_its_type(value: object, expected: dict[str, Any]) -> None:
    assert encode_value(value) == expected


def test_what_no_item_can_hold_has_no_type() -> None:
    with pytest.raises(BadItem):
        encode_value(b"bytes")


def test_the_diagram_has_every_entity_once_with_its_keys_and_attributes() -> None:
    lines = mermaid().splitlines()
    assert lines[0] == "erDiagram"
    for entity in ENTITIES.values():
        first = lines.index(f"    {entity.name} {{")
        block = lines[first + 1 : lines.index("    }", first)]
        assert block[:2] == [
            f'        S partition_key PK "{entity.pk.shown}"',
            f'        S sort_key PK "{entity.sk.shown}"',
        ]
        assert [line.split()[1] for line in block[2:]] == list(entity.attributes)


def test_the_diagram_is_written_as_mermaid_reads_it() -> None:
    row = r'        [A-Z]+ (?!(pk|fk|uk) )[a-z_]+( PK)? "[^"]*"'  # these words are marks
    relation = r"    \w+ (\|\||\|o|\}\|)(--|\.\.)(\|\||o\||o\{) \w+ : \w+"
    for line in mermaid().splitlines()[1:]:
        assert re.fullmatch(rf"{row}|{relation}|    \w+ \{{|    \}}", line), line


def test_the_diagram_draws_what_stands_in_the_key_solid_and_the_rest_dashed() -> None:
    lines = mermaid().splitlines()
    assert "    User ||--o{ UserGroup : user_id" in lines
    assert "    User ||..o{ Message : sender_id" in lines
    assert "    User ||--o| Password : user_id" in lines


def test_the_page_has_every_entity_with_keys_meaning_and_attributes() -> None:
    page = markdown()
    for name in ENTITIES:
        assert f"\n### {name}\n" in page
        assert f"| [{name}](#{name.lower()}) |" in page
    section = page.partition("\n### GroupUser\n\n")[2].partition("\n### ")[0]
    assert section.startswith("A membership, as the group's item")
    assert "- pk: `GROUP#{group_id}`\n- sk: `USER#{user_id}`\n" in section
    assert section.count("\n| `") == len(GROUP_USER.record.__struct_fields__)
    assert "| `user_id` | `S` | key | id of the user |" in section


def test_the_page_has_every_access_pattern_with_its_cost() -> None:
    page = markdown()
    for one in PATTERNS.values():
        assert f"| `{one.name}` | {one.question} | {one.key} | {one.units} |" in page
        assert one.index is None, "the page says that none needs an index"


def test_the_template_makes_the_table_and_keeps_its_data() -> None:
    document = cloudformation("chat")
    assert document["Parameters"]["TableName"]["Default"] == "chat"
    (table,) = document["Resources"].values()
    assert table["Type"] == "AWS::DynamoDB::Table"
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"] == {
        "TableName": {"Ref": "TableName"},
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "DeletionProtectionEnabled": True,
    }
