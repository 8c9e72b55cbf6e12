"""What still tells of somebody is found in every kind of item, and nothing of others is."""

import pytest

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import Item, encode_line
from tavola.core.traces import trace_in
from tests import builders as b

VOUCHED = {"issuer": "https://id.example", "subject": "s", "user_id": "ann"}
JOINER = e.DirectUser(conversation=b.DIRECT, user_id="ann", erased=True, names_rev=2, read_seq=3)
TOMBSTONE = b.entry(1, body=None, digest=None, deleted_at=b.T0)


def aside(item: Item) -> Item:
    change = '["' + encode_line(item).decode().replace('"', '\\"') + '"]'
    return table.FEED_STATE.build(
        e.FeedState(feed="main", part="ASIDE#000000000001", change=change)
    )


TELLING = [
    table.USER.build(b.user("ann", deleted_at=b.T0)),
    table.USER.build(e.User(user_id="ann", names_rev=2, created_at=b.T0, location="Rome")),
    table.USER_GROUP.build(e.UserGroup(user_id="ann", group_id="g", joined_at=b.T0, name="G")),
    table.INBOX_POINTER.build(
        e.InboxPointer(user_id="ann", bucket=b.T0[:10], conversation=b.GROUP)
    ),
    table.USER_IDENTITY.build(e.UserIdentity(**VOUCHED)),
    table.IDENTITY.build(e.Identity(**VOUCHED)),
    table.LEFT_GROUP.build(e.LeftGroup(user_id="ann", group_id="g", left_at=b.T0)),
    table.PASSWORD.build(e.Password(user_id="ann", hash="x", set_at=b.T0)),
    table.USER_NAME.build(e.UserName(folded="ann", user_id="ann")),
    table.HANDLE.build(e.Handle(handle="annie", user_id="ann")),
    table.GROUP_USER.build(b.member("ann")),
    table.DIRECT_USER.build(e.DirectUser(conversation=b.DIRECT, user_id="ann", handle="annie")),
    table.MESSAGE.build(b.entry(1)),
    aside(table.MESSAGE.build(b.entry(1))),
]
SILENT = [
    table.USER.build(e.User(user_id="ann", names_rev=2, created_at=b.T0, deleted_at=b.T0)),
    table.DIRECT_USER.build(JOINER),
    table.MESSAGE.build(TOMBSTONE),
    table.AMENDMENT.build(
        e.Amendment(conversation=b.DIRECT, n=1, target=1, kind="delete", by="ann", at=b.T0)
    ),
    table.FEED_STATE.build(e.FeedState(feed="main", part="LEASE", owner="ann")),
]


@pytest.mark.parametrize("item", TELLING, ids=lambda item: str(item["type"]))
def test_what_tells_of_somebody_is_found(item: Item) -> None:
    assert trace_in(item, "ann")
    for other in ("an", "anna", "cleo"):
        assert trace_in(item, other) is None


@pytest.mark.parametrize("item", SILENT, ids=lambda item: str(item["type"]))
def test_what_has_to_stay_tells_nothing(item: Item) -> None:
    assert trace_in(item, "ann") is None
