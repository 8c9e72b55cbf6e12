"""What a role may do is what its function can come to do: nothing is missing, nothing too much."""

from collections.abc import Iterator

import pytest

from tavola.core import patterns
from tavola.core.items import key_of
from tavola.core.operations import (
    Check,
    Delete,
    Get,
    Operation,
    Part,
    Put,
    Query,
    Scan,
    Transact,
    Update,
)
from tests import builders as b
from tests.contract.test_costs import CLUB, COSTS
from tests.deploy.permissions import Needed, Statement, statements_of
from tests.deploy.running import ROOTS, patterns_of

# Patterns are about conversations of both kinds, where the table of costs has an example of one.
OTHERS: list[Operation] = [
    patterns.direct_head(CLUB),
    patterns.read_messages(CLUB, 1, 9, 9),
    patterns.append_message(b.entry(1, conversation=b.GROUP)),
]
ALONE = {"set_aside"}  # never several at once, so never as a batch
EXPLORER = {"scan_table"}  # run only where the explorer is on


def needed_for(operation: Operation) -> Iterator[Needed]:
    """All that one operation must be allowed, alone or among others of its kind."""
    match operation:
        case Scan():
            yield Needed("Scan", ())
        case Query():
            yield Needed("Query", (operation.pk,))
        case Get():
            yield Needed("GetItem", (operation.key.pk,))
            yield Needed("BatchGetItem", (operation.key.pk,))
        case Transact():
            yield from map(_needed_for_part, operation.parts)
        case _:
            part = _needed_for_part(operation)
            yield part
            batched = isinstance(operation, Put | Delete) and operation.condition is None
            if batched and operation.pattern not in ALONE:
                yield Needed("BatchWriteItem", part.keys)


def _needed_for_part(part: Part) -> Needed:
    match part:
        case Put():
            return Needed("PutItem", (key_of(part.item).pk,))
        case Update():
            return Needed("UpdateItem", (part.key.pk,))
        case Delete():
            return Needed("DeleteItem", (part.key.pk,))
        case Check():
            return Needed("ConditionCheckItem", (part.key.pk,))


def needs_of(role: str) -> set[Needed]:
    """All that the function of a role must be allowed."""
    run = patterns_of(role) - EXPLORER
    operations = [*(cost.operation for cost in COSTS), *OTHERS]
    examples = [one for one in operations if one.pattern in run]
    assert {one.pattern for one in examples} == run
    return {Needed("DescribeTable", ())}.union(*map(needed_for, examples))


def refused(needs: set[Needed], statements: list[Statement]) -> set[Needed]:
    return {one for one in needs if not any(said.allows(one) for said in statements)}


@pytest.mark.parametrize("role", ROOTS)
def test_what_a_function_can_come_to_run_is_allowed(role: str) -> None:
    assert refused(needs_of(role), statements_of(role)) == set()


def narrower(statements: list[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    """The same without one statement, one action of one, or one form of keys of one."""
    for place, said in enumerate(statements):
        rest = statements[:place] + statements[place + 1 :]
        yield f"{place}", rest
        for action in said.actions:
            fewer = tuple(one for one in said.actions if one != action)
            yield f"{place} {action}", [*rest, said._replace(actions=fewer)]
        for form in said.forms or ():
            others = tuple(one for one in said.forms or () if one != form)
            yield f"{place} {form}", [*rest, said._replace(forms=others)]


@pytest.mark.parametrize("role", ROOTS)
def test_nothing_of_it_could_be_dropped(role: str) -> None:
    needs = needs_of(role)
    less = narrower(statements_of(role))
    assert [what for what, left in less if not refused(needs, left)] == []


def test_the_explorer_adds_what_it_needs_and_no_more() -> None:
    plain = statements_of("HttpRole")
    (added,) = [
        one for one in statements_of("HttpRole", frozenset({"Explored"})) if one not in plain
    ]
    anything = {Needed("Scan", ()), Needed("Query", ("WHATEVER#1",))}
    assert refused(anything, plain) == anything
    assert refused(anything, [added]) == set()
    assert set(added.actions) == {one.action for one in anything}
    assert patterns_of("HttpRole") >= EXPLORER
    assert not EXPLORER & (patterns_of("StreamRole") | patterns_of("CognitoRole"))


def test_code_is_followed_to_what_it_names() -> None:
    """The hot ways, and the rare ones that no test of a whole function comes by."""
    http, stream, cognito = map(patterns_of, ("HttpRole", "StreamRole", "CognitoRole"))
    assert {"append_message", "get_password", "create_linked_user", "erase_user"} <= http
    assert {"set_aside", "erase_messages", "purge_entry", "apply_rule", "erase_mark"} <= stream
    assert {"get_identity", "create_linked_user", "get_checkpoint"} <= cognito
    assert "get_password" not in stream | cognito
    assert "apply_rule" not in http | cognito
    assert not {"put_lease", "mend_stray", "copy_item"} & (http | stream | cognito)
