"""The examples of the README are run as they stand there, against a real server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.serving import COMMAND, Serving, environment

ROOT = Path(__file__).parents[2]


def shell_blocks(document: str) -> list[str]:
    """The shell examples of a document."""
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / document).read_text(), re.M | re.S)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's examples call curl")
def test_the_readmes_example_sends_a_message_and_finds_it(tmp_path: Path) -> None:
    (example,) = [block for block in shell_blocks("README.md") if "curl" in block]
    with Serving(tmp_path) as server:
        script = example.replace("http://127.0.0.1:8080", server.url)
        script = script.replace(".venv/bin/tavola", COMMAND[0])
        ended = subprocess.run(
            ["bash", "-euc", script.replace("curl ", "curl -sS -w '\\n' ")],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    ann, bob, message, inbox, page = map(json.loads, ended.stdout.splitlines())
    assert (ann["id"], bob["handle"]) == ("ann", "bob")
    assert message["body"] == "Hello, Bob!"
    assert inbox["conversations"][0]["unread"] == 1
    assert page["messages"] == [message]


def test_the_two_queries_of_the_directory_find_what_its_page_says(tmp_path: Path) -> None:
    (example,) = shell_blocks("docs/users-and-groups.md")
    script = example.replace("tavola ", f"{COMMAND[0]} ")
    ended = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "USER#mira  A  User" in ended.stdout
    assert "USER#mira  GROUP#choir  UserGroup" in ended.stdout
    assert "GROUP#choir  USER#ben  GroupUser" in ended.stdout
    assert ended.stdout.count("2 items, 1.0 read units") == 2


def test_the_example_of_rules_puts_people_into_a_group_and_welcomes_them(tmp_path: Path) -> None:
    text = (ROOT / "docs/rules.md").read_text()
    (rules,) = re.findall(r"^```toml\n(.*?)^```$", text, re.M | re.S)
    (tmp_path / "rules.toml").write_text(rules)
    (example,) = shell_blocks("docs/rules.md")
    ended = subprocess.run(
        ["bash", "-euc", example.replace(".venv/bin/tavola", COMMAND[0])],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = ended.stdout
    assert "rules.toml: 2 rules, nothing wrong." in told
    assert re.search(r"^ann +@ann .*\nmira +@mira ", told, re.M), told
    assert "Hi ann, welcome to Hikers!" in told


def test_every_target_that_the_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    named = re.findall(r"^make ([a-z]+)", (ROOT / "README.md").read_text(), re.M)
    assert named
    assert set(named) <= targets


@pytest.mark.parametrize(
    "document",
    sorted(path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))),
    ids=str,
)
def test_links_lead_somewhere(document: Path) -> None:
    text = (ROOT / document).read_text()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / document.parent / target).exists(), f"{document} links to {target}"
