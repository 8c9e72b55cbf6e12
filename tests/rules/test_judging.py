"""A condition holds, does not, or cannot be judged; it never raises, and never takes long."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from tavola.core.rules import Undecided, Verdict, facts_of
from tests import builders as b
from tests.core import strategies as some
from tests.rules.makers import written

HIKER = b.user("ann", interests=frozenset({"hiking", "Ünïcode 🏔"}), location="Köln", admin=True)
PLAIN = b.user("bob")


def judged(folder: Path, condition: str, user: Any = HIKER) -> Verdict:
    text = (
        '[[rule]]\nname = "r"\nwhen = "user.joined"\nthen = { leave = "x" }\n'
        f"if = '''{condition}'''\n"
    )
    (one,) = written(folder, text).rules
    return one.judge(facts_of(user, b.group("club", name="Der Klub")))


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        '"hiking" in user.interests',
        '"Ünïcode 🏔" in user.interests',
        "user.interests.exists(one, one.startsWith('hik'))",
        'user.location == "Köln"',
        "has(user.location)",
        "has( user . location ) && user.admin",
        'user.handle.matches("^a[n]+$")',
        'user.display_name == "Ann" && user.id == "ann"',
        'timestamp(user.created_at) > timestamp("2020-01-01T00:00:00Z")',
        'group.id == "club" && group.name == "Der Klub" && group.visibility == "listed"',
        "group.created_by == user.id && group.created_at <= user.created_at",
        '"has(user.location)" != ""',
        'user.interests.map(has, has + "!").size() == 2',
    ],
)
def test_a_condition_holds(tmp_path: Path, condition: str) -> None:
    assert judged(tmp_path, condition) is True


@pytest.mark.parametrize(
    "condition",
    [
        "has(user.location)",
        'has(user.location) && user.location == "Köln"',
        '"hiking" in user.interests',
        "size(user.interests) > 0",
        "user.admin",
    ],
)
def test_what_somebody_does_not_say_does_not_hold(tmp_path: Path, condition: str) -> None:
    assert judged(tmp_path, condition, PLAIN) is False


def test_what_is_absent_cannot_be_judged_without_has(tmp_path: Path) -> None:
    verdict = judged(tmp_path, 'user.location == "Köln"', PLAIN)
    assert verdict == Undecided('Key not found in map : "location"')


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("1 / 0 == user.interests.size()", "divide by zero"),
        ('user.handle.matches("(")', "invalid regular expression: missing ): ("),
        ("int(user.handle) == 1", "cannot convert string to int"),
    ],
)
def test_what_fails_cannot_be_judged(tmp_path: Path, condition: str, reason: str) -> None:
    verdict = judged(tmp_path, condition)
    assert isinstance(verdict, Undecided)
    assert verdict.reason.startswith(reason)


def test_a_condition_has_a_bound_on_its_work(tmp_path: Path) -> None:
    numbers = f"[{','.join(map(str, range(200)))}]"
    condition = f"{numbers}.all(x, {numbers}.all(y, x + y >= 0))"
    assert judged(tmp_path, condition) == Undecided("Iteration budget exceeded")


@given(user=some.RECORDS["User"])
def test_every_user_can_be_judged(tmp_path_factory: pytest.TempPathFactory, user: Any) -> None:
    assume("\0" not in (user.location or ""))  # nobody can say that; the package cuts it off
    folder = tmp_path_factory.getbasetemp()
    condition = 'has(user.location) && user.location != "" || "x" in user.interests || user.admin'
    expected = bool(user.location) or "x" in (user.interests or ()) or bool(user.admin)
    assert judged(folder, condition, user) is expected
