"""What the template's roles may do to the table, and a guard that holds requests to it.

The evaluator knows what the template uses: actions, and the keys that a request leads with. As in
IAM one statement must allow a request with all its keys, and each part of a transaction is judged
by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

from aiodynamo.client import Client

from tests.deploy.template import chosen, resources

_PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
_PARTS |= {"ConditionCheck": "ConditionCheckItem"}
_LEADING = "dynamodb:LeadingKeys"


class Needed(NamedTuple):
    """An action and the partition keys that it is about."""

    action: str
    keys: tuple[str, ...]


class Statement(NamedTuple):
    """What is allowed: actions, on partition keys of some forms or on all."""

    actions: tuple[str, ...]
    forms: tuple[str, ...] | None

    def allows(self, needed: Needed) -> bool:
        """Whether this alone allows it."""
        if needed.action not in self.actions:
            return False
        return self.forms is None or all(
            any(fnmatchcase(key, form) for form in self.forms) for key in needed.keys
        )


@cache
def statements_of(role: str, true: frozenset[str] = frozenset()) -> list[Statement]:
    """What a role may do to the table where these conditions hold."""
    found = []
    for policy in chosen(resources("AWS::IAM::Role")[role], true)["Policies"]:
        if policy["PolicyName"] == "table":
            found += [_statement(one) for one in policy["PolicyDocument"]["Statement"]]
    return found


def _statement(node: dict[str, Any]) -> Statement:
    actions = node["Action"] if isinstance(node["Action"], list) else [node["Action"]]
    assert node["Effect"] == "Allow"
    assert node["Resource"] != "*"
    forms = None
    if "Condition" in node:
        assert list(node["Condition"]) == ["ForAllValues:StringLike"]
        forms = tuple(node["Condition"]["ForAllValues:StringLike"][_LEADING])
    return Statement(tuple(one.removeprefix("dynamodb:") for one in actions), forms)


def needed_for(action: str, payload: dict[str, Any]) -> list[Needed]:
    """What a request must be allowed."""
    match action:
        case "TransactWriteItems":
            parts = [pair for part in payload["TransactItems"] for pair in part.items()]
            return [Needed(_PARTS[kind], (_key_of(said),)) for kind, said in parts]
        case "BatchWriteItem":
            (writes,) = payload["RequestItems"].values()
            keys = (_key_of(said) for write in writes for said in write.values())
            return [Needed(action, tuple(keys))]
        case "BatchGetItem":
            (asked,) = payload["RequestItems"].values()
            return [Needed(action, tuple(key["pk"]["S"] for key in asked["Keys"]))]
        case "Query":
            assert payload["KeyConditionExpression"].startswith("#0 = :0 ")
            return [Needed(action, (payload["ExpressionAttributeValues"][":0"]["S"],))]
        case "DescribeTable" | "Scan":
            return [Needed(action, ())]
        case _:
            return [Needed(action, (_key_of(payload),))]


def _key_of(said: dict[str, Any]) -> str:
    key: str = (said.get("Key") or said["Item"])["pk"]["S"]
    return key


class Guard:
    """Holds every request to what the role of the function that is running may do."""

    def __init__(self) -> None:
        self._statements: list[Statement] | None = None
        self.seen: set[tuple[str, str]] = set()
        self.refused: set[str] = set()

    @contextmanager
    def acting(self, role: str, *true: str) -> Iterator[None]:
        """Within, requests are this role's."""
        self._statements = statements_of(role, frozenset(true))
        try:
            yield
        finally:
            self._statements = None

    def check(self, action: str, payload: dict[str, Any]) -> None:
        """Note what a request does that its role may not."""
        if self._statements is None:
            return
        for needed in needed_for(action, payload):
            self.seen |= {(needed.action, key.partition("#")[0]) for key in needed.keys}
            if not any(statement.allows(needed) for statement in self._statements):
                self.refused.add(f"{needed.action} {sorted({k[:8] for k in needed.keys})}")

    @contextmanager
    def installed(self) -> Iterator["Guard"]:
        """Within, all requests of this process are held to it."""
        send = Client.send_request

        async def guarded(client: Client, *, action: str, payload: dict[str, Any]) -> Any:
            self.check(action, payload)
            return await send(client, action=action, payload=payload)

        Client.send_request = guarded  # type: ignore[assignment,method-assign] # put back below
        try:
            yield self
        finally:
            Client.send_request = send  # type: ignore[method-assign] # as it was
