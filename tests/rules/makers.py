"""Rules as text, as values, and at work on the memory store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tavola.core.apply import Change
from tavola.core.rules import Ready, Undecided, Verdict, rule_of
from tavola.edge.rules.reading import RuleFile, load_rules
from tavola.flows.consumers.rules import consumer_of
from tavola.flows.ruling import Outcome
from tests import builders as b
from tests.drive import World

NOW = b.at(100)  # rules act later than this
CHANGES_MAX = 2_000


def written(folder: Path, text: str) -> RuleFile:
    """The rules that a file with this text holds."""
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path)


def ready(name: str, when: str | list[str], then: dict[str, Any], **more: Any) -> Ready:
    """A rule that holds for whom `likes` names among their interests, or for all."""
    likes = more.pop("likes", None)
    rule = rule_of({"name": name, "when": when, "then": then, **more})

    def judge(facts: dict[str, dict[str, Any]]) -> Verdict:
        if likes == "what nobody can judge":
            return Undecided("no such key")
        return likes is None or likes in facts["user"]["interests"]

    return Ready(rule, judge)


class Ruled(World):
    """A store with rules at work: what is committed is handed to the consumer, as often as asked.

    Every change is handed over once more at the end of each round, last ones first: that must not
    matter.
    """

    def __init__(self, *rules: Ready) -> None:
        super().__init__()
        self.outcomes: list[Outcome] = []
        self.rules: Sequence[Ready] = rules
        self._position = 0
        self._ticks = 0

    def now(self) -> str:
        """The time, never the same twice."""
        self._ticks += 1
        return b.at(100 + self._ticks / 1000)

    def changes(self, after: int = 0) -> list[Change]:
        """All changes that were committed behind a number."""
        return self.store.read_changes(after, 100_000)

    def hand(self, changes: Sequence[Change]) -> None:
        """Hand changes to the consumer of the rules, in this order."""
        plan = consumer_of(self.rules, self.now, self.outcomes.append)
        for task in plan(changes, "day"):
            self.run(task.start())

    def settle(self) -> None:
        """Let rules act until nothing is new; then everything is repeated, backwards."""
        while new := self.changes(self._position):
            self._position = new[-1].n
            assert self._position < CHANGES_MAX, "there is no end to it"
            self.hand(new)
        before = self.store.last_change
        self.hand(self.changes()[::-1])
        assert self.store.last_change == before, "a repeat has changed something"

    def items(self, kind: str) -> list[dict[str, Any]]:
        """All items of a type, in the order of their keys."""
        found: dict[Any, dict[str, Any]] = {}
        for change in self.changes():
            found.pop(change.key, None)
            if change.new and change.new["type"] == kind:
                found[change.key] = change.new
        return [found[key] for key in sorted(found)]

    def groups_of(self, user_id: str) -> list[str]:
        """The ids of a user's groups."""
        pk = f"USER#{user_id}"
        edges = [item for item in self.items("UserGroup") if item["pk"] == pk]
        return [str(item["sk"]).removeprefix("GROUP#") for item in edges]

    def said(self) -> list[tuple[str, str]]:
        """What was written, and by whom."""
        return [(item["sender_id"], item["body"]) for item in self.items("Message")]
