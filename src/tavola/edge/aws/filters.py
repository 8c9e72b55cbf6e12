"""The patterns by which the table's stream wakes the stream function.

They are made of what the consumers want. Items of a type that this version does not know, or of a
newer version, come through as well, so that they are set aside and somebody hears of them. A
mapping takes five patterns; these are four. Where there are rules, the consumers want more.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from tavola.core.table import ENTITIES
from tavola.flows.consumers.wanted import WANTED, Want

Pattern = dict[str, Any]


def patterns(wanted: Iterable[Want] = WANTED) -> list[Pattern]:
    """A pattern for each kind of event, and one for newer versions."""
    made: list[Pattern] = []
    for event, wants in groupby(sorted(wanted, key=_event_of), key=_event_of):
        alternatives = list(_alternatives(event, list(wants)))
        several = {"$or": alternatives} if len(alternatives) > 1 else alternatives[0]
        made.append({"eventName": [event], "dynamodb": several})
    known = sorted({str(entity.version) for entity in ENTITIES.values()})
    newer = {"NewImage": {"v": {"N": [{"anything-but": known}]}}}
    return [*made, {"dynamodb": newer}]


def _event_of(want: Want) -> str:
    return want.event


def _alternatives(event: str, wants: list[Want]) -> Iterator[Pattern]:
    """All of some types whatever they hold, with those of no known type; and parts of others."""
    whole = {want.type for want in wants if want[2:] == (None, None, None)}
    image = "OldImage" if event == "REMOVE" else "NewImage"
    others = sorted(ENTITIES.keys() - whole)
    yield {image: {"type": {"S": [{"anything-but": others}]}}}
    for want in wants:
        if want.type not in whole:
            yield {image: {"type": {"S": [want.type]}, **_having(want.has)}, **_keyed(want)}


def _having(path: str | None) -> Pattern:
    """An attribute that is there; of a map it is looked for in what the map holds."""
    if path is None:
        return {}
    *maps, last = path.split(".")
    found: Pattern = {last: {"S": [{"exists": True}]}}
    for name in reversed(maps):
        found = {name: {"M": found}}
    return found


def _keyed(want: Want) -> Pattern:
    keys: Pattern = {}
    if want.pk is not None:
        keys["pk"] = {"S": [{"prefix": want.pk}]}
    if want.sk is not None:
        keys["sk"] = {"S": [want.sk]}
    return {"Keys": keys} if keys else {}
