"""What a scan has seen of an item collection: little, however long its log is.

Of a log there stays where numbers are missing, and each sender's newest entry and first one that
still says something. The items of a collection come in the order of their sort keys.
"""

from collections.abc import Iterator
from typing import Any

from tavola.core import limits, table
from tavola.core.items import Item, Key, key_of
from tavola.flows.doctor import checks
from tavola.flows.doctor.check import Check
from tavola.flows.doctor.finding import Finding
from tavola.flows.doctor.people import inspect_all
from tavola.flows.flow import Flow

Gap = tuple[int, int]
"""The first and the last number that are missing."""

LISTED = ("Handle", "UserName", "GroupName", "Identity", "Password")
_TYPE_CHARS = 64  # told of a type that may be anything
_MESSAGE, _AMENDMENT = "{:012d}", "!{:012d}"


class Seen:
    """What is known of a collection, or of a part of a collection of single items."""

    def __init__(self, pk: str) -> None:
        self.pk = pk
        self.types: set[str] = set()
        self.sent: dict[str, int] = {}  # each sender's last entry
        self.saying: dict[str, int] = {}  # each sender's first entry that says something
        self.joiners: list[str] = []  # sort keys of joiners of a direct conversation
        self.listed: list[Item] = []  # items that stand alone: each is looked at by itself
        self.odd: list[Key] = []  # what is no item of ours
        self.gaps: dict[str, list[Gap]] = {_MESSAGE: [], _AMENDMENT: []}
        self._last = dict.fromkeys(self.gaps, 0)

    @property
    def kind(self) -> str:
        """The first part of the key."""
        return self.pk.partition("#")[0]

    @property
    def told(self) -> str:
        """What it is, for people."""
        return " ".join(key_of(self.listed[0])) if self.listed else self.pk

    def apart(self) -> list["Seen"]:
        """Items that stand alone, each by itself; and what is no item of ours."""
        odd = Seen(self.pk)
        odd.odd = self.odd
        parts = [odd]
        for item in self.listed:
            parts.append(Seen(item["pk"]))
            parts[-1].add(item)
        return parts

    def add(self, item: Item) -> None:
        """See an item of this collection."""
        kind = item.get("type")
        self.types.add(str(kind))
        if odd_by(item):
            self.odd.append(key_of(item))
        elif kind == "Message":
            self._add_message(int(item["sk"]), item)
        elif kind == "Amendment":
            self._number(_AMENDMENT, int(item["sk"][1:]))
        elif kind == "DirectUser":
            self.joiners.append(item["sk"])
        elif kind in LISTED:
            self.listed.append(item)

    def _add_message(self, seq: int, item: Item) -> None:
        self._number(_MESSAGE, seq)
        sender = item["sender_id"]
        self.sent[sender] = seq
        if "deleted_at" not in item:
            self.saying.setdefault(sender, seq)

    def _number(self, form: str, number: int) -> None:
        gaps, expected = self.gaps[form], self._last[form] + 1
        if number > expected and len(gaps) < limits.DOCTOR_GAPS_MAX:
            gaps.append((expected, number - 1))
        self._last[form] = number


def odd_by(item: Item) -> tuple[Check, str] | None:
    """Which check an item fails by itself, and how; None for one that can be read."""
    entity = table.ENTITIES.get(str(item.get("type")))
    if entity is None:
        return checks.UNKNOWN_TYPE, f"its type is {str(item.get('type'))[:_TYPE_CHARS]!r}"
    version = item.get("v")
    if type(version) is int and version > entity.version:
        return checks.NEWER_VERSION, f"{entity.name} of version {version}, not {entity.version}"
    try:
        entity.parse(item)
    except (ValueError, TypeError, KeyError) as error:
        return checks.UNREADABLE, str(error)
    return None


def examine_odd(keys: list[Key]) -> Flow[list[Finding]]:
    """Items that could not be read, if that is still so."""
    items: list[Item | None] = yield from inspect_all(keys)
    found = []
    for key, item in zip(keys, items, strict=True):
        odd = odd_by(item) if item else None
        if odd:
            found.append(Finding(odd[0], key, odd[1]))
    return found


def examine_gaps(seen: Seen) -> Flow[list[Finding]]:
    """Gaps of both logs that are still there: their first and last numbers are missing."""
    gaps = list(_gaps(seen))
    ends = [key for _, _, *pair in gaps for key in pair]
    items: list[Any] = yield from inspect_all(ends)
    found = []
    for n, (check, (first, last), begin, _) in enumerate(gaps):
        if items[2 * n] is None and items[2 * n + 1] is None:
            found.append(Finding(check, begin, _told(first, last)))
    return found


def _gaps(seen: Seen) -> Iterator[tuple[Check, Gap, Key, Key]]:
    for form, check in ((_MESSAGE, checks.MESSAGE_GAP), (_AMENDMENT, checks.AMENDMENT_GAP)):
        for gap in seen.gaps[form]:
            begin, end = (Key(seen.pk, form.format(number)) for number in gap)
            yield check, gap, begin, end


def _told(first: int, last: int) -> str:
    return f"number {first:,} is missing" if first == last else f"{first:,} to {last:,} are missing"
