"""A deployment shows what will change and asks. Without a yes, or where it fails, it is no more."""

from pathlib import Path

import pytest

from tests.deploy.account import Clone
from tests.deploy.template import template
from tests.deploy.test_template import ODD

UPLOADS = ("aws s3", "aws cloudfront")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """An account with nothing in it."""
    return Clone(tmp_path)


def uploads(clone: Clone) -> list[str]:
    return [call for begin in UPLOADS for call in clone.account.made(begin)]


def test_the_first_time_it_packs_shows_asks_makes_and_uploads(clone: Clone) -> None:
    ended = clone.deploy("prod", "LogDays=90")
    assert ended.returncode == 0, ended.stderr
    begins = "tavola-prod in eu-west-1 of account 123456789012, for arm64, without rules\n"
    assert ended.stdout.startswith(begins)
    assert ended.stdout.index("+ Add") < ended.stdout.index("[y/N]")
    assert ended.stdout.endswith("tavola-prod is at https://the.example\n")
    done = [" ".join(call.split()[:3]) for call in clone.account.calls]
    assert [call for call in done if not call.startswith("aws cloudformation")] == [
        "aws sts get-caller-identity",
        "package scripts/package-functions --architecture",
        "sam deploy --no-execute-changeset",
        "sam deploy --no-confirm-changeset",
        "aws s3 cp",
        "aws s3 cp",
        "aws s3 sync",
        "aws cloudfront create-invalidation",
    ]
    given = {"LogDays": "90", "Stage": "prod", "Architecture": "arm64", "Rules": "false"}
    assert clone.account.state["parameters"] == given
    assert given.keys() <= template()["Parameters"].keys()


def test_what_is_shown_is_what_is_made(clone: Clone) -> None:
    clone.deploy("prod", "Bucketing=hour", "TableExplorer=true")
    shown, made = clone.account.made("sam deploy")
    assert made.replace("--no-confirm-changeset", "--no-execute-changeset") == shown


def test_a_second_time_nothing_is_changed(clone: Clone) -> None:
    clone.deploy("prod", "LogDays=90")
    before = clone.account.state["parameters"]
    ended = clone.deploy("prod")
    assert ended.returncode == 0, ended.stderr
    assert "No changes to deploy" in ended.stdout
    assert clone.account.state["parameters"] == before


@pytest.mark.parametrize("named", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_both_tools_are_in_the_region_that_is_shown(clone: Clone, named: str) -> None:
    ended = clone.deploy("prod", **{"AWS_REGION": "", named: "us-east-2"})
    assert "tavola-prod in us-east-2 of account" in ended.stdout
    assert "Make these changes to tavola-prod in us-east-2" in ended.stdout
    assert clone.account.state["regions"] == ["us-east-2"]


def test_without_a_region_nothing_is_packed(clone: Clone) -> None:
    ended = clone.deploy("prod", AWS_REGION="")
    assert ended.returncode == 1
    assert "No region is set" in ended.stderr
    assert clone.account.calls == ["aws configure get region"]


@pytest.mark.parametrize("stage", ODD)
def test_an_odd_stage_is_refused_before_anything_is_packed_or_asked(
    clone: Clone, stage: str
) -> None:
    ended = clone.deploy(stage)
    assert ended.returncode == 2
    assert "STAGE must be" in ended.stderr
    assert clone.account.calls == []


@pytest.mark.parametrize("tool", ["sam", "aws"])
def test_a_tool_that_is_missing_is_named(clone: Clone, tool: str) -> None:
    clone.lose(tool)
    ended = clone.deploy("prod")
    assert ended.returncode == 1
    assert f"The {tool} command is needed: install the AWS " in ended.stderr
    assert clone.account.calls == []


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "yesterday\n"])
def test_nothing_is_made_or_uploaded_where_somebody_says_no(clone: Clone, typed: str) -> None:
    ended = clone.deploy("prod", typed=typed)
    assert ended.returncode == 1
    assert ended.stderr == "Nothing was changed.\n"
    assert clone.account.state["status"] is None, "not even a stack that waits for its changes"
    assert clone.account.state["parameters"] is None
    assert uploads(clone) == []


def test_of_a_stack_that_is_there_only_what_was_shown_is_forgotten(clone: Clone) -> None:
    clone.deploy("prod")
    uploaded = uploads(clone)
    assert clone.deploy("prod", "LogDays=7", typed="n\n").returncode == 1
    assert clone.account.state["status"] == "UPDATE_COMPLETE"
    assert clone.account.state["shown"] == []
    assert "LogDays" not in clone.account.state["parameters"]
    assert uploads(clone) == uploaded


@pytest.mark.parametrize(
    ("refuses", "told", "asked"),
    [("change set", "ChangeSetLimitExceeded", False), ("changes", "LimitExceeded", True)],
)
def test_a_quota_that_is_reached_is_told_and_nothing_is_uploaded(
    clone: Clone, refuses: str, told: str, asked: bool
) -> None:
    clone.account.keep(refuses=refuses)
    ended = clone.deploy("prod")
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "tavola-prod could not be deployed" in ended.stderr
    assert "see docs/deploy.md" in ended.stderr
    assert ("[y/N]" in ended.stdout) == asked
    assert ("make undeploy STAGE=prod" in ended.stderr) == asked
    assert clone.account.state["status"] == ("ROLLBACK_COMPLETE" if asked else None)
    assert uploads(clone) == []
    clone.account.keep(refuses=None)
    assert (clone.deploy("prod").returncode == 0) != asked, "what is left is taken away first"


# What is packed


def test_rules_are_packed_and_the_stack_knows(clone: Clone) -> None:
    ended = clone.deploy("prod", "--rules", "my rules.toml", "LogDays=7")
    assert "with the rules of my rules.toml" in ended.stdout
    (packed,) = clone.account.made("package")
    assert packed.endswith("--architecture arm64 --rules my rules.toml")
    assert clone.account.state["parameters"]["Rules"] == "true"
    again = clone.deploy("prod")
    assert "It has rules now, and will have none" in again.stdout
    assert clone.account.state["parameters"]["Rules"] == "false"
    assert "It has rules" not in clone.deploy("prod").stdout


def test_bad_rules_stop_it_before_the_stack_is_touched(clone: Clone) -> None:
    assert clone.deploy("prod", "--rules", "bad.toml").returncode == 1
    assert clone.account.made("sam") == []


def test_functions_are_packed_for_the_processor_that_they_run_on(clone: Clone) -> None:
    clone.deploy("prod", "Architecture=x86_64")
    handed = (clone.folder / "build" / "deploy" / "template.yaml").read_text()
    assert handed.count("-x86_64.zip") == 2
    assert ".zip" not in handed.replace("-x86_64.zip", "")
    clone.deploy("prod")
    assert clone.account.state["parameters"]["Architecture"] == "arm64", "as it is packed"
    first, second = clone.account.made("package")
    assert "x86_64" in first
    assert "arm64" in second
