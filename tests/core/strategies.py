"""Random valid records of every entity, for hypothesis."""

import string

from hypothesis import strategies as st

from tavola.core import entities as e
from tavola.core import errors, limits
from tavola.core.ids import check_name, direct, fold_name
from tavola.core.ids import group as group_of
from tavola.core.times import from_epoch_ms

ids = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=64)
handles = st.text(string.ascii_lowercase + string.digits + "_.-", min_size=2, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
times = st.integers(0, 4_000_000_000_000).map(from_epoch_ms)
buckets = times.map(lambda time: time[:10]) | times.map(lambda time: time[:13])
revs = st.integers(1, 10**9)
seqs = st.integers(0, limits.SEQ_MAX)
uuids = st.uuids().map(str)
directs = st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1])
direct_ids = directs.map(lambda pair: direct(*pair).id)
group_ids = ids.map(lambda group_id: group_of(group_id).id)
conversations = direct_ids | group_ids


def _is_name(text: str) -> bool:
    try:
        check_name(text)
    except errors.Invalid:
        return False
    return True


names = texts.filter(_is_name).map(check_name)
folded = names.map(fold_name)
visibilities = st.sampled_from(["listed", "private"])
bumps = st.builds(e.Bump, to=buckets, from_=st.none() | buckets)
flags = st.sampled_from([None, True])

RECORDS: dict[str, st.SearchStrategy[e.Record]] = {
    "User": st.builds(
        e.User,
        user_id=ids,
        handle=handles,
        display_name=names,
        names_rev=revs,
        created_at=times,
        admin=flags,
        location=st.none() | texts,
        interests=st.none() | st.frozensets(texts, min_size=1),
        deleted_at=st.none() | times,
    ),
    "UserGroup": st.builds(e.UserGroup, user_id=ids, group_id=ids, joined_at=times, name=names),
    "InboxPointer": st.builds(
        e.InboxPointer, user_id=ids, bucket=buckets, conversation=conversations
    ),
    "UserIdentity": st.builds(e.UserIdentity, user_id=ids, issuer=texts, subject=texts),
    "LeftGroup": st.builds(
        e.LeftGroup, user_id=ids, group_id=ids, left_at=times, rule=st.none() | ids
    ),
    "RuleMark": st.builds(
        e.RuleMark,
        user_id=ids,
        scope=st.just("@") | ids,
        rule=ids,
        held=st.booleans(),
        joined_at=st.none() | times,
        welcomed=st.booleans(),
    ),
    "Password": st.builds(e.Password, user_id=ids, hash=texts, set_at=times),
    "UserName": st.builds(e.UserName, folded=folded, user_id=ids),
    "Handle": st.builds(e.Handle, handle=handles, user_id=ids),
    "Identity": st.builds(e.Identity, issuer=texts, subject=texts, user_id=ids),
    "Group": st.builds(
        e.Group,
        group_id=ids,
        name=names,
        names_rev=revs,
        visibility=visibilities,
        created_at=times,
        created_by=ids,
        deleted_at=st.none() | times,
    ),
    "GroupUser": st.builds(
        e.GroupUser,
        group_id=ids,
        user_id=ids,
        joined_at=times,
        role=st.sampled_from(["member", "admin"]),
        handle=handles,
        display_name=names,
        names_rev=revs,
        read_seq=seqs,
        visible_from_seq=seqs,
        rules=st.none() | st.frozensets(ids, min_size=1),
    ),
    "GroupName": st.builds(
        e.GroupName, folded=folded, group_id=ids, name=names, visibility=visibilities
    ),
    "DirectUser": st.builds(
        e.DirectUser,
        conversation=direct_ids,
        user_id=ids,
        joined_at=st.none() | times,
        handle=st.none() | handles,
        display_name=st.none() | names,
        names_rev=revs,
        read_seq=seqs,
        blocked=st.booleans(),
        erased=st.booleans(),
    ),
    "Message": st.builds(
        e.Message,
        conversation=conversations,
        seq=seqs,
        id=uuids,
        sender_id=ids,
        kind=st.sampled_from(["text", "system"]),
        created_at=times,
        body=st.none() | texts,
        digest=st.none() | texts,
        edited_at=st.none() | times,
        deleted_at=st.none() | times,
        peer_seq=st.none() | seqs,
        bump=st.none() | bumps,
    ),
    "Amendment": st.builds(
        e.Amendment,
        conversation=conversations,
        n=seqs,
        target=seqs,
        kind=st.sampled_from(["edit", "delete", "reaction"]),
        by=ids,
        at=times,
    ),
    "FeedState": st.builds(
        e.FeedState,
        feed=ids,
        part=st.just("LEASE")
        | ids.map(lambda shard: f"CHECKPOINT#{shard}")
        | seqs.map(lambda n: f"ASIDE#{n:012d}"),
        position=st.none() | seqs,
        at=st.none() | times,
        error=st.none() | texts,
        change=st.none() | texts,
        origin=st.none() | st.builds(e.Origin, source=texts, pk=st.none() | texts),
    ),
}
