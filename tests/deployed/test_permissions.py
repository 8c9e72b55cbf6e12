"""What the documentation says that one needs is what is asked, and no more."""

import json
import re
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.deployed.stack import STAGE, Stack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"
ACTIONS = {
    r"Action=(\w+)": "cloudformation",
    r"GraniteServiceVersion20100801\.(\w+)": "cloudwatch",
    r"DynamoDB_20120810\.(\w+)": "dynamodb",
    r"AmazonSQS\.(\w+)": "sqs",
    r"secretsmanager\.(\w+)": "secretsmanager",
}
PATHS = {
    "/event-source-mappings/": "lambda:GetEventSourceMapping",
    "/configuration": "lambda:GetFunctionConfiguration",
}
OPEN = ("GET /api/", "GET /issuer/")  # which need none


def action_of(request: str) -> str:
    """The permission that a request needs."""
    for pattern, service in ACTIONS.items():
        if named := re.search(pattern, request):
            return f"{service}:{named[1]}"
    return next(action for text, action in PATHS.items() if text in request.split()[1])


def test_the_documented_permissions_are_what_is_asked(terminal: Terminal, stack: Stack) -> None:
    terminal.ok("doctor", "--aws", STAGE)
    asked = {action_of(one) for one in stack.asked if not one.startswith(OPEN)}
    section = PAGE.read_text().partition("\n## Is it well?\n")[2].partition("\n## ")[0]
    written = section.partition("```json\n")[2].partition("```")[0]
    (statement,) = json.loads(written)["Statement"]
    assert statement["Action"] == sorted(asked)
