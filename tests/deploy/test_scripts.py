"""A stage is taken away only under a good name, and only when somebody has said so."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.test_template import ODD

ROOT = Path(__file__).resolve().parents[2]
TOOL = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLED"
case "$*" in *WebBucket*) echo "${BUCKET-the-bucket}" ;; esac
"""


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the tools of AWS are called with: tools that write this down and do nothing else."""
    for name in ("sam", "aws"):
        (tmp_path / name).write_text(TOOL)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("CALLED", str(tmp_path / "called"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return tmp_path / "called"


def run(script: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / script, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("stage", ODD)
def test_an_odd_stage_is_refused_before_anything_is_done(called: Path, stage: str) -> None:
    ended = run("undeploy", stage)
    assert ended.returncode == 2
    assert "STAGE must be" in ended.stderr
    assert not called.exists()


def test_without_the_tools_it_says_which_are_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = subprocess.run(
        ["/bin/sh", ROOT / "scripts" / "stage", "prod"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "The sam command is needed" in ended.stderr


@pytest.mark.parametrize("typed", ["", "\n", "y\n", "prods\n"])
def test_nothing_is_taken_away_without_the_name_typed(called: Path, typed: str) -> None:
    ended = run("undeploy", "prod", typed=typed)
    assert ended.returncode == 1
    assert "sam" not in called.read_text()
    assert "s3 rm" not in called.read_text()


def test_with_it_the_bucket_is_emptied_and_the_stack_deleted(called: Path) -> None:
    ended = run("undeploy", "prod", typed="prod\n")
    assert ended.returncode == 0, ended.stderr
    *_, emptied, deleted = called.read_text().splitlines()
    assert emptied == "aws s3 rm --recursive --only-show-errors s3://the-bucket"
    assert deleted == "sam delete --stack-name tavola-prod --no-prompts"


@pytest.mark.parametrize("bucket", ["", "None"])
def test_what_is_left_of_a_stack_without_a_bucket_is_deleted(
    called: Path, monkeypatch: pytest.MonkeyPatch, bucket: str
) -> None:
    monkeypatch.setenv("BUCKET", bucket)
    assert run("undeploy", "prod", typed="prod\n").returncode == 0
    assert "s3 rm" not in called.read_text()
    assert "sam delete" in called.read_text()
