"""What entities say about themselves is all there, and has the type in which it is stored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import table
from tavola.core.entities import Of, Record
from tavola.core.model.described import (
    Attribute,
    Relation,
    attributes_of,
    meaning_of,
    relations_of,
    stored_attributes,
)
from tavola.core.table import ENTITIES, Entity
from tavola.core.wire import encode_value
from tests.core import strategies as some


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.name)
def test_an_entity_and_each_of_its_fields_say_what_they_mean(entity: Entity[Any]) -> None:
    assert len(meaning_of(entity)) > 20
    for attribute in attributes_of(entity):
        assert len(attribute.meaning) > 8, f"{entity.name}.{attribute.name}"


@given(st.one_of(*some.RECORDS.values()))
def test_an_item_has_the_attributes_and_types_that_its_entity_declares(record: Record) -> None:
    entity = ENTITIES[type(record).__name__]
    item = entity.build(record)
    stored = {attribute.name: attribute.type for attribute in stored_attributes(entity)}
    for name in item.keys() - {"pk", "sk", "type", "v"}:
        assert encode_value(item[name]).keys() == {stored[name]}


def test_a_field_in_the_key_is_no_attribute() -> None:
    first, *_, last = attributes_of(table.USER_GROUP)
    assert first == Attribute("user_id", "S", "id of the user", optional=False, in_key=True)
    assert last == Attribute("name", "S", "copy of the group's name", optional=False, in_key=False)
    assert [one.name for one in stored_attributes(table.USER_GROUP)] == ["joined_at", "name"]


def test_a_relation_names_its_field_and_where_it_stands() -> None:
    assert relations_of(table.USER_GROUP) == [
        Relation("UserGroup", "user_id", Of("User"), in_key=True),
        Relation("UserGroup", "group_id", Of("Group"), in_key=True),
    ]
    assert relations_of(table.GROUP) == [
        Relation("Group", "created_by", Of("User"), in_key=False),
    ]


def test_relations_are_with_declared_entities() -> None:
    named = {one.of.entity for entity in ENTITIES.values() for one in relations_of(entity)}
    assert named <= ENTITIES.keys()


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.name)
def test_whose_id_stands_in_a_field_is_declared(entity: Entity[Any]) -> None:
    tops = {"user_id": "User", "group_id": "Group"}
    named = {(one.field, one.of.entity) for one in relations_of(entity)}
    for attribute in attributes_of(entity):
        top = tops.get(attribute.name)
        assert top in (None, entity.name) or (attribute.name, top) in named
