"""Breaks what the feed writes in a store, in every way that a rebuild must mend."""

import random
from collections.abc import Iterator
from typing import Any

from tavola.core import entities as e
from tavola.core import patterns, table
from tavola.core.items import Item, key_of
from tavola.core.operations import Delete, Operation, Put
from tests.sim.invariants import Facts

BUCKETS = ("2026-11-19", "2026-11-21", "2026-11-21T08", "2026-12-31")


def damages(items: list[Item], share: float, rng: random.Random) -> Iterator[Operation]:
    """Writes that break a share of a healthy store's pointers, joiners, names and markers."""
    facts = Facts(items)
    for item in items:
        if rng.random() < share:
            yield from _broken(item, facts, rng)
    for user in facts.records["User"]:
        if user.deleted_at:
            continue
        for conversation in _not_in_the_inbox_of(user, facts):
            if rng.random() < share:
                bucket = rng.choice(BUCKETS)
                yield patterns.put_pointer(user.user_id, bucket, conversation)


def _broken(item: Item, facts: Facts, rng: random.Random) -> Iterator[Operation]:
    match item["type"]:
        case "InboxPointer":
            pointer = table.INBOX_POINTER.parse(item)
            harm = rng.choice(("lost", "moved", "doubled"))
            if harm != "lost":
                bucket = rng.choice(BUCKETS)
                yield patterns.put_pointer(pointer.user_id, bucket, pointer.conversation)
            if harm != "doubled":
                yield Delete("harm", key_of(item))
        case "DirectUser" if item["pk"] in facts.begun:
            yield _unnamed(item) if rng.random() < 0.5 else _renamed(item)
        case "GroupUser":
            yield _renamed(_behind(item, facts))
        case "UserGroup":
            yield Put("harm", item | {"name": "An older name"})
        case _:
            pass  # nothing that the feed writes


def _unnamed(item: Item) -> Operation:
    """The joiner with its marker and block alone, which nothing could derive; gone without."""
    if not {"read_seq", "blocked"} & item.keys():
        return Delete("harm", key_of(item))
    names = {"handle", "display_name", "names_rev", "joined_at"}
    return Put("harm", {name: value for name, value in item.items() if name not in names})


def _renamed(item: Item) -> Operation:
    older: dict[str, Any] = {"handle": "old", "display_name": "Old", "names_rev": 0}
    return Put("harm", item | older)


def _behind(item: Item, facts: Facts) -> Item:
    """The member with a lower marker, where what they sent says where it was."""
    member = table.GROUP_USER.parse(item)
    log = facts.logs.get(f"group:{member.group_id}", [])
    own = max((entry.seq for entry in log if entry.sender_id == member.user_id), default=0)
    return item | {"read_seq": own - 1} if member.read_seq == own > 0 else item


def _not_in_the_inbox_of(user: e.User, facts: Facts) -> list[str]:
    there = set(facts.conversations_of(user.user_id))
    elsewhere = {*facts.logs, "group:nowhere", f"dm:{user.user_id}:nobody", "dm:not:theirs"}
    return sorted(elsewhere - there)
