"""Where AWS cannot be asked, that is one line with a code, and nothing is judged."""

import json

import pytest

from tavola.core import limits
from tests.cli.terminal import Terminal
from tests.cognito.pools import REGION
from tests.deployed.stack import NAME, STAGE, Answer, Stack, refused_in_xml

REFUSED = json.dumps({"__type": "AccessDeniedException", "message": "may not"}).encode()


def error(terminal: Terminal, code: str, *words: str) -> str:
    """What is told; nothing else comes out."""
    result = terminal.run("doctor", "--aws", *(words or (STAGE,)))
    assert result.stdout == ""
    return terminal.error(code, result.exit_code, "doctor", "--aws", *(words or (STAGE,)))


def test_no_such_stack(terminal: Terminal) -> None:
    told = error(terminal, "aws_missing", "other")
    assert f"There is no stack tavola-other in {REGION}" in told
    assert "make deploy STAGE=other" in told


def test_another_region(terminal: Terminal) -> None:
    told = error(terminal, "aws_missing", STAGE, "--region", "us-east-1")
    assert f"There is no stack {NAME} in us-east-1" in told


@pytest.mark.parametrize(
    ("request_of", "answer"),
    [
        ("Action=DescribeStacks", refused_in_xml("AccessDenied", "may not")),
        ("Action=ListStackResources", refused_in_xml("ExpiredToken", "is old")),
        ("/configuration", REFUSED),
        ("/event-source-mappings/", REFUSED),
        ("AmazonSQS.GetQueueAttributes", REFUSED),
        ("DescribeAlarms", REFUSED),
        ("secretsmanager.DescribeSecret", REFUSED),
        ("DescribeTable", REFUSED),
        ("DescribeTimeToLive", REFUSED),
        ("DescribeContinuousBackups", REFUSED),
    ],
)
def test_who_may_not_look_is_told_where(
    terminal: Terminal, stack: Stack, request_of: str, answer: bytes
) -> None:
    stack.overrides[request_of] = Answer(403, answer)
    told = error(terminal, "aws_denied")
    assert "may not" in told or "is old" in told


def test_no_credentials(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "No AWS credentials found" in error(terminal, "store_denied")


def test_nobody_answers(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AWS_PAUSE_FIRST_S", 0.001)
    monkeypatch.setenv("TAVOLA_AWS_ENDPOINT", "http://127.0.0.1:9")
    assert "CloudFormation did not answer DescribeStacks" in error(terminal, "aws_failed")


@pytest.mark.parametrize(
    ("request_of", "answer"),
    [
        ("Action=DescribeStacks", b"no XML"),
        ("Action=DescribeStacks", b"<a><Stacks><member/></Stacks></a>"),
        ("Action=ListStackResources", b"<a><NextToken>1</NextToken></a>"),
        ("/event-source-mappings/", b"[]"),
        ("AmazonSQS.GetQueueAttributes", b"{}"),
    ],
)
def test_an_answer_of_another_shape_is_told(
    terminal: Terminal, stack: Stack, request_of: str, answer: bytes
) -> None:
    stack.overrides[request_of] = Answer(200, answer)
    error(terminal, "aws_failed")


@pytest.mark.parametrize("stage", ["Prod", "p", "prod-", "a" * 17, "../prod", ""])
def test_a_stage_that_none_can_have_is_refused(terminal: Terminal, stage: str) -> None:
    terminal.error("invalid", 2, "doctor", "--aws", stage)


@pytest.mark.parametrize("words", [("--fix",), ("--cognito",), ("--postgres",)])
def test_it_is_not_mixed_with_looking_at_items(terminal: Terminal, words: tuple[str]) -> None:
    assert "alone" in terminal.error("invalid", 2, "doctor", "--aws", STAGE, *words)


def test_the_region_must_be_known(
    terminal: Terminal, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert "--region" in terminal.error("invalid", 2, "doctor", "--aws", STAGE)
    terminal.error("invalid", 2, "doctor", "--aws", STAGE, "--region", "x.example/")
    store = f"dynamodb://chat?region={REGION}"
    assert "right" in terminal.ok("--store", store, "doctor", "--aws", STAGE)
