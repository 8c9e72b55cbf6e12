"""Every entity's keys build and read back, and sort as the design says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavola.core import limits, table
from tavola.core.ids import fold_name
from tavola.core.items import Key, check_item, decode_attributes, encode_attributes, key_of
from tavola.core.keys import Template, WrongKey
from tests import builders as b
from tests.core import strategies as some


def test_every_entity_has_a_strategy() -> None:
    assert some.RECORDS.keys() == table.ENTITIES.keys()


@pytest.mark.parametrize("name", table.ENTITIES)
@given(data=st.data())
def test_a_record_becomes_an_item_and_comes_back(name: str, data: st.DataObject) -> None:
    record = data.draw(some.RECORDS[name])
    item = table.ENTITIES[name].build(record)
    check_item(item)
    stored = decode_attributes(key_of(item), encode_attributes(item))
    assert stored == item
    assert table.decode(stored) == record


@pytest.mark.parametrize("name", table.ENTITIES)
@given(data=st.data())
def test_what_stands_in_the_key_is_not_stored_again(name: str, data: st.DataObject) -> None:
    entity = table.ENTITIES[name]
    item = entity.build(data.draw(some.RECORDS[name]))
    assert item["type"] == name
    assert item["v"] == 1
    in_key = {*entity.pk.names, *entity.sk.names}
    allowed = {"pk", "sk", "type", "v", *entity.attributes}
    assert item.keys() <= allowed
    assert not in_key & set(entity.attributes)


@given(some.ids, some.ids, some.seqs, some.seqs)
def test_a_log_sorts_amendments_then_messages_then_group_then_members(
    group_id: str, user_id: str, n: int, seq: int
) -> None:
    conversation = f"group:{group_id}"
    keys = [
        table.AMENDMENT.key(conversation=conversation, n=n),
        table.MESSAGE.key(conversation=conversation, seq=seq),
        table.GROUP.key(group_id=group_id),
        table.GROUP_USER.key(group_id=group_id, user_id=user_id),
    ]
    assert len({key.pk for key in keys}) == 1
    assert [key.sk for key in keys] == sorted(key.sk for key in keys)


@given(some.direct_ids, some.ids, some.seqs, some.seqs)
def test_a_direct_log_sorts_amendments_then_messages_then_users(
    conversation: str, user_id: str, n: int, seq: int
) -> None:
    keys = [
        table.AMENDMENT.key(conversation=conversation, n=n).sk,
        table.MESSAGE.key(conversation=conversation, seq=seq).sk,
        table.DIRECT_USER.key(conversation=conversation, user_id=user_id).sk,
    ]
    assert keys == sorted(keys)


@given(some.seqs, some.seqs)
def test_message_keys_sort_as_their_numbers(one: int, other: int) -> None:
    first, second = (table.MESSAGE.key(conversation=b.DIRECT, seq=seq).sk for seq in (one, other))
    assert (first < second) == (one < other)


def test_the_user_comes_before_their_groups_and_their_inbox() -> None:
    keys = [
        table.USER.key(user_id="ann").sk,
        table.USER_GROUP.key(user_id="ann", group_id="-").sk,
        table.USER_GROUP.key(user_id="ann", group_id="zz").sk,
        table.INBOX_POINTER.key(user_id="ann", bucket="2026-11-21", conversation=b.DIRECT).sk,
    ]
    assert keys == sorted(keys)


@given(some.names, some.ids)
def test_a_listed_name_is_a_valid_sort_key(name: str, user_id: str) -> None:
    key = table.USER_NAME.key(folded=fold_name(name), user_id=user_id)
    assert len(key.sk.encode()) <= limits.SK_BYTES_MAX


@pytest.mark.parametrize(
    ("folded", "user_id"), [("a#b", "c"), ("#", "c"), ("a\u2028b", "c"), ("##", "-")]
)
def test_a_name_with_a_separator_in_it_reads_back(folded: str, user_id: str) -> None:
    assert table.USER_NAME.sk.read(f"{folded}#{user_id}") == {"folded": folded, "user_id": user_id}


@pytest.mark.parametrize(
    "key",
    [
        Key("DM#ann#bob", "12"),
        Key("DM#ann#bob", "0000000000001"),
        Key("DM#ann#bob", "00000000000a"),
        Key("DM#ann", "000000000001"),
        Key("DM#a/b#bob", "000000000001"),
        Key("USER#ann", "000000000001"),
        Key("DM#ann#bob\n", "000000000001"),
        Key("DM#ann#bob", "000000000001\n"),
    ],
)
def test_a_key_of_another_form_is_refused(key: Key) -> None:
    item: dict[str, Any] = table.MESSAGE.build(b.entry(1)) | {"pk": key.pk, "sk": key.sk}
    with pytest.raises(WrongKey):
        table.MESSAGE.parse(item)


def test_an_item_of_a_newer_shape_is_refused() -> None:
    item = table.USER.build(b.user("ann")) | {"v": 2}
    with pytest.raises(table.UnknownItem):
        table.USER.parse(item)


@pytest.mark.parametrize("kind", ["Nothing", "", "GroupUser"])
def test_an_item_of_another_type_is_refused(kind: str) -> None:
    with pytest.raises(table.UnknownItem):
        table.USER.parse(table.USER.build(b.user("ann")) | {"type": kind})


def test_an_item_of_no_declared_type_is_refused() -> None:
    with pytest.raises(table.UnknownItem):
        table.decode({"pk": "X", "sk": "Y", "type": "Nothing", "v": 1})


def test_an_attribute_that_the_code_does_not_know_is_left_out() -> None:
    item = table.USER.build(b.user("ann")) | {"shoe_size": 43}
    assert table.USER.parse(item) == b.user("ann")


def test_two_messages_in_one_millisecond_do_not_overwrite() -> None:
    one, other = b.entry(1), b.entry(2, created_at=b.entry(1).created_at)
    assert key_of(table.MESSAGE.build(one)) != key_of(table.MESSAGE.build(other))


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("A", "A"),
        ("INBOX#{bucket}#{conversation}", "INBOX#{bucket}#{conversation}"),
        ("HANDLE#{handle:first2}", "HANDLE#{first 2 characters}"),
        ("{conversation:log}", "DM#{a}#{b} or GROUP#{group_id}"),
        ("!{n}", "!{n:012d}"),
    ],
)
def test_a_template_is_told_as_the_key_looks(template: str, shown: str) -> None:
    assert Template(template).shown == shown
