"""The explorer shows every item with its key decoded, and loses nothing but hashes."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import table
from tavola.core.explorer import table_view, view_of
from tavola.core.hidden import HIDDEN
from tavola.core.items import Item
from tavola.core.patterns import PATTERNS
from tavola.core.units import Prices
from tavola.core.wire import decode_value
from tests import builders as b
from tests.core import strategies as some


def told(item: Item) -> Any:
    """An item as a client receives it."""
    return msgspec.json.decode(msgspec.json.encode(view_of(item)))


def attributes_told(view: Any) -> Item:
    """The attributes that a client reads from it."""
    return {one["name"]: decode_value(one["value"]) for one in view["attributes"]}


@pytest.mark.parametrize("name", [name for name in table.ENTITIES if name != "Password"])
@given(data=st.data())
def test_nothing_of_an_item_is_lost(name: str, data: st.DataObject) -> None:
    record = data.draw(some.RECORDS[name])
    item = table.ENTITIES[name].build(record)
    view = told(item)
    assert view["entity"] == name
    assert "unreadable" not in view
    assert {
        **attributes_told(view),
        **{key: item[key] for key in ("pk", "sk", "type", "v")},
    } == item
    for key in ("pk", "sk"):
        assert "".join(part["text"] for part in view[f"{key}_parts"]) == view[key] == item[key]
    fields = [part for part in view["pk_parts"] + view["sk_parts"] if "field" in part]
    values = msgspec.structs.asdict(record)
    assert {part["field"]: part["value"] for part in fields} == {
        part["field"]: str(values[part["field"]]) for part in fields
    }
    entity = table.ENTITIES[name]
    assert {part["field"] for part in fields} == {*entity.pk.names, *entity.sk.names}


def test_a_key_is_shown_with_its_fields_and_where_they_lead() -> None:
    pointer = table.INBOX_POINTER.key(user_id="ann", bucket="2026-11-21", conversation=b.DIRECT)
    view = told({"pk": pointer.pk, "sk": pointer.sk, "type": "InboxPointer", "v": 1})
    assert view["pk_parts"] == [
        {"text": "USER#"},
        {"text": "ann", "field": "user_id", "value": "ann", "leads": {"pk": "USER#ann"}},
    ]
    assert view["sk_parts"] == [
        {"text": "INBOX#"},
        {"text": "2026-11-21", "field": "bucket", "value": "2026-11-21"},
        {"text": "#"},
        {
            "text": b.DIRECT,
            "field": "conversation",
            "value": b.DIRECT,
            "leads": {"pk": "DM#ann#bob"},
        },
    ]


def test_a_key_that_holds_a_form_of_a_value_says_the_value() -> None:
    message = table.MESSAGE.build(b.entry(7))
    view = told(message)
    assert view["pk_parts"][0]["text"] == message["pk"]
    assert view["pk_parts"][0]["value"] == b.DIRECT
    assert view["sk_parts"] == [{"text": "000000000007", "field": "seq", "value": "7"}]


@given(st.integers(-(10**38) + 1, 10**38 - 1))
def test_a_number_keeps_all_its_digits(number: int) -> None:
    view = told({"pk": "P", "sk": "S", "n": number})
    assert view["attributes"] == [{"name": "n", "value": {"N": str(number)}}]


def test_attributes_come_as_declared_and_those_that_nobody_knows_behind() -> None:
    item = table.USER.build(b.user("ann")) | {"zeal": 1, "age": Decimal("1.5")}
    names = [one["name"] for one in told(item)["attributes"]]
    assert names == ["handle", "display_name", "names_rev", "created_at", "age", "zeal"]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"pk": "P", "sk": "S"}, "None is no entity of the table"),
        ({"pk": "P", "sk": "S", "type": "Robot"}, "'Robot' is no entity of the table"),
        ({"pk": "P", "sk": "S", "type": 7}, "7 is no entity of the table"),
        ({"pk": "P", "sk": "S", "type": frozenset("a")}, "no entity of the table"),
        ({"pk": "P", "sk": "A", "type": "User", "v": 1}, "'P' is not of the form"),
        ({"pk": "USER#a", "sk": "A", "type": "User", "v": 1}, "missing required field"),
        ({"pk": "USER#a", "sk": "A", "type": "User", "v": 2}, "User v2 is not User"),
        ({"pk": "USER#a", "sk": "A", "type": "User", "v": "1"}, "User v1 is not User"),
    ],
)
def test_an_item_that_cannot_be_decoded_is_shown_as_it_is(item: Item, why: str) -> None:
    view = told(item | {"hash": "x", "more": [None, True, {"a": frozenset("bc")}]})
    assert why in view["unreadable"]
    assert view["entity"] is None
    assert view["pk_parts"] == [{"text": item["pk"]}]
    assert view["sk_parts"] == [{"text": item["sk"]}]
    rest = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    assert attributes_told(view) == rest | {
        "hash": HIDDEN,
        "more": [None, True, {"a": frozenset("bc")}],
    }


def test_a_password_says_when_it_was_set_and_nothing_else() -> None:
    password = e.Password(user_id="ann", hash="$argon2id$v=19$x", set_at=b.T0)
    view = told(table.PASSWORD.build(password))
    assert attributes_told(view) == {"hash": HIDDEN, "set_at": b.T0}


def test_the_table_tells_all_that_is_declared() -> None:
    view = msgspec.json.decode(
        msgspec.json.encode(table_view("sqlite", Prices(0.125, 0.625, "on demand")))
    )
    assert view["store"] == "sqlite"
    assert view["prices"] == {"read_usd": 0.125, "write_usd": 0.625, "told": "on demand"}
    assert [one["name"] for one in view["patterns"]] == list(PATTERNS)
    assert [one["name"] for one in view["entities"]] == list(table.ENTITIES)
    handle = next(one for one in view["entities"] if one["name"] == "Handle")
    assert (handle["pk"], handle["sk"]) == ("HANDLE#{first 2 characters}", "{handle}")
    assert handle["meaning"] == "Makes handles unique, and searchable by how they begin."
    assert handle["fields"][0] == {
        "name": "handle",
        "type": "S",
        "meaning": "in lower case",
        "optional": False,
        "in_key": True,
    }
