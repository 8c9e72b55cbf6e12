"""Every kind of damage, as it is done by hand, and what doctor must say of it."""

from typing import Any, NamedTuple

from tavola.core import entities as e
from tavola.core import table
from tavola.core.items import Item, Key, key_of
from tavola.core.operations import Delete, Operation, Put, Update
from tests import builders as b
from tests.doctor.world import ISSUER

DAY, OTHER_DAY = b.T0[:10], "2026-11-19"
LOG, CLUB = "DM#ann#bob", "GROUP#club"


class Damage(NamedTuple):
    """Writes past every rule; the code that is told, of which item; whether it can be mended."""

    writes: tuple[Operation, ...]
    code: str
    key: Key
    mends: bool = True


def gone(pk: str, sk: str) -> Operation:
    return Delete("harm", Key(pk, sk))


def put(item: Item) -> Operation:
    return Put("harm", item)


def other(pk: str, sk: str, **attributes: Any) -> Operation:
    """The item with other attributes."""
    return Update("harm", Key(pk, sk), attributes)


def pointer(user_id: str, bucket: str, conversation: str) -> e.InboxPointer:
    return e.InboxPointer(user_id=user_id, bucket=bucket, conversation=conversation)


def inbox(user_id: str, bucket: str, conversation: str) -> Key:
    return table.INBOX_POINTER.key(user_id=user_id, bucket=bucket, conversation=conversation)


def handle(text: str, user_id: str) -> Operation:
    return put(table.HANDLE.build(e.Handle(handle=text, user_id=user_id)))


def listed(folded: str, user_id: str) -> Operation:
    return put(table.USER_NAME.build(e.UserName(folded=folded, user_id=user_id)))


def grouped(folded: str, group_id: str) -> Operation:
    record = e.GroupName(folded=folded, group_id=group_id, name="N", visibility="listed")
    return put(table.GROUP_NAME.build(record))


def identity(subject: str, user_id: str) -> Item:
    return table.IDENTITY.build(e.Identity(issuer=ISSUER, subject=subject, user_id=user_id))


def twin(subject: str, user_id: str) -> Item:
    record = e.UserIdentity(issuer=ISSUER, subject=subject, user_id=user_id)
    return table.USER_IDENTITY.build(record)


def edge(group_id: str, user_id: str) -> Item:
    record = e.UserGroup(group_id=group_id, user_id=user_id, joined_at=b.T0, name="Gone")
    return table.USER_GROUP.build(record)


def password(user_id: str) -> Item:
    return table.PASSWORD.build(e.Password(user_id=user_id, hash="x", set_at=b.T0))


A_1, A_1_TWIN = identity("a-1", "ann"), twin("a-1", "ann")

DAMAGES: dict[str, Damage] = {
    "an unknown type": Damage(
        (put({"pk": "USER#ann", "sk": "NOTE#1", "type": "Note", "v": 1}),),
        "unknown_type",
        Key("USER#ann", "NOTE#1"),
        mends=False,
    ),
    "no type at all": Damage(
        (put({"pk": "SOMEBODY", "sk": "ELSE", "hash": 3}),),
        "unknown_type",
        Key("SOMEBODY", "ELSE"),
        mends=False,
    ),
    "a newer version": Damage(
        (other(CLUB, "USER#bob", v=99),), "newer_version", Key(CLUB, "USER#bob"), mends=False
    ),
    "a newer version of what others lead to": Damage(
        (other("USER#cleo", "A", v=2),), "newer_version", Key("USER#cleo", "A"), mends=False
    ),
    "an attribute of another kind": Damage(
        (other("USER#ann", "A", names_rev="one"),),
        "unreadable_item",
        Key("USER#ann", "A"),
        mends=False,
    ),
    "a key of no form": Damage(
        (put({"pk": LOG, "sk": "12", "type": "Message", "v": 1}),),
        "unreadable_item",
        Key(LOG, "12"),
        mends=False,
    ),
    "a lost user": Damage(
        (gone("USER#ann", "A"),), "user_missing", Key("USER#ann", "A"), mends=False
    ),
    "a lost group": Damage((gone(CLUB, "A"),), "group_missing", Key(CLUB, "A"), mends=False),
    "a lost first message": Damage(
        (gone(LOG, "000000000001"),), "message_gap", Key(LOG, "000000000001"), mends=False
    ),
    "a lost message of a group": Damage(
        (gone(CLUB, "000000000002"),), "message_gap", Key(CLUB, "000000000002"), mends=False
    ),
    "a lost amendment": Damage(
        (gone(LOG, "!000000000001"),), "amendment_gap", Key(LOG, "!000000000001"), mends=False
    ),
    "a membership without the user's half": Damage(
        (gone("USER#bob", "GROUP#club"),), "membership_one_sided", Key("USER#bob", "GROUP#club")
    ),
    "a membership without the group's half": Damage(
        (gone(CLUB, "USER#bob"),), "membership_one_sided", Key("USER#bob", "GROUP#club")
    ),
    "a membership of no group": Damage(
        (put(edge("never", "ann")),), "membership_one_sided", Key("USER#ann", "GROUP#never")
    ),
    "a membership of a deleted group": Damage(
        (put(edge("gone", "ann")),), "membership_one_sided", Key("USER#ann", "GROUP#gone")
    ),
    "a member who never was": Damage(
        (put(table.GROUP_USER.build(b.member("eve"))),), "joiner_stray", Key(CLUB, "USER#eve")
    ),
    "a member who is erased": Damage(
        (put(table.GROUP_USER.build(b.member("dan"))),), "joiner_stray", Key(CLUB, "USER#dan")
    ),
    "a third person in a direct conversation": Damage(
        (other(LOG, "USER#cleo", type="DirectUser", v=1, read_seq=1),),
        "joiner_stray",
        Key(LOG, "USER#cleo"),
    ),
    "an identity without its twin": Damage(
        (gone(*key_of(A_1_TWIN)),), "identity_one_sided", key_of(A_1_TWIN)
    ),
    "a twin without its identity": Damage(
        (gone(*key_of(A_1)),), "identity_one_sided", key_of(A_1_TWIN)
    ),
    "a twin of somebody else's identity": Damage(
        (put(twin("a-1", "bob")),), "identity_one_sided", key_of(twin("a-1", "bob"))
    ),
    "an identity of nobody": Damage(
        (put(identity("e-1", "eve")),), "identity_stray", key_of(identity("e-1", "eve"))
    ),
    "an identity of somebody erased": Damage(
        (put(identity("d-1", "dan")),), "identity_stray", key_of(identity("d-1", "dan"))
    ),
    "two users with one handle": Damage(
        (
            other("USER#cleo", "A", handle="ANN"),
            other("GROUP#chess", "USER#cleo", handle="ANN"),
            gone("HANDLE#cl", "cleo"),
        ),
        "handle_shared",
        Key("USER#cleo", "A"),
        mends=False,
    ),
    "a user without their handle": Damage(
        (gone("HANDLE#bo", "bobby"),), "handle_missing", Key("HANDLE#bo", "bobby")
    ),
    "a handle that leads to somebody else": Damage(
        (handle("bobby", "cleo"),), "handle_missing", Key("HANDLE#bo", "bobby")
    ),
    "a handle that leads to nobody": Damage(
        (handle("eve", "eve"),), "handle_stray", Key("HANDLE#ev", "eve")
    ),
    "a handle of somebody erased": Damage(
        (handle("dan", "dan"),), "handle_stray", Key("HANDLE#da", "dan")
    ),
    "a handle that its user gave up": Damage(
        (handle("bob", "bob"),), "handle_stray", Key("HANDLE#bo", "bob")
    ),
    "a user who is not listed": Damage(
        (gone("USERS", "ann#ann"),), "user_unlisted", Key("USERS", "ann#ann")
    ),
    "a group that is not listed": Damage(
        (gone("GROUPS", "club#club"),), "group_unlisted", Key("GROUPS", "club#club")
    ),
    "a group that is listed with another name": Damage(
        (other("GROUPS", "club#club", name="CLUB", visibility="private"),),
        "group_unlisted",
        Key("GROUPS", "club#club"),
    ),
    "a user who is listed twice": Damage(
        (listed("bob", "bob"),), "listing_stray", Key("USERS", "bob#bob")
    ),
    "a listed user who never was": Damage(
        (listed("eve", "eve"),), "listing_stray", Key("USERS", "eve#eve")
    ),
    "a group that is listed twice": Damage(
        (grouped("old", "club"),), "listing_stray", Key("GROUPS", "old#club")
    ),
    "a listed group that is deleted": Damage(
        (grouped("gone", "gone"),), "listing_stray", Key("GROUPS", "gone#gone")
    ),
    "a password of nobody": Damage(
        (put(password("eve")),), "password_stray", Key("PASSWORD#eve", "A")
    ),
    "a password of somebody erased": Damage(
        (put(password("dan")),), "password_stray", Key("PASSWORD#dan", "A")
    ),
    "a name of somebody erased": Damage(
        (other("USER#dan", "A", display_name="Dan", location="Rome"),),
        "left_of_deleted_user",
        Key("USER#dan", "A"),
    ),
    "a membership of somebody erased": Damage(
        (put(edge("club", "dan")), put(table.GROUP_USER.build(b.member("dan")))),
        "left_of_deleted_user",
        Key("USER#dan", "A"),
    ),
    "a name of somebody erased in a conversation": Damage(
        (other("DM#bob#dan", "USER#dan", display_name="Dan"),),
        "left_of_deleted_user",
        Key("DM#bob#dan", "USER#dan"),
    ),
    "a conversation open to somebody erased": Damage(
        (gone("DM#bob#dan", "USER#dan"),),
        "left_of_deleted_user",
        Key("DM#bob#dan", "USER#dan"),
    ),
    "a message of somebody erased": Damage(
        (Update("harm", Key(CLUB, "000000000002"), {"body": "I am Dan"}, remove=("deleted_at",)),),
        "left_of_deleted_user",
        Key(CLUB, "000000000002"),
    ),
    "a member of a deleted group": Damage(
        (put(edge("gone", "ann")), put(table.GROUP_USER.build(b.member("ann", "gone")))),
        "left_of_deleted_group",
        Key("GROUP#gone", "A"),
    ),
    "a message of a purged group": Damage(
        (other("GROUP#gone", "A", purge=True),), "left_of_deleted_group", Key("GROUP#gone", "A")
    ),
    "a direct conversation with one joiner": Damage(
        (gone(LOG, "USER#bob"),), "direct_joiner_missing", Key(LOG, "USER#bob")
    ),
    "an old name in a group": Damage(
        (other(CLUB, "USER#bob", display_name="Bob", names_rev=1),),
        "names_stale",
        Key(CLUB, "USER#bob"),
    ),
    "a wrong name in a group": Damage(
        (other(CLUB, "USER#bob", display_name="Robert"),), "names_stale", Key(CLUB, "USER#bob")
    ),
    "an old name in a direct conversation": Damage(
        (other(LOG, "USER#bob", handle="bob", names_rev=1),), "names_stale", Key(LOG, "USER#bob")
    ),
    "a name of the future in a direct conversation": Damage(
        (other(LOG, "USER#ann", names_rev=7),), "names_stale", Key(LOG, "USER#ann")
    ),
    "an old name of a group": Damage(
        (other("USER#bob", "GROUP#club", name="Bridge"),),
        "group_name_stale",
        Key("USER#bob", "GROUP#club"),
    ),
    "a direct conversation that is not in the inbox": Damage(
        (gone(*inbox("bob", DAY, b.DIRECT)),), "pointer_missing", inbox("bob", DAY, b.DIRECT)
    ),
    "a group that is not in the inbox": Damage(
        (gone(*inbox("bob", DAY, b.GROUP)),), "pointer_missing", inbox("bob", DAY, b.GROUP)
    ),
    "a pointer in another bucket": Damage(
        (
            gone(*inbox("ann", DAY, b.GROUP)),
            put(table.INBOX_POINTER.build(pointer("ann", OTHER_DAY, b.GROUP))),
        ),
        "pointer_stale",
        inbox("ann", OTHER_DAY, b.GROUP),
    ),
    "a pointer twice": Damage(
        (put(table.INBOX_POINTER.build(pointer("ann", OTHER_DAY, b.DIRECT))),),
        "pointer_double",
        inbox("ann", OTHER_DAY, b.DIRECT),
    ),
    "a pointer to nothing": Damage(
        (put(table.INBOX_POINTER.build(pointer("ann", DAY, "dm:ann:cleo"))),),
        "pointer_stray",
        inbox("ann", DAY, "dm:ann:cleo"),
    ),
    "a pointer to a group of others": Damage(
        (put(table.INBOX_POINTER.build(pointer("cleo", DAY, b.GROUP))),),
        "pointer_stray",
        inbox("cleo", DAY, b.GROUP),
    ),
    "a pointer to a conversation of others": Damage(
        (put(table.INBOX_POINTER.build(pointer("cleo", DAY, b.DIRECT))),),
        "pointer_stray",
        inbox("cleo", DAY, b.DIRECT),
    ),
    "a marker before one's own message": Damage(
        (other(CLUB, "USER#ann", read_seq=0),), "marker_behind", Key(CLUB, "USER#ann")
    ),
}
