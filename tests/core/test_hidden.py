"""No hash of a password is shown, however deep in an item it lies."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import table
from tavola.core.hidden import HIDDEN, without_hashes
from tavola.core.items import encode_line
from tests.core import strategies as some

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$Rdesc/udJ+AxoRDSVm8mXQ"


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ({"hash": "x", "set_at": "y"}, {"hash": HIDDEN, "set_at": "y"}),
        ({"hash": 7}, {"hash": HIDDEN}),
        ({"secret": {"hash": ["x"]}}, {"secret": {"hash": HIDDEN}}),
        ({"secret": [HASH, {"hash": "x"}]}, {"secret": [HIDDEN, {"hash": HIDDEN}]}),
        ({"was": f'"{HASH}", "v":1'}, {"was": f'"{HIDDEN}", "v":1'}),
        ({"all": frozenset((HASH, "b"))}, {"all": frozenset((HIDDEN, "b"))}),
    ],
)
def test_a_hash_is_hidden(attributes: dict[str, Any], shown: dict[str, Any]) -> None:
    assert without_hashes(attributes) == shown


@pytest.mark.parametrize("name", [name for name in table.ENTITIES if name != "Password"])
@given(data=st.data())
def test_everything_else_is_shown_as_it_is(name: str, data: st.DataObject) -> None:
    item = table.ENTITIES[name].build(data.draw(some.RECORDS[name]))
    assert without_hashes(item) == item


@given(some.ids)
def test_a_password_that_was_set_aside_by_the_feed_is_hidden_in_its_text(user_id: str) -> None:
    item = {"pk": f"PASSWORD#{user_id}", "sk": "A", "hash": HASH}
    change = msgspec.json.encode([encode_line(item).decode()]).decode()
    shown = without_hashes({"change": change})["change"]
    assert "argon2" not in shown
    assert f"PASSWORD#{user_id}" in shown
