"""People who write, read, change, join, leave, block and vanish; unheard, they try again."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from tavola.core.errors import (
    Changed,
    ConversationClosed,
    HandleTaken,
    MessageDeleted,
    NotFound,
    TavolaError,
    UserNotFound,
)
from tavola.core.ids import direct
from tavola.core.log import Draft
from tavola.flows.access import Asker
from tavola.flows.amending import delete_message, edit_message
from tavola.flows.blocking import block_user, unblock_user
from tavola.flows.erasing import erase_user
from tavola.flows.flow import Flow
from tavola.flows.groups import (
    Change,
    History,
    delete_group,
    join_group,
    leave_group,
    update_group,
)
from tavola.flows.inbox import Ask, InboxPage, Position, read_inbox
from tavola.flows.markers import mark_read
from tavola.flows.reading import Window, read_page
from tavola.flows.sending import Sent, Target, send
from tavola.flows.users import Profile, update_user
from tests import builders as b
from tests.sim.scheduler import Crashed, Outcome, Scheduler

PEOPLE = ("ann", "bob", "cleo", "dan", "eve")
HISTORIES: tuple[History, ...] = ("all", "all", "none")
HOST_APP = Asker("a-host-app", admin=True)
GROUPS = tuple(f"group{n}" for n in range(8))
FANS = "fans"  # a group that rules fill, and that people only ever leave
# What others may have done in the meantime. `NotFound` is a group that one has not joined.
RACED = (Changed, ConversationClosed, HandleTaken, MessageDeleted, UserNotFound)


class Acknowledged(NamedTuple):
    """A message that somebody was told is stored."""

    conversation: str
    seq: int
    sender: str


class Diary:
    """What people know to have happened."""

    def __init__(self) -> None:
        self.sent: dict[str, Acknowledged] = {}
        self.deleted: set[str] = set()
        self.read: dict[tuple[str, str], int] = {}
        self.seen: dict[tuple[str, str], int] = {}
        self.members: dict[tuple[str, str], bool] = {}
        self.blocks: dict[tuple[str, str], bool] = {}
        self.erased: set[str] = set()
        self.deleted_groups: dict[str, bool] = {}
        """By id, whether what was written in it went as well."""
        self.no_fans: set[str] = set()

    def saw(self, who: str, conversation: str, seq: int) -> None:
        """Somebody has seen a conversation up to a number."""
        place = who, conversation
        self.seen[place] = max(self.seen.get(place, 0), seq)


class People:
    """Starts what people do, one thing at a time. Each seed has its own habits."""

    def __init__(self, rng: random.Random, scheduler: Scheduler, *, ruled: bool = False) -> None:
        self.diary = Diary()
        self._rng = rng
        self._scheduler = scheduler
        self._moving: Counter[tuple[str, str]] = Counter()
        self._raced: set[tuple[str, str]] = set()
        self._now_s = 0.0
        self._messages = 0
        self._blocking: set[tuple[str, str]] = set()
        self._actor = ""
        self._busy: Counter[str] = Counter()
        self._people = rng.sample(PEOPLE, rng.randint(2, len(PEOPLE)))
        self._groups = rng.sample(GROUPS, rng.randint(1, len(GROUPS)))
        self._pause_s = rng.choice([0.001, 60, 3_600, 30_000, 100_000])
        writing = [self._send_direct, self._send_to_group]
        other = [self._mark_read, self._read_inbox, self._read_page]
        other += [self._edit, self._delete, self._join, self._leave, self._rename, self._block]
        other.append(self._rename_group)
        self._deeds = [deed for deed in writing for _ in range(rng.randint(3, 9))]
        self._deeds += [deed for deed in other for _ in range(rng.choice([0, 1, 1, 5]))]
        self._deeds.append(self._join)
        if ruled:
            self._deeds += [self._like] * rng.randint(2, 9) + [self._leave_fans]
        self._erasing = rng.choice([0, 0.005, 0.02])
        self._deleting = rng.choice([0, 0, 0.01])

    def act(self) -> None:
        """Somebody does something."""
        self._now_s += self._rng.choice([0, 0, 0.001, self._pause_s])
        self._actor = self._rng.choice([one for one in self._people if not self._is_gone(one)])
        if self._rng.random() < self._erasing:
            self._erase(self._actor)
        elif self._rng.random() < self._deleting:
            self._delete_group()
        else:
            self._rng.choice(self._deeds)(self._actor)

    def _is_gone(self, who: str) -> bool:
        return who in self.diary.erased

    def now(self) -> str:
        """The time, by a clock that is wrong by up to three seconds."""
        return b.at(self._now_s + self._rng.uniform(-3, 3))

    def _persist(
        self,
        start: Callable[[], Flow[Any]],
        succeeded: Callable[[Any], None],
        *,
        after_crash: bool = True,
    ) -> None:
        """Try until there is an answer, with the same words each time."""
        actor = self._actor
        self._busy[actor] += 1

        def ended(outcome: Outcome) -> None:
            self._actor = actor
            crashed = isinstance(outcome, Crashed)
            if isinstance(outcome, TavolaError):
                known = outcome.retryable or isinstance(outcome, (NotFound, *RACED))
                assert known, f"nobody expects {outcome!r}"
            again = (crashed and after_crash) or (
                isinstance(outcome, TavolaError) and outcome.retryable
            )
            if again:
                self._scheduler.start(start(), ended)
                return
            self._busy[actor] -= 1
            if not crashed and not isinstance(outcome, TavolaError):
                succeeded(outcome)

        self._scheduler.start(start(), ended)

    def _send(self, who: str, conversation: str, to: Target) -> None:
        self._messages += 1
        draft = Draft(b.mid(self._messages), who, f"{who} says {self._messages}")
        after = self.diary.seen.get((who, conversation), 0)
        blind = self._rng.random() < 0.2  # names no `after`: then only the newest are searched

        def sent(reply: Sent) -> None:
            entry = reply.entry
            assert (entry.id, entry.sender_id) == (draft.id, who)
            self.diary.sent[entry.id] = Acknowledged(conversation, entry.seq, who)
            self.diary.saw(who, conversation, entry.seq)

        self._persist(
            lambda: send(draft, to, None if blind else after, self.now(), "day"),
            sent,
            after_crash=not blind,
        )

    def _send_direct(self, who: str) -> None:
        peer = self._rng.choice([other for other in self._people if other != who])
        conversation = direct(who, peer).id
        targets = [Target(to=peer), Target(to=f"@{peer}"), Target(conversation=conversation)]
        self._send(who, conversation, self._rng.choice(targets))

    def _send_to_group(self, who: str) -> None:
        conversation = f"group:{self._rng.choice(self._groups)}"
        self._send(who, conversation, Target(conversation=conversation))

    def _mark_read(self, who: str) -> None:
        places = [place for place in self.diary.seen if place[0] == who]
        if not places:
            return
        place = self._rng.choice(places)
        seq = self._rng.randint(0, self.diary.seen[place])

        def marked(_: object) -> None:
            self.diary.read[place] = max(self.diary.read.get(place, 0), seq)

        self._persist(lambda: mark_read(who, place[1], seq), marked)

    def _own(self, who: str) -> tuple[str, Acknowledged] | None:
        own = [pair for pair in self.diary.sent.items() if pair[1].sender == who]
        return self._rng.choice(own) if own else None

    def _edit(self, who: str) -> None:
        if own := self._own(who):
            _, (conversation, seq, _) = own
            body = self._rng.choice(["edited", "edited again", "as it was"])
            self._persist(
                lambda: edit_message(who, conversation, seq, body, self.now()), lambda _: None
            )

    def _delete(self, who: str) -> None:
        if own := self._own(who):
            message_id, (conversation, seq, _) = own
            self._persist(
                lambda: delete_message(who, conversation, seq, self.now()),
                lambda _: self.diary.deleted.add(message_id),
            )

    def _join(self, who: str) -> None:
        group_id = self._rng.choice(self._groups)
        history = self._rng.choice(HISTORIES)
        self._move(
            (who, group_id),
            lambda: join_group(group_id, who, "member", self.now(), history),
            inside=True,
        )

    def _leave(self, who: str) -> None:
        """Mostly out of a group that they are in."""
        inside = [
            place[1] for place, is_in in self.diary.members.items() if place[0] == who and is_in
        ]
        group_id = self._rng.choice(inside or self._groups)
        self._move((who, group_id), lambda: leave_group(group_id, who, self.now()), inside=False)

    def _move(
        self, place: tuple[str, str], start: Callable[[], Flow[Any]], *, inside: bool
    ) -> None:
        """Into a group or out of it; of moves at the same time nobody knows which is the last."""
        self._moving[place] += 1
        if self._moving[place] > 1:
            self._raced.add(place)

        def moved(_: object) -> None:
            self._moving[place] -= 1
            self.diary.members.pop(place, None)
            if place not in self._raced:
                self.diary.members[place] = inside
            elif not self._moving[place]:
                self._raced.discard(place)

        self._persist(start, moved)

    def _like(self, who: str) -> None:
        """Somebody changes what they like, as far as rules care."""
        likes = frozenset(self._rng.sample(["music", "chess"], self._rng.randint(0, 2)))
        self._persist(lambda: update_user(who, Profile(interests=likes)), lambda _: None)

    def _leave_fans(self, who: str) -> None:
        def left(was_member: bool) -> None:
            if was_member:
                self.diary.no_fans.add(who)

        self._persist(lambda: leave_group(FANS, who, self.now()), left)

    def _rename(self, who: str) -> None:
        name = f"{who.title()} {self._rng.randint(1, 99)}"
        self._persist(lambda: update_user(who, Profile(display_name=name)), lambda _: None)

    def _block(self, who: str) -> None:
        """Block or unblock somebody; one does one of it at a time."""
        peer = self._rng.choice([other for other in self._people if other != who])
        blocks = self._rng.random() < 0.4
        if (who, peer) in self._blocking:
            return
        self._blocking.add((who, peer))
        self.diary.blocks.pop((who, direct(who, peer).id), None)

        def done(_: object) -> None:
            self._blocking.remove((who, peer))
            self.diary.blocks[who, direct(who, peer).id] = blocks

        start = block_user if blocks else unblock_user
        self._persist(lambda: start(who, peer), done)

    def _erase(self, who: str) -> None:
        """Somebody who does nothing any more is erased; two at least stay."""
        living = [one for one in self._people if not self._is_gone(one)]
        if self._busy[who] or len(living) <= 2:
            return
        self.diary.erased.add(who)
        self._actor = ""
        self._persist(lambda: erase_user(who, self.now()), lambda _: None)

    def _rename_group(self, who: str) -> None:
        name = f"{who}'s {self._rng.randint(1, 9)}"
        group_id = self._rng.choice(self._groups)
        change = Change(name=name)
        self._persist(lambda: update_group(HOST_APP, group_id, change), lambda _: None)

    def _delete_group(self) -> None:
        """While others may be writing in it, joining, leaving or renaming it."""
        left = [one for one in self._groups if one not in self.diary.deleted_groups]
        if not left:
            return
        group_id, purge = self._rng.choice(left), self._rng.random() < 0.5
        self.diary.deleted_groups[group_id] = purge
        self._persist(
            lambda: delete_group(HOST_APP, group_id, self.now(), purge=purge), lambda _: None
        )

    def _read_page(self, who: str) -> None:
        places = [place for place in self.diary.seen if place[0] == who]
        if not places:
            return
        conversation = self._rng.choice(places)[1]

        def read(view: Any) -> None:
            seqs = [message.seq for message in view.messages]
            assert seqs == list(range(seqs[0], seqs[0] - len(seqs), -1)) if seqs else True
            if seqs:
                self.diary.saw(who, conversation, seqs[0])

        window = Window(limit=self._rng.randint(1, 9))
        self._persist(lambda: read_page(who, conversation, window, people=True), read)

    def _read_inbox(self, who: str, after: Position | None = None) -> None:
        ask = Ask(who, self._rng.randint(1, 5), "day", self._rng.choice([None, 2]))

        def read(page: InboxPage) -> None:
            shown = [row.conversation for row in page.rows]
            assert len(shown) == len(set(shown)), f"a page shows a conversation twice: {shown}"
            for row in page.rows:
                assert row.unread >= 0
                if row.head:
                    self.diary.saw(who, row.conversation, row.head.seq)
            if page.next:
                self._read_inbox(who, page.next)

        self._persist(lambda: read_inbox(ask, after), read)
