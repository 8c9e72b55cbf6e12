"""A field that names something leads to its item or collection; nonsense leads nowhere."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import table
from tavola.core.items import Key, check_key
from tavola.core.keys import WrongKey
from tavola.core.leads import Lead, lead_of
from tests import builders as b
from tests.core import strategies as some


def leads(entity: str, **values: Any) -> dict[str, tuple[str, ...]]:
    """Where each of these fields leads."""
    found = {name: lead_of(table.ENTITIES[entity], name, values) for name in values}
    return {
        name: (lead.pk, lead.sk) if isinstance(lead.sk, str) else (lead.pk,)
        for name, lead in found.items()
        if lead
    }


@pytest.mark.parametrize(
    ("entity", "values", "expected"),
    [
        (
            "User",
            {"user_id": "ann", "handle": "Ann", "location": "Bern"},
            {"user_id": ("USER#ann",), "handle": ("HANDLE#an", "ann")},
        ),
        (
            "UserGroup",
            {"user_id": "ann", "group_id": "club", "name": "Club"},
            {"user_id": ("USER#ann",), "group_id": ("GROUP#club",)},
        ),
        (
            "InboxPointer",
            {"user_id": "ann", "bucket": "2026-11-21", "conversation": b.DIRECT},
            {"user_id": ("USER#ann",), "conversation": ("DM#ann#bob",)},
        ),
        ("Password", {"user_id": "ann", "hash": "x"}, {"user_id": ("USER#ann",)}),
        (
            "UserIdentity",
            {"user_id": "ann", "issuer": "https://id.example/x", "subject": "a|b"},
            {
                "user_id": ("USER#ann",),
                "issuer": ("IDENTITY#https://id.example/x#a%7Cb",),
                "subject": ("IDENTITY#https://id.example/x#a%7Cb",),
            },
        ),
        (
            "Group",
            {"group_id": "club", "created_by": "ann"},
            {
                "group_id": ("GROUP#club",),
                "created_by": ("USER#ann",),
            },
        ),
        (
            "Message",
            {"conversation": b.GROUP, "seq": 4, "sender_id": "ann", "id": "x", "body": "bob"},
            {"conversation": ("GROUP#club",), "sender_id": ("USER#ann",)},
        ),
        (
            "Amendment",
            {"conversation": b.DIRECT, "n": 1, "target": 4, "by": "bob"},
            {
                "conversation": ("DM#ann#bob",),
                "target": ("DM#ann#bob", "000000000004"),
                "by": ("USER#bob",),
            },
        ),
        ("FeedState", {"feed": "main", "part": "LEASE", "owner": "ann"}, {}),
    ],
)
def test_a_field_leads_to_what_it_names(
    entity: str, values: dict[str, Any], expected: dict[str, tuple[str, ...]]
) -> None:
    assert leads(entity, **values) == expected


@pytest.mark.parametrize(
    ("entity", "field", "value"),
    [
        ("Message", "sender_id", "a#b"),
        ("Message", "sender_id", ""),
        ("Message", "sender_id", None),
        ("Message", "body", "ann"),
        ("User", "handle", "x"),
        ("User", "handle", "Ünal"),
        ("InboxPointer", "conversation", "dm:bob:ann"),
        ("DirectUser", "conversation", "dm:ann:ann"),
        ("Amendment", "target", -1),
        ("Amendment", "target", 10**12),
    ],
)
def test_nonsense_leads_nowhere(entity: str, field: str, value: Any) -> None:
    values = {"conversation": b.DIRECT, field: value}
    assert lead_of(table.ENTITIES[entity], field, values) is None


def test_the_number_of_an_entry_of_no_conversation_leads_nowhere() -> None:
    values = {"conversation": "nonsense", "target": 1}
    assert lead_of(table.AMENDMENT, "target", values) is None


@pytest.mark.parametrize("name", table.ENTITIES)
@given(data=st.data())
def test_whatever_an_item_holds_a_lead_is_a_key(name: str, data: st.DataObject) -> None:
    entity = table.ENTITIES[name]
    values = msgspec.structs.asdict(data.draw(some.RECORDS[name]))
    for field in values:
        lead = lead_of(entity, field, values)
        if lead:
            check_key(Key(lead.pk, lead.sk or "A"))
            assert _is_declared(lead)


def _is_declared(lead: Lead) -> bool:
    """Whether an entity has keys like this one."""
    for entity in table.ENTITIES.values():
        try:
            entity.pk.read(lead.pk)
            if lead.sk:
                entity.sk.read(lead.sk)
        except WrongKey:
            continue
        return True
    return False
