"""Rules act once, on what is true now; what people do by themselves stays.

`Ruled.settle` hands every change over twice, the second time backwards: nothing may come of it.
"""

import random
from typing import Any, TypeVar, cast

import pytest

from tavola.core import entities as e
from tavola.core import limits, patterns, table
from tavola.core.errors import Changed
from tavola.core.ids import derived_message_id
from tavola.core.log import Draft
from tavola.core.operations import Lost, Operation, Transact
from tavola.flows.access import Asker
from tavola.flows.blocking import block_user
from tavola.flows.erasing import erase_all, erase_user
from tavola.flows.flow import Flow
from tavola.flows.groups import create_group, delete_group, join_group, leave_group
from tavola.flows.ruling import apply_to_joining, apply_to_user, foresee_joining, foresee_user
from tavola.flows.ruling.checking import find_gone
from tavola.flows.ruling.preparing import Moment
from tavola.flows.sending import Target, send
from tavola.flows.users import Profile, create_user, update_user
from tests import builders as b
from tests.rules.makers import NOW, Ruled, ready

T = TypeVar("T")

BOTH = ["user.created", "user.updated"]
ADMIN = Asker("a-host-app", admin=True)
AT = Moment(NOW, "day")
HIKERS = ready("hikers", BOTH, {"join": "hikers"}, likes="hiking", otherwise={"leave": "hikers"})
WELCOME = {"welcome": {"from": "mira", "message": "Hi {display_name} (@{handle})!"}}


def world(*rules: Any) -> Ruled:
    """Groups, and somebody who welcomes."""
    made = Ruled(*rules)
    for group_id in ("hikers", "club", "red", "blue"):
        made.run(create_group(b.group(group_id)))
    made.run(create_user(b.user("mira")))
    made.settle()
    return made


def make(made: Ruled, user_id: str, *interests: str) -> None:
    made.run(create_user(b.user(user_id, interests=frozenset(interests) or None)))
    made.settle()


def like(made: Ruled, user_id: str, *interests: str) -> None:
    made.run(update_user(user_id, Profile(interests=frozenset(interests))))
    made.settle()


def rename(made: Ruled, user_id: str, name: str) -> None:
    made.run(update_user(user_id, Profile(display_name=name)))
    made.settle()


def test_who_is_made_joins_if_the_condition_holds() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    make(made, "bob", "chess")
    make(made, "cleo")
    assert [made.groups_of(one) for one in ("ann", "bob", "cleo")] == [["hikers"], [], []]
    (member,) = made.items("GroupUser")
    assert (member["rules"], member["role"]) == ({"hikers"}, "member")
    assert member["joined_at"] > NOW


def test_a_member_already_stays_as_they_are() -> None:
    made = world(HIKERS)
    made.run(create_user(b.user("ann", interests=frozenset({"hiking"}))))
    made.run(join_group("hikers", "ann", "admin", b.at(1)))
    made.settle()
    (member,) = made.items("GroupUser")
    assert (member["joined_at"], member["role"]) == (b.at(1), "admin")
    assert "rules" not in member


def test_a_condition_that_no_longer_holds_may_take_out() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    like(made, "ann", "chess")
    assert made.groups_of("ann") == []
    (left,) = made.items("LeftGroup")
    assert left["left_at"] > NOW
    assert left["rule"] == "hikers"


def test_whom_a_rule_took_out_it_brings_back() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    like(made, "ann")
    like(made, "ann", "hiking", "chess")
    assert made.groups_of("ann") == ["hikers"]


def test_without_otherwise_nobody_is_taken_out() -> None:
    made = world(ready("hikers", BOTH, {"join": "hikers"}, likes="hiking"))
    make(made, "ann", "hiking")
    like(made, "ann")
    assert made.groups_of("ann") == ["hikers"]


def test_who_left_by_themselves_is_not_dragged_back() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    made.run(leave_group("hikers", "ann", b.at(200)))
    made.settle()
    rename(made, "ann", "Anna")
    like(made, "ann", "hiking", "chess")
    like(made, "ann")
    like(made, "ann", "hiking")
    assert made.groups_of("ann") == []


def test_who_left_before_there_were_rules_is_not_dragged_back() -> None:
    made = world()
    make(made, "ann", "hiking")
    made.run(join_group("hikers", "ann", "member", b.at(1)))
    made.run(leave_group("hikers", "ann", b.at(2)))
    made.rules = [HIKERS]
    made.hand(made.changes())
    rename(made, "ann", "Anna")
    made.run(apply_to_user([HIKERS], "ann", AT))
    assert made.groups_of("ann") == []


def test_whom_a_person_let_in_again_stays_on_an_unrelated_change() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    like(made, "ann")
    made.run(join_group("hikers", "ann", "member", b.at(300)))
    made.settle()
    rename(made, "ann", "Anna")
    assert made.groups_of("ann") == ["hikers"]


def test_a_rule_about_making_looks_at_how_somebody_was_made() -> None:
    made = Ruled(ready("hikers", "user.created", {"join": "hikers"}, likes="hiking"))
    made.run(create_group(b.group("hikers")))
    made.run(create_user(b.user("ann")))
    made.run(update_user("ann", Profile(interests=frozenset({"hiking"}))))
    made.settle()
    assert made.groups_of("ann") == []


def test_a_rule_about_changes_waits_for_one() -> None:
    made = world(ready("hikers", "user.updated", {"join": "hikers"}, likes="hiking"))
    make(made, "ann", "hiking")
    assert made.groups_of("ann") == []
    rename(made, "ann", "Anna")
    assert made.groups_of("ann") == ["hikers"]


def test_a_group_can_be_left_by_a_rule() -> None:
    made = world(ready("moved", BOTH, {"join": "red", "leave": "blue"}, likes="red"))
    make(made, "ann")
    made.run(join_group("blue", "ann", "member", b.at(1)))
    like(made, "ann", "red")
    assert made.groups_of("ann") == ["red"]


def test_a_welcome_is_written_once_whatever_was_written_since() -> None:
    made = world(ready("hello", "user.created", WELCOME))
    make(made, "ann")
    assert made.said() == [("mira", "Hi Ann (@ann)!")]
    (entry,) = made.items("Message")
    assert entry["id"] == derived_message_id("rule", "hello", "ann", "@")
    assert entry["created_at"] > NOW
    assert entry["bump"] == {"to": NOW[:10]}
    for n in range(limits.AFTER_SPAN_MAX + 100):
        draft = Draft(b.mid(n), "ann", "something else")
        made.run(send(draft, Target(to="mira"), None, b.at(n), "day"))
    made.hand(made.changes())
    assert sum(sender == "mira" for sender, _ in made.said()) == 1


def test_a_welcome_follows_what_was_written_before() -> None:
    made = world()
    made.run(create_user(b.user("ann")))
    made.run(send(Draft(b.mid(1), "ann", "hello?"), Target(to="mira"), None, b.at(500), "day"))
    made.rules = [ready("hello", "user.created", WELCOME)]
    made.hand(made.changes())
    made.settle()
    first, second = (table.MESSAGE.parse(item) for item in made.items("Message"))
    assert (first.seq, second.seq, second.peer_seq) == (1, 2, 1)
    assert second.created_at == b.at(500)


def test_nobody_is_welcomed_by_themselves_or_where_one_blocks_the_other() -> None:
    made = world()
    made.rules = [ready("hello", "user.updated", {**WELCOME, "join": "club"})]
    rename(made, "mira", "Mirabelle")
    make(made, "ann")
    made.run(block_user("ann", "mira"))
    rename(made, "ann", "Anna")
    assert made.said() == []
    assert made.groups_of("mira") == made.groups_of("ann") == ["club"]


def test_who_joins_is_welcomed_with_the_groups_name_once() -> None:
    text = {"from": "mira", "message": "{display_name}, this is {group}."}
    made = world(ready("hello", "user.joined", {"welcome": text}, group=["hikers", "red"]))
    make(made, "ann")
    for n, group_id in enumerate(("club", "hikers", "red"), start=1):
        made.run(join_group(group_id, "ann", "member", b.at(n)))
    made.settle()
    assert made.said() == [("mira", "Ann, this is Hikers."), ("mira", "Ann, this is Red.")]
    made.run(leave_group("red", "ann", b.at(8)))
    made.run(join_group("red", "ann", "member", b.at(9)))
    made.settle()
    assert len(made.said()) == 2


def test_each_joining_counts_for_joining_and_leaving() -> None:
    made = world(
        ready("red", "user.joined", {"leave": "blue"}, group="red"),
        ready("blue", "user.joined", {"leave": "red"}, group="blue"),
    )
    make(made, "ann")
    for n, group_id in enumerate(("red", "blue", "red", "blue"), start=1):
        made.run(join_group(group_id, "ann", "member", b.at(n)))
        made.settle()
        assert made.groups_of("ann") == [group_id]


def test_a_joining_that_is_over_is_left_alone() -> None:
    made = world(ready("more", "user.joined", {"join": "club"}, group="red"))
    made.run(create_user(b.user("ann")))
    made.run(join_group("red", "ann", "member", b.at(1)))
    made.run(leave_group("red", "ann", b.at(2)))
    made.settle()
    assert made.groups_of("ann") == []


def test_a_condition_about_a_joining_is_judged_once() -> None:
    made = world(ready("more", "user.joined", {"join": "club"}, likes="hiking"))
    make(made, "ann")
    made.run(join_group("red", "ann", "member", b.at(1)))
    made.settle()
    like(made, "ann", "hiking")
    assert made.groups_of("ann") == ["red"]


def test_rules_follow_rules_and_end() -> None:
    """A circle of three: each step would undo the last and make the next one due for ever."""
    made = world(
        ready("a", "user.joined", {"join": "blue", "leave": "red"}, group="red"),
        ready("b", "user.joined", {"join": "club", "leave": "blue"}, group="blue"),
        ready("c", "user.joined", {"join": "red", "leave": "club"}, group="club"),
        ready("start", "user.created", {"join": "red"}),
    )
    make(made, "ann")
    (member,) = (one for one in made.items("GroupUser") if one["sk"] == "USER#ann")
    assert member["pk"] == "GROUP#red"
    assert member["rules"] == {"start", "a", "b", "c"}


@pytest.mark.parametrize("seed", range(30))
def test_any_rules_come_to_an_end(seed: int) -> None:
    """Each act adds its rule to a chain, so a joining by hand leads to a bounded number."""
    rng = random.Random(seed)
    groups = ["hikers", "club", "red", "blue"]
    rules = []
    for n in range(rng.randint(1, 6)):
        join = rng.sample(groups, rng.randint(1, 2))
        leave = [one for one in rng.sample(groups, rng.randint(0, 2)) if one not in join]
        named = rng.sample(groups, rng.randint(0, 2))
        rules.append(ready(f"r{n}", "user.joined", {"join": join, "leave": leave}, group=named))
    made = world(*rules)
    make(made, "ann")
    made.run(join_group(rng.choice(groups), "ann", "member", b.at(1)))
    made.settle()


def test_a_group_that_is_not_there_is_noted_and_waited_for() -> None:
    made = world(ready("r", "user.created", {"join": ["red", "later"], **WELCOME}))
    make(made, "ann")
    assert (made.groups_of("ann"), made.said(), made.items("RuleMark")) == ([], [], [])
    assert made.outcomes[-1].problem == "there is no group later to join"
    made.run(create_group(b.group("later")))
    made.hand(made.changes())
    assert made.groups_of("ann") == ["later", "red"]


def test_a_deleted_group_and_a_missing_sender_are_noted() -> None:
    made = world(
        ready("one", "user.created", {"join": "red"}),
        ready("two", "user.created", {"welcome": {"from": "nobody", "message": "hi"}}),
    )
    made.run(delete_group(ADMIN, "red", b.at(1), purge=False))
    make(made, "ann")
    assert [one.problem for one in made.outcomes if one.user_id == "ann"][:2] == [
        "there is no group red to join",
        "there is no user nobody to welcome anybody",
    ]
    assert {problem.problem for problem in made.run(find_gone(made.rules))} == {
        "there is no group red",
        "there is no user nobody",
    }


def test_what_cannot_be_judged_changes_nothing() -> None:
    made = world(HIKERS)
    make(made, "ann", "hiking")
    made.rules = [
        ready(
            "hikers",
            BOTH,
            {"join": "hikers"},
            likes="what nobody can judge",
            otherwise={"leave": "hikers"},
        )
    ]
    rename(made, "ann", "Anna")
    assert made.groups_of("ann") == ["hikers"]
    assert made.outcomes[-1].problem == "no such key"


def test_nothing_is_done_about_who_is_gone_and_nothing_is_left_of_them() -> None:
    made = world(HIKERS, ready("hello", "user.joined", WELCOME))
    make(made, "ann", "hiking")
    assert made.items("RuleMark")
    made.run(erase_user("ann", b.at(200)))
    made.run(erase_all("ann"))
    made.settle()
    assert made.items("RuleMark") == []
    assert made.groups_of("ann") == []
    assert made.run(foresee_user([HIKERS], "ann", AT)) == []


def _competing(made: Ruled, flow: Flow[T], *others: Operation) -> T:
    """Run a flow, and let somebody else write just before it does."""
    request = next(flow)
    while True:
        if isinstance(request, Transact):
            made.run_all(*others)
        try:
            request = flow.send(made.answer(request))
        except StopIteration as ended:
            return cast(T, ended.value)


def test_what_was_decided_is_looked_at_again_when_it_changed() -> None:
    made = world()
    make(made, "ann", "hiking")
    changed = table.USER.build(b.user("ann", interests=frozenset({"chess"})))
    flow = apply_to_user([HIKERS], "ann", AT)
    assert _competing(made, flow, patterns.copy_item(changed)) == []
    assert made.groups_of("ann") == []


def test_who_leaves_at_that_very_moment_stays_out() -> None:
    made = world()
    make(made, "ann", "hiking")
    left = table.LEFT_GROUP.build(e.LeftGroup("ann", "hikers", b.at(1)))
    flow = apply_to_user([HIKERS], "ann", AT)
    assert _competing(made, flow, patterns.copy_item(left)) == []
    assert made.groups_of("ann") == []


def test_who_leaves_while_a_rule_looks_at_their_joining_is_left_alone() -> None:
    made = world()
    make(made, "ann")
    made.run(join_group("red", "ann", "member", b.at(1)))
    more = ready("more", "user.joined", {"join": "club"}, group="red")
    flow = apply_to_joining([more], "red", "ann", b.at(1), AT)
    assert _competing(made, flow, patterns.leave_group("red", "ann", b.at(2))) == []
    assert made.groups_of("ann") == []


def _always_losing(made: Ruled) -> None:
    flow = apply_to_user([HIKERS], "ann", AT)
    request = next(flow)
    while True:
        request = flow.send(Lost() if isinstance(request, Transact) else made.answer(request))


def test_who_never_stops_changing_is_tried_again_later() -> None:
    made = world()
    make(made, "ann", "hiking")
    with pytest.raises(Changed):
        _always_losing(made)


def test_what_would_be_done_is_told_and_nothing_written() -> None:
    made = world()
    make(made, "ann", "hiking")
    made.run(join_group("red", "ann", "member", b.at(1)))
    made.run(leave_group("club", "ann", b.at(2)))
    before = made.store.last_change
    rules = [
        ready("r", BOTH, {"join": ["hikers", "red"], "leave": "club", **WELCOME}),
        ready("s", BOTH, {"join": "nowhere"}),
        ready("t", BOTH, {"join": "club"}, likes="chess"),
    ]
    one, two, three = made.run(foresee_user(rules, "ann", AT))
    assert (one.verdict, one.does) == (True, ("join hikers", "welcome from mira"))
    assert one.leaves_out == ("join red: is a member already", "leave club: is no member")
    assert (two.verdict, two.problem) == (True, "there is no group nowhere to join")
    assert (three.verdict, three.does, three.acted) == (False, (), False)
    hello = ready("hello", "user.joined", WELCOME)
    (joining,) = made.run(foresee_joining([hello], "club", "ann", AT))
    assert joining.does == ("welcome from mira",)
    assert made.store.last_change == before
