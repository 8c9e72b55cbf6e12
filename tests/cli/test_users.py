"""`tavola users` and `tavola token`."""

import json

import pytest

from tavola.edge.auth import Tokens
from tests.api.serving import SECRET
from tests.cli.terminal import Terminal


def test_a_user_is_made_shown_and_listed(terminal: Terminal) -> None:
    words = ("--name", "Mira C", "--id", "app-1", "--admin", "--interest", "tides")
    made = terminal.json("users", "add", "Mira", *words, "--location", "Lisbon")
    assert made == {
        "id": "app-1",
        "handle": "Mira",
        "display_name": "Mira C",
        "created_at": made["created_at"],
        "location": "Lisbon",
        "interests": ["tides"],
        "admin": True,
    }
    assert terminal.json("users", "show", "@mira") == made
    assert terminal.json("users", "show", "app-1") == made
    assert terminal.json("users", "list") == {"users": [made]}
    assert "Lisbon" in terminal.ok("users", "show", "@mira")
    assert "Mira C" in terminal.ok("users", "list")


def test_a_user_is_changed(terminal: Terminal) -> None:
    made = terminal.json("users", "add", "ann", "--id", "app-1", "--location", "Rome", "--admin")
    words = ("--handle", "anna", "--name", "Anna", "--interest", "tea", "--interest", "go")
    changed = terminal.json("users", "set", "@ann", *words)
    wanted = {"handle": "anna", "display_name": "Anna", "interests": ["go", "tea"]}
    assert changed == made | wanted
    assert terminal.json("users", "show", "app-1") == changed
    removed = terminal.json(
        "users", "set", "app-1", "--location", "", "--interest", "", "--no-admin"
    )
    assert not {"location", "interests", "admin"} & removed.keys()
    assert terminal.json("users", "set", "@anna") == removed
    assert "Anna is @anna, id app-1." in terminal.ok("users", "set", "@anna")


def test_an_id_is_made_up_where_none_is_named(terminal: Terminal) -> None:
    assert "Made ann @ann, id 01" in terminal.ok("users", "add", "ann")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("users", "add", "ann"), "handle_taken", 1),
        (("users", "add", "ANN"), "handle_taken", 1),
        (("users", "add", "x"), "invalid", 2),
        (("users", "add", "an n"), "invalid", 2),
        (("users", "add", "ben", "--id", "a#b"), "invalid", 2),
        (("users", "add", "ben", "--name", " "), "invalid", 2),
        (("users", "add", "ben", "--id", "ann"), "id_taken", 1),
        (("users", "show", "@nobody"), "user_not_found", 1),
        (("users", "set", "@nobody"), "user_not_found", 1),
        (("users", "set", "ann", "--handle", "x"), "invalid", 2),
        (("users", "show", "a/b"), "invalid", 2),
        (("users", "password", "@nobody", "--password-stdin"), "user_not_found", 1),
        (("token", "nobody"), "user_not_found", 1),
        (("token", "@nobody", "--admin"), "user_not_found", 1),
        (("token", "a#b", "--admin"), "invalid", 2),
    ],
)
def test_what_cannot_be_is_told(
    terminal: Terminal, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    terminal.ok("users", "add", "ann", "--id", "ann")
    terminal.error(code, exit_code, *words)


def test_a_password_comes_from_standard_input_and_is_shown_nowhere(terminal: Terminal) -> None:
    terminal.ok("users", "add", "ann", "--password-stdin", stdin="first secret\n")
    hashes = [
        item["hash"] for item in terminal.json("table", "scan", "--type", "Password")["items"]
    ]
    assert hashes == ["(hidden)"]
    assert "argon2" not in terminal.ok("table", "scan") + terminal.ok("export", "-")
    terminal.ok("users", "password", "@ann", "--password-stdin", stdin="second secret")


@pytest.mark.parametrize("given", ["", "\n", "short"])
def test_a_bad_password_is_refused(terminal: Terminal, given: str) -> None:
    terminal.error("invalid", 2, "users", "add", "ann", "--password-stdin", stdin=given)
    terminal.ok("users", "add", "ann", "--no-password")
    terminal.error("invalid", 2, "users", "password", "@ann", "--password-stdin", stdin=given)


def test_listing_goes_on_beyond_sixty_users(terminal: Terminal) -> None:
    """The old tools stopped at 60 users."""
    names = [f"Person {n:03d}" for n in range(450)]
    terminal.ok("seed", "-", stdin="".join(f"{name}: hello\n" for name in names))
    assert [user["display_name"] for user in terminal.json("users", "list")["users"]] == names
    assert len(terminal.json("users", "list", "--limit", "70")["users"]) == 70
    assert terminal.ok("users", "list").endswith("450 users\n")


def test_a_token_is_all_that_is_printed(terminal: Terminal) -> None:
    terminal.ok("users", "add", "ann", "--id", "app-1")
    printed = terminal.ok("token", "@ann")
    claims = Tokens(SECRET).verify(printed.strip(), session=False)
    assert (claims.subject, claims.admin) == ("app-1", False)
    assert printed.count("\n") == 1


def test_an_admin_token_needs_no_user(terminal: Terminal) -> None:
    answer = terminal.json("token", "my-backend", "--admin", "--days", "1")
    claims = Tokens(SECRET).verify(answer["token"], session=False)
    assert (claims.subject, claims.admin) == ("my-backend", True)
    assert not terminal.store.exists()


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon"])
def test_a_token_lasts_a_number_of_days(terminal: Terminal, days: str) -> None:
    assert terminal.run("token", "my-backend", "--admin", "--days", days).exit_code == 2


def test_names_cannot_steer_the_terminal(terminal: Terminal) -> None:
    terminal.ok("seed", "-", stdin="Ann: \x1b[2J[bold]boo[/bold]\nBen: \x9b31m\n")
    printed = terminal.ok("conversations", "read", "dm:ann:ben")
    assert "[bold]boo[/bold]" in printed
    assert "\x1b[2J" not in printed
    assert "\x9b" not in printed
    assert "\x1b" in json.dumps(
        terminal.json("conversations", "read", "dm:ann:ben")
    ).encode().decode("unicode_escape")
