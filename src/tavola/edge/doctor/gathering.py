"""Puts the pages of a scan together to collections, each handed on as soon as it was seen whole."""

from tavola.core import limits
from tavola.core.items import Item
from tavola.flows.doctor.seen import LISTED, Seen

OWN = "FEED#"


class Gathering:
    """One segment of a scan: the items of a collection follow each other, whatever the page."""

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._alone = Seen("")

    def take(self, items: list[Item]) -> list[Seen]:
        """What is seen whole by now."""
        whole: list[Seen] = []
        for item in items:
            if item["pk"].startswith(OWN):
                continue
            if item.get("type") in LISTED:
                self._alone.add(item)
                if len(self._alone.listed) >= limits.DOCTOR_LISTED:
                    whole.append(self._alone)
                    self._alone = Seen("")
                continue
            if self._seen is None or self._seen.pk != item["pk"]:
                whole += [self._seen] if self._seen else []
                self._seen = Seen(item["pk"])
            self._seen.add(item)
        return whole

    def rest(self) -> list[Seen]:
        """What is left at the end."""
        return [seen for seen in (self._seen, self._alone) if seen and seen.types]
