"""Operations that make no sense cannot be made."""

import pytest
from msgspec.structs import replace

from tavola.core import limits
from tavola.core.items import BadItem, Key
from tavola.core.operations import Scan


@pytest.mark.parametrize(
    "changes",
    [
        {"limit": 0},
        {"limit": -1},
        {"limit": limits.SCAN_ITEMS_MAX + 1},
        {"segment": 1},
        {"segment": -1},
        {"segments": 0},
        {"segment": 4, "segments": 4},
        {"segments": limits.SCAN_SEGMENTS_MAX + 1},
        {"start": Key("", "S")},
        {"start": Key("P", "")},
        {"start": Key("P", "S\0")},
        {"start": Key("P" * (limits.PK_BYTES_MAX + 1), "S")},
        {"start": Key("P", "\ud800")},
    ],
    ids=str,
)
def test_a_scan_has_bounds_and_a_key_that_tables_know(changes: dict[str, object]) -> None:
    with pytest.raises(BadItem):
        Scan("t", **{"limit": 10, **changes})  # type: ignore[arg-type]  # any of its fields
    with pytest.raises(BadItem):
        replace(Scan("t", 10), **changes)


def test_a_scan_at_its_bounds_can_be_made() -> None:
    most = limits.SCAN_SEGMENTS_MAX
    assert Scan("t", 1).start is None
    assert Scan("t", limits.SCAN_ITEMS_MAX, Key("P", "S"), most - 1, most).segments == most
