"""What a scan keeps of a collection: what is missing in its logs, and little else."""

from hypothesis import given
from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import limits, table
from tavola.core.items import Item, Key
from tavola.edge.doctor.gathering import Gathering
from tavola.flows.doctor import checks
from tavola.flows.doctor.finding import Finding, put_together
from tavola.flows.doctor.seen import Seen, _gaps
from tests import builders as b


def entries(seqs: list[int]) -> list[Item]:
    return [table.MESSAGE.build(b.entry(seq, "ab"[seq % 2] * 3, body="x" * 999)) for seq in seqs]


def missing(seen: Seen) -> list[int]:
    """The numbers that gaps name."""
    return [n for _, (first, last), _, _ in _gaps(seen) for n in range(first, last + 1)]


@given(st.sets(st.integers(1, 60)))
def test_gaps_are_the_numbers_below_the_head_that_are_not_there(there: set[int]) -> None:
    seen = Seen("DM#ann#bob")
    for item in entries(sorted(there)):
        seen.add(item)
    assert missing(seen) == [n for n in range(1, max(there, default=0)) if n not in there]


def test_what_is_kept_does_not_grow_with_the_log() -> None:
    seen = Seen("DM#ann#bob")
    for item in entries(list(range(1, 5_001, 2))):
        seen.add(item)
    assert len(missing(seen)) == limits.DOCTOR_GAPS_MAX
    assert seen.sent == {"bbb": 4_999}
    assert (seen.saying, seen.listed, seen.odd) == ({"bbb": 1}, [], [])


@given(st.lists(st.integers(1, 9), max_size=8))
def test_collections_are_whole_however_the_pages_are_cut(cuts: list[int]) -> None:
    users = [b.user(name) for name in ("ann", "bob", "cleo")]
    handles = [table.HANDLE.build(e.Handle(handle=name, user_id=name)) for name in ("ann", "bob")]
    items = [*entries([1, 2, 4, 5]), *handles, *map(table.USER.build, users)]
    gathering, whole, rest = Gathering(), [], items
    for cut in [*cuts, len(items)]:
        whole += gathering.take(rest[:cut])
        rest = rest[cut:]
    whole += gathering.rest()
    assert [seen.pk for seen in whole if not seen.listed] == [
        "DM#ann#bob",
        "USER#ann",
        "USER#bob",
        "USER#cleo",
    ]
    assert [item for seen in whole for item in seen.listed] == handles
    assert missing(whole[0]) == [3]


def test_what_follows_from_a_finding_is_not_told() -> None:
    one, other = Key("HANDLE#an", "ann"), Key("USER#ann", "A")
    stray = Finding(checks.HANDLE_STRAY, one, "stray")
    missing_one = Finding(checks.HANDLE_MISSING, one, "missing")
    shared = Finding(checks.HANDLE_SHARED, other, "shared", (one,))
    assert put_together([stray, missing_one]) == [missing_one]
    assert put_together([stray, missing_one, shared]) == [shared]


def test_what_two_examinations_find_of_an_item_is_one_finding() -> None:
    key, first, second = Key("USER#ann", "A"), Key("DM#ann#bob", "1"), Key("GROUP#club", "2")
    found = [
        Finding(checks.USER_MISSING, key, "gone", (first,)),
        Finding(checks.USER_MISSING, key, "gone", (second, first)),
    ]
    (told,) = put_together(found)
    assert told.others == (first, second)
