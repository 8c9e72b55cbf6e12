"""Rules on an embedded store: applied by a server, whenever it dies, and not again by a copy."""

from pathlib import Path

import pytest

from tests.api.people import People
from tests.api.serving import Serving, serve_to_the_end, wait_until
from tests.cli.terminal import Terminal

RULES = """
[[rule]]
name = "everybody"
when = "user.created"
then = { join = "everybody" }

[[rule]]
name = "hello"
when = "user.joined"
group = "everybody"
if = 'user.id != "host"'
then = { welcome = { from = "host", message = "Hi {display_name}" } }
"""
PEOPLE, DEATHS = 20, 3


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The settings of a server with rules."""
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return {"rules": str(path)}


def begin(people: People) -> None:
    people.request("POST", "/groups", {"id": "everybody", "name": "Everybody"})
    people.request("POST", "/users", {"id": "host", "handle": "host", "display_name": "Host"})


def test_everybody_is_let_in_and_welcomed_once_whenever_the_server_dies(
    tmp_path: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    for _ in range(DEATHS):
        with Serving(tmp_path, settings=settings) as server:
            people = People(server.url)
            begin(people)
            made += [people.user("somebody").id for _ in range(PEOPLE)]
            people.close()
            server.kill()
    with Serving(tmp_path, settings=settings) as server:
        people = People(server.url)
        page = "/groups/everybody/users"
        wait_until(lambda: len(people.get(page, limit=200)["users"]) == len(made) + 1)
        assert [one["id"] for one in people.get(page, limit=200)["users"]] == sorted(
            [*made, "host"]
        )
        people.close()
        assert server.stop() == 0
    terminal = Terminal(tmp_path)
    monkeypatch.setenv("TAVOLA_RULES", settings["rules"])
    terminal.ok("rules", "run")  # what the feed has still to do is done
    assert sorted(welcomed(terminal)) == sorted(made)


def welcomed(terminal: Terminal) -> list[str]:
    """Who was written to by the host, each time."""
    said = [one for one in terminal.items() if one["type"] == "Message"]
    assert {one["sender_id"] for one in said} <= {"host"}
    return [user for one in said for user in one["pk"].split("#")[1:] if user != "host"]


def test_what_is_imported_again_is_not_done_again(
    tmp_path: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAVOLA_RULES", settings["rules"])
    one, other = Terminal(tmp_path), Terminal(tmp_path, "other.db")
    one.ok("groups", "add", "everybody")
    for handle in ("host", "ann", "ben"):
        one.ok("users", "add", handle, "--id", handle, "--no-password")
    one.ok("rules", "run")
    assert sorted(welcomed(one)) == ["ann", "ben"]
    one.ok("export", tmp_path / "all.jsonl")
    other.ok("import", "jsonl", tmp_path / "all.jsonl")
    other.ok("rules", "run")
    assert other.items() == one.items()


def test_a_server_does_not_start_with_rules_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULES.replace("user.id", "user.nope"))
    code, told = serve_to_the_end(tmp_path, "serve", "--port", "0", rules=str(path))
    assert code == 1
    assert f"{path}:11: if: undeclared reference to 'user.nope' [rules_invalid]" in told
    assert not (tmp_path / "tavola.db").exists()
