"""A page of a user's inbox, newest activity first.

Pointers say in which bucket a conversation was last active; inside a bucket the heads decide. So
the buckets that a page touches are read whole, all their heads at once, and ordered. Only the
rows that the page shows are then looked at closely.

A pointer whose bucket is not its head's is mended on the way: the true one is put, then the stale
one deleted; a crash between leaves both, never neither. Reading is a walk that ends in repairs.
"""

from typing import NamedTuple

from tavola.core import entities as e
from tavola.core import patterns, table, views
from tavola.core.errors import StoreFailed, StoreFull, StoreReadOnly
from tavola.core.ids import Conversation, parse_conversation
from tavola.core.items import Item
from tavola.core.operations import Operation, Page
from tavola.core.times import Bucketing, bucket_of
from tavola.flows.flow import Flow
from tavola.flows.markers import direct_row, group_row, named_peer
from tavola.flows.tail import head_item, tail_of

IN_KEY_ORDER = ""
"""Stands for the head's time in a position inside a bucket too full to be ordered."""

_ALL = 1_000_000  # more conversations than one user can have in one bucket


class Ask(NamedTuple):
    """What is asked for, and by which rules."""

    user_id: str
    limit: int
    bucketing: Bucketing
    heads_max: int | None = None  # heads read to order one bucket; None: as many as there are


class Position(NamedTuple):
    """The last row of a page: its bucket, its head's time, its conversation."""

    bucket: str
    created_at: str
    conversation: str


class InboxPage(NamedTuple):
    """A page, where the next one begins, and whether its order is that of the heads."""

    rows: list[views.ConversationView]
    next: Position | None
    exact: bool


class Pointer(NamedTuple):
    """An `InboxPointer`, read from its key alone: a full bucket has thousands."""

    sk: str
    bucket: str
    conversation: str


class Row(NamedTuple):
    """A pointer with what its conversation's head Query answered."""

    pointer: Pointer
    target: Conversation
    page: Page
    head: Item
    member: Item | None
    in_key_order: bool = False

    @property
    def order(self) -> tuple[str, str]:
        """By what rows are ordered, the largest first."""
        return self.head["created_at"], self.pointer.conversation


class Buckets:
    """Reads a user's pointers, newest bucket first, in whole buckets."""

    def __init__(self, ask: Ask, after: Position | None) -> None:
        self._ask = ask
        self._pending: list[Pointer] = []
        self._high = f"{after.bucket}~" if after else "~"
        self._start: str | None = None
        self._keyed = None
        self.exhausted = False
        if after and after.created_at == IN_KEY_ORDER:
            self._keyed = after.bucket
            self._start = f"INBOX#{after.bucket}#{after.conversation}"

    @property
    def more(self) -> bool:
        """Whether there may be pointers that were not taken."""
        return bool(self._pending) or not self.exhausted

    def take(self, wanted: int) -> Flow[tuple[list[Pointer], bool]]:
        """Whole buckets with `wanted` pointers or more, and whether their heads order them.

        A bucket that is too full comes alone, in key order, and only as much as is wanted.
        """
        yield from self._fill(self._ask.limit + 1)
        taken: list[Pointer] = []
        while self._pending and len(taken) < wanted:
            bucket = self._pending[0].bucket
            if self._pending[-1].bucket == bucket and not self.exhausted:
                yield from self._fill_bucket(bucket)
            run = [pointer for pointer in self._pending if pointer.bucket == bucket]
            if bucket == self._keyed or len(run) > (self._ask.heads_max or _ALL):
                if taken:
                    break
                self._keyed = bucket
                return self._cut(wanted), False
            taken += run
            del self._pending[: len(run)]
            if not self._pending:
                yield from self._fill(self._ask.limit + 1)
        return taken, True

    def _cut(self, wanted: int) -> list[Pointer]:
        run = [pointer for pointer in self._pending if pointer.bucket == self._keyed][:wanted]
        del self._pending[: len(run)]
        return run

    def _fill(self, limit: int) -> Flow[None]:
        if not self._pending and not self.exhausted:
            yield from self._read("", self._high, limit)

    def _fill_bucket(self, bucket: str) -> Flow[None]:
        """The rest of a bucket, or as much of it as tells that it is too full."""
        room = (self._ask.heads_max or _ALL) + 1 - len(self._pending)
        if room > 0:
            yield from self._read(f"{bucket}#", f"{bucket}~", room)
            self.exhausted = False  # of this bucket only

    def _read(self, low: str, high: str, limit: int) -> Flow[None]:
        page: Page = yield patterns.inbox_pointers(
            self._ask.user_id, limit, low=low, high=high, start=self._start
        )
        for item in page.items:
            _, bucket, conversation = item["sk"].split("#", 2)
            self._pending.append(Pointer(item["sk"], bucket, conversation))
        if self._pending:
            self._start = self._pending[-1].sk
        self.exhausted = page.next is None


def read_inbox(ask: Ask, after: Position | None) -> Flow[InboxPage]:
    """A page of the inbox behind `after`."""
    buckets = Buckets(ask, after)
    rows: list[Row] = []
    exact = True
    while len(rows) < ask.limit and buckets.more:
        pointers, ordered = yield from buckets.take(ask.limit - len(rows))
        exact = exact and ordered
        found = yield from _read_heads(ask.user_id, pointers)
        shown = yield from _mend(ask, found)
        rows += _ordered(shown, after) if ordered else [_keyed(row) for row in shown]
        rows = _once(rows)
    kept = rows[: ask.limit]
    following = None
    if kept and (len(rows) > ask.limit or buckets.more):
        following = _position_of(kept[-1], ask)
    return InboxPage((yield from _views(ask.user_id, kept)), following, exact)


def _ordered(rows: list[Row], after: Position | None) -> list[Row]:
    """By head, newest first, without those that earlier pages have shown."""
    rows = sorted(rows, key=lambda row: row.order, reverse=True)
    if after is None or after.created_at == IN_KEY_ORDER:
        return rows
    return [row for row in rows if row.order < (after.created_at, after.conversation)]


def _once(rows: list[Row]) -> list[Row]:
    """Each conversation where it comes first: two stale pointers may stand for one."""
    first = {row.pointer.conversation: row for row in reversed(rows)}
    return [row for row in rows if first[row.pointer.conversation] is row]


def _keyed(row: Row) -> Row:
    return row._replace(in_key_order=True)


def _position_of(row: Row, ask: Ask) -> Position:
    if row.in_key_order:
        return Position(row.pointer.bucket, IN_KEY_ORDER, row.pointer.conversation)
    bucket = _true_bucket(row, ask) if _is_stale(row, ask) else row.pointer.bucket
    return Position(bucket, *row.order)


def _true_bucket(row: Row, ask: Ask) -> str:
    return bucket_of(row.head["created_at"], ask.bucketing)


def _is_stale(row: Row, ask: Ask) -> bool:
    """Whether the head has moved on (or the buckets' size was changed).

    A head older than the pointer says comes from a read that is behind: heads only move on. To
    follow it back would delete the true pointer while the feed deletes the older one.
    """
    true, there = _true_bucket(row, ask), row.pointer.bucket
    return true > there or (true != there and there.startswith(true))


def _read_heads(user_id: str, pointers: list[Pointer]) -> Flow[list[Row]]:
    """The heads of conversations that have one and that the user is in, all at once."""
    targets = [parse_conversation(pointer.conversation) for pointer in pointers]
    groups = [target for target in targets if target.group_id]
    reads: list[Operation] = [patterns.head_of(target) for target in targets]
    reads += [patterns.get_member(target.group_id or "", user_id) for target in groups]
    answers = (yield tuple(reads)) if reads else []
    members = dict(zip((target.id for target in groups), answers[len(targets) :], strict=True))
    lost = [one for one in pointers if members.get(one.conversation, one) is None]
    members |= yield from _find_again(user_id, lost)
    rows = []
    for pointer, target, page in zip(pointers, targets, answers, strict=False):
        head = head_item(page)
        member = members.get(target.id)
        if head and (target.users or (member and not _is_deleted(page))):
            rows.append(Row(pointer, target, page, head, member))
    return rows


def _is_deleted(page: Page) -> bool:
    """Whether the group is deleted: its members may not have been removed yet."""
    return any(item["type"] == "Group" and "deleted_at" in item for item in page.items)


def _find_again(user_id: str, lost: list[Pointer]) -> Flow[dict[str, Item]]:
    """The memberships of groups that a first read did not find: it may have been behind.

    The pointers of those that are not there are left over, and removed unless the user comes back.
    """
    if not lost:
        return {}
    ids = [parse_conversation(pointer.conversation).group_id or "" for pointer in lost]
    items = yield tuple(patterns.get_member(one, user_id, consistent=True) for one in ids)
    left_over = [
        patterns.remove_pointer(
            e.InboxPointer(user_id=user_id, bucket=one.bucket, conversation=one.conversation),
            table.GROUP_USER.key(group_id=group_id, user_id=user_id),
        )
        for one, group_id, item in zip(lost, ids, items, strict=True)
        if item is None
    ]
    try:
        if left_over:
            yield tuple(left_over)
    except (StoreReadOnly, StoreFull, StoreFailed):
        pass  # they show nothing; the next read removes them
    return {one.conversation: item for one, item in zip(lost, items, strict=True) if item}


def _mend(ask: Ask, rows: list[Row]) -> Flow[list[Row]]:
    """The rows without those that stand in their true bucket as well; stale pointers mended."""
    stale = [row for row in rows if _is_stale(row, ask)]
    if not stale:
        return rows
    places = [(ask.user_id, _true_bucket(row, ask), row.pointer.conversation) for row in stale]
    there = yield tuple(patterns.get_pointer(*place) for place in places)
    missing = [place for place, item in zip(places, there, strict=True) if item is None]
    try:
        if missing:
            yield tuple(patterns.put_pointer(*place) for place in missing)
        yield tuple(
            patterns.delete_pointer(ask.user_id, row.pointer.bucket, row.pointer.conversation)
            for row in stale
        )
    except (StoreReadOnly, StoreFull, StoreFailed):
        pass  # reading goes on where nothing can be written; the next read mends it
    doubles = {row.pointer.sk for row, item in zip(stale, there, strict=True) if item}
    return [row for row in rows if row.pointer.sk not in doubles]


def _views(user_id: str, rows: list[Row]) -> Flow[list[views.ConversationView]]:
    """The rows as they are shown; names that the feed has not copied yet are read at once."""
    tails = [tail_of(row.page) for row in rows]
    named = [
        named_peer(row.target, tail, user_id) if row.target.users else None
        for row, tail in zip(rows, tails, strict=True)
    ]
    unnamed = [
        row.target.peer_of(user_id)
        for row, person in zip(rows, named, strict=True)
        if row.target.users and person is None
    ]
    items = (yield tuple(map(patterns.get_user, unnamed))) if unnamed else []
    read = {item["pk"]: views.person_of(table.USER.parse(item)) for item in items if item}
    shown = []
    for row, tail, person in zip(rows, tails, named, strict=True):
        if row.member:
            shown.append(group_row(row.target, tail, table.GROUP_USER.parse(row.member)))
        else:
            peer = row.target.peer_of(user_id)
            known = person or read.get(f"USER#{peer}") or views.deleted_person(peer)
            shown.append(direct_row(row.target, tail, user_id, known))
    return shown
