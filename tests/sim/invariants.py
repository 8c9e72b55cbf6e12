"""What must be true of a store whose feed is idle, whatever has happened before."""

from collections import defaultdict
from typing import Any

from tavola.core import entities as e
from tavola.core import table
from tavola.core.ids import parse_conversation
from tavola.core.items import Item
from tavola.core.traces import trace_in
from tavola.core.views import ConversationView
from tests.sim.people import Diary

Log = list[e.Message]


class Facts:
    """The items of a store, sorted by what they are."""

    def __init__(self, items: list[Item]) -> None:
        self.records: dict[str, list[Any]] = defaultdict(list)
        for item in items:
            self.records[item["type"]].append(table.decode(item))
        self.logs: dict[str, Log] = defaultdict(list)
        for message in self.records["Message"]:
            self.logs[message.conversation].append(message)
        self.begun = {parse_conversation(conversation).pk for conversation in self.logs}
        self.members = {
            (joiner.user_id, f"group:{joiner.group_id}"): joiner
            for joiner in self.records["GroupUser"]
        }
        self.joiners = {
            (joiner.user_id, joiner.conversation): joiner for joiner in self.records["DirectUser"]
        }

    def conversations_of(self, user_id: str) -> list[str]:
        """Conversations with messages that a user is in, newest activity first."""
        mine = [
            (log[-1].created_at, conversation)
            for conversation, log in self.logs.items()
            if user_id in parse_conversation(conversation).users
            or (user_id, conversation) in self.members
        ]
        return [conversation for _, conversation in sorted(mine, reverse=True)]


def check_logs(facts: Facts) -> None:
    """A log is 1..n without gaps, its times never run backwards, its ids are unique."""
    for conversation, log in facts.logs.items():
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1)), conversation
        times = [entry.created_at for entry in log]
        assert times == sorted(times), conversation
        assert len({entry.id for entry in log}) == len(log), f"{conversation} holds an id twice"
        if parse_conversation(conversation).users:
            check_peer_seqs(log)


def check_amendments(facts: Facts) -> None:
    """Amendments are 1..n without gaps, and every changed entry has one that says so."""
    amendments: dict[str, list[e.Amendment]] = defaultdict(list)
    for amendment in facts.records["Amendment"]:
        amendments[amendment.conversation].append(amendment)
    for conversation, log in facts.logs.items():
        found = amendments[conversation]
        assert [one.n for one in found] == list(range(1, len(found) + 1)), conversation
        said = {(one.kind, one.target, one.at) for one in found}
        for entry in log:
            assert not entry.edited_at or ("edit", entry.seq, entry.edited_at) in said
            assert not entry.deleted_at or ("delete", entry.seq, entry.deleted_at) in said


def check_peer_seqs(log: Log) -> None:
    """Each entry knows the last number of the other one of the two."""
    last: dict[str, int] = {}
    for entry in log:
        others = [seq for sender, seq in last.items() if sender != entry.sender_id]
        assert entry.peer_seq == max(others, default=0), entry
        last[entry.sender_id] = entry.seq


def check_acknowledged(facts: Facts, diary: Diary) -> None:
    """An acknowledged message is stored exactly once, where its sender was told."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for conversation, log in facts.logs.items():
        for entry in log:
            places[entry.id].append((conversation, entry.seq))
    for message_id, (conversation, seq, _) in diary.sent.items():
        if diary.deleted_groups.get(conversation.removeprefix("group:")):
            continue  # see `check_deleted_groups`
        assert places[message_id] == [(conversation, seq)], message_id
        entry = facts.logs[conversation][seq - 1]
        assert (entry.deleted_at is not None) >= (message_id in diary.deleted)
        assert (entry.body is None) == (entry.deleted_at is not None)


def check_memberships(facts: Facts, diary: Diary) -> None:
    """Both joiners of a membership exist or neither, and agree."""
    one = {(m.user_id, m.group_id, m.joined_at) for m in facts.records["GroupUser"]}
    other = {(m.user_id, m.group_id, m.joined_at) for m in facts.records["UserGroup"]}
    assert one == other
    places = [(user_id, group_id) for user_id, group_id, _ in one]
    assert len(places) == len(set(places))
    for place, inside in diary.members.items():
        gone = place[0] in diary.erased or place[1] in diary.deleted_groups
        assert (place in places) == (inside and not gone), place


def check_names(facts: Facts) -> None:
    """Names in joiners are the user's and the group's; a direct conversation has both joiners."""
    users = {user.user_id: user for user in facts.records["User"]}
    begun = [joiner for joiner in facts.joiners.values() if joiner.conversation in facts.logs]
    for joiner in [*facts.members.values(), *begun]:
        user = users[joiner.user_id]
        assert (joiner.display_name or "", joiner.handle or "", joiner.names_rev) == (
            user.display_name,
            user.handle,
            user.names_rev,
        )
    groups = {
        group.group_id: group.name for group in facts.records["Group"] if not group.deleted_at
    }
    for edge in facts.records["UserGroup"]:
        assert edge.name == groups[edge.group_id]
    assert {one.group_id: one.name for one in facts.records["GroupName"]} == groups
    assert len(facts.records["GroupName"]) == len(groups)
    for conversation in facts.logs:
        for user_id in parse_conversation(conversation).users:
            assert (user_id, conversation) in facts.joiners


def check_deleted_groups(facts: Facts, diary: Diary) -> None:
    """Of a deleted group there is its record, and its log unless that was to go as well."""
    for group in facts.records["Group"]:
        purged = diary.deleted_groups.get(group.group_id)
        assert (group.deleted_at is not None) == (purged is not None)
        if purged is not None:
            assert not any(place[1] == f"group:{group.group_id}" for place in facts.members)
        if purged:
            entries = [*facts.records["Message"], *facts.records["Amendment"]]
            assert not any(one.conversation == f"group:{group.group_id}" for one in entries)


def check_blocks(facts: Facts, diary: Diary) -> None:
    """Who blocks whom is what they were told last, whatever else was written to the joiner."""
    for place, blocks in diary.blocks.items():
        if place[0] not in diary.erased:
            joiner = facts.joiners.get(place)
            assert bool(joiner and joiner.blocked) == blocks, place


def check_erased(items: list[Item], diary: Diary) -> None:
    """Of who is erased there is their record, closed conversations and tombstones, and no more."""
    facts = Facts(items)
    for user in facts.records["User"]:
        assert (user.deleted_at is not None) == (user.user_id in diary.erased)
    for who in diary.erased:
        own = [item for item in items if item["pk"] in (f"USER#{who}", f"PASSWORD#{who}")]
        assert [item.keys() - {"pk", "sk", "type", "v"} for item in own] == [
            {"names_rev", "created_at", "deleted_at"}
        ]
        for item in items:
            if item["sk"] == f"USER#{who}":
                assert item["type"] == "DirectUser"
                assert not {"handle", "display_name"} & item.keys()
            assert item.get("user_id") != who, "a handle or an identity"
            assert not (item["type"] == "UserName" and item["sk"].endswith(f"#{who}"))
            if item["type"] == "Message" and item["sender_id"] == who:
                assert not {"body", "digest", "edited_at"} & item.keys()
        for conversation in facts.logs:
            if who in parse_conversation(conversation).users:
                joiner = facts.joiners[who, conversation]
                assert (joiner.erased, joiner.blocked) == (True, False)
        assert not any(trace_in(item, who) for item in items)


def check_inbox(facts: Facts, user_id: str, rows: list[ConversationView]) -> None:
    """The inbox shows each conversation with messages once, by head, with what is unread."""
    assert [row.conversation for row in rows] == facts.conversations_of(user_id), user_id
    for row in rows:
        log = facts.logs[row.conversation]
        place = user_id, row.conversation
        member = facts.members.get(place)
        marker = (member or facts.joiners[place]).read_seq
        unseen = member.visible_from_seq - 1 if member else 0  # from before they joined
        own = max((entry.seq for entry in log if entry.sender_id == user_id), default=0)
        assert (row.head.seq if row.head else unseen) == len(log)
        assert row.unread == sum(entry.seq > max(marker, own, unseen) for entry in log), place


def check_markers(facts: Facts, diary: Diary) -> None:
    """A marker is never behind what a reader was told, nor, in a group, behind what they sent."""
    for place, seq in diary.read.items():
        if place[0] in diary.erased:
            continue
        in_group = place[1].startswith("group:")
        joiner = facts.members.get(place) if in_group else facts.joiners[place]
        assert joiner is None or joiner.read_seq >= seq, place  # who has left a group has none
    for (user_id, conversation), member in facts.members.items():
        log = facts.logs.get(conversation, [])
        own = max((entry.seq for entry in log if entry.sender_id == user_id), default=0)
        assert own <= member.read_seq <= len(log)


def check_pointers(facts: Facts, user_id: str) -> None:
    """After a full read, each conversation has one pointer, in the bucket of its head."""
    found = {
        (pointer.bucket, pointer.conversation)
        for pointer in facts.records["InboxPointer"]
        if pointer.user_id == user_id
    }
    expected = {
        (facts.logs[conversation][-1].created_at[:10], conversation)
        for conversation in facts.conversations_of(user_id)
    }
    assert found == expected, user_id
