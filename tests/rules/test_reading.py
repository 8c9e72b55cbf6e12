"""A file of rules is read whole, or everything wrong in it is told with its line."""

from pathlib import Path

import pytest

from tavola.core import limits
from tavola.core.errors import FileUnusable, RulesInvalid
from tavola.core.rules import CREATED, JOINED, UPDATED, Effect, Welcome
from tavola.edge.rules import judging
from tavola.edge.rules.reading import load_rules
from tests.rules.makers import written

WHOLE = '''# who likes what
[[rule]]
name = "hikers"
when = ["user.created", "user.updated"]
if = '"hiking" in user.interests'
then = { join = ["hikers", "outdoors", "hikers"] }
otherwise = { leave = "hikers" }

[[rule]]
name = "hello"
when = "user.joined"
group = "hikers"
if = """
has(user.location) &&
  user.location == "Köln"
"""
[rule.then.welcome]
from = "mira"
message = """
[[rule]]
name = 'Grüezi, {display_name}!'"""
'''


def told(folder: Path, text: str) -> list[str]:
    """What is wrong with a text, each with its line."""
    with pytest.raises(RulesInvalid) as caught:
        written(folder, text)
    start = f"{folder / 'rules.toml'}:"
    lines = str(caught.value).splitlines()
    assert all(line.startswith(start) for line in lines)
    assert len(caught.value.errors) == len(lines)
    return [line.removeprefix(start) for line in lines]


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    loaded = written(tmp_path, WHOLE)
    hikers, hello = (ready.rule for ready in loaded.rules)
    assert loaded.lines == {"hikers": 2, "hello": 9}
    assert hikers.events == {CREATED, UPDATED}
    assert hikers.then == Effect(join=("hikers", "outdoors"))
    assert hikers.otherwise == Effect(leave=("hikers",))
    assert hello.events == {JOINED}
    assert hello.groups == ("hikers",)
    assert hello.then.welcome == Welcome("mira", "[[rule]]\nname = 'Grüezi, {display_name}!'")


def test_a_file_without_rules_needs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cel_expr_python", None)
    assert written(tmp_path, "# none yet\n").rules == []


def test_the_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cel_expr_python", None)
    with pytest.raises(RulesInvalid, match="tavola\\[rules\\]"):
        written(tmp_path, WHOLE)
    assert "tavola[rules]" in judging.MISSING


def test_lines_that_end_as_on_windows_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load_rules(path).lines == {"hikers": 2, "hello": 9}


RULE = '[[rule]]\nname = "a"\nwhen = "user.created"\n'
PLACES = "{display_name}, {handle}, {group}"
JOIN = 'then = { join = "x" }\n'


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[[rule]\n", ["1: Expected ']]' at the end of an array declaration"]),
        ('x = """', ["1: Unterminated string"]),
        ("x = 1\n" + RULE + JOIN, ["1: x: is unknown; a rule begins with [[rule]]"]),
        ('[rule]\nname = "a"\n', ["1: a rule begins with [[rule]]"]),
        ("rule = [1]\n", ["1: Expected `object`, got `int`"]),
        (RULE, ["1: Object missing required field `then`"]),
        (RULE + JOIN + 'iff = "true"\n', ["5: iff: is unknown"]),
        (RULE + 'then = { jion = "x" }\n', ["4: then: jion is unknown"]),
        (RULE + "then = { join = 3 }\n", ["4: then: Expected `str | array`, got `int`"]),
        (RULE + "[rule.then]\njoin = [3]\n", ["4: then: Expected `str`, got `int`"]),
        (RULE + "then = {}\n", ["4: then: does nothing: name `join`, `leave` or `welcome`"]),
        (
            RULE + 'then = { join = "x", leave = "x" }\n',
            ["4: then: cannot both join and leave x"],
        ),
        (
            RULE + 'then = { join = "no #" }\n',
            ["4: then: 'no #' must be 1 to 64 letters, digits, `_` or `-`"],
        ),
        (
            RULE + JOIN + 'otherwise = { leave = "x" }\n',
            ["5: otherwise: needs user.updated: nothing else ends a condition"],
        ),
        (RULE + JOIN + 'group = "x"\n', ["5: group: goes with user.joined alone"]),
        (
            '[[rule]]\nname = "a"\nwhen = ["user.joined", "user.created"]\n' + JOIN,
            ["3: when: user.joined stands alone: only there is a `group` to look at"],
        ),
        ('[[rule]]\nname = "a"\nwhen = []\n' + JOIN, ["3: when: names no event"]),
        (
            '[[rule]]\nname = "a"\nwhen = "user.deleted"\n' + JOIN,
            ["3: when: Invalid enum value 'user.deleted'"],
        ),
        (
            RULE + 'then = { welcome = { from = "m", message = "{name}" } }\n',
            ["4: then: {name} is unknown in a message; known are " + PLACES],
        ),
        (
            RULE + 'then = { welcome = { from = "m", message = "to {group}" } }\n',
            ["4: then: {group} is known with user.joined alone"],
        ),
        (
            RULE + 'then = { welcome = { from = "m", message = " " } }\n',
            ["4: then: welcome message: must not be blank"],
        ),
        (
            RULE + JOIN + RULE + JOIN,
            ["6: name: a is the name of the rule in line 1"],
        ),
        (RULE + JOIN + 'if = "user.nope"\n', ["5: if: undeclared reference to 'user.nope'"]),
        (RULE + JOIN + 'if = "has(user.nope)"\n', ["5: if: undeclared reference to 'user.nope'"]),
        (RULE + JOIN + 'if = "user.handle"\n', ["5: if: must be true or false, but is STRING"]),
        (
            RULE + JOIN + 'if = "user.handle == 1"\n',
            ["5: if: found no matching overload for '_==_' applied to '(string, int)'"],
        ),
        (
            RULE + JOIN + "if = 'group.id == \"x\"'\n",
            ["5: if: undeclared reference to 'group.id'"],
        ),
        (
            RULE + JOIN + 'if = """\ntrue &&\nuser.nope\n"""\n',
            ["7: if: undeclared reference to 'user.nope'"],
        ),
        (
            RULE + JOIN + 'if = """true &&\nuser.nope"""\n',
            ["6: if: undeclared reference to 'user.nope'"],
        ),
        (RULE + JOIN + 'if = "1 +"\n', ["5: if: Syntax error: mismatched input '<EOF>'"]),
        (RULE + JOIN + 'if = ""\n', ["5: if: Syntax error: mismatched input '<EOF>'"]),
        (
            RULE + JOIN + f'if = "{"(" * 50}true{")" * 50}"\n',
            ["5: if: Expression recursion limit exceeded. limit: 32"],
        ),
        (
            RULE + JOIN + f'if = "{"true || " * 250}true"\n',
            ["5: if: must be at most 2,000 characters"],
        ),
        (
            'x = 1\n[[rule]]\nname = ""\n' + RULE + 'then = { join = "x" }\nif = "3"\n',
            [
                "1: x: is unknown; a rule begins with [[rule]]",
                "2: Object missing required field `when`",
                "8: if: must be true or false, but is INT",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, faults: list[str]) -> None:
    assert told(tmp_path, text) == faults


def test_a_line_is_not_looked_for_in_a_text(tmp_path: Path) -> None:
    text = WHOLE + '[[rule]]\nname = "last"\nwhen = "user.created"\nif = "user.x"\n' + JOIN
    assert told(tmp_path, text) == ["25: if: undeclared reference to 'user.x'"]


def test_there_is_a_bound_on_rules_groups_and_the_file(tmp_path: Path) -> None:
    many = "".join(
        f'[[rule]]\nname = "r{n}"\nwhen = "user.created"\n{JOIN}'
        for n in range(limits.RULES_MAX + 1)
    )
    assert told(tmp_path, many) == ["1: must be at most 100 rules"]
    groups = [f"g{n}" for n in range(limits.RULE_GROUPS_MAX + 1)]
    assert told(tmp_path, RULE + f"then = {{ join = {groups} }}\n") == [
        "4: then: must name at most 20 groups"
    ]
    assert told(tmp_path, "#" * (limits.RULES_BYTES_MAX + 1)) == ["1: must be at most 256 KB"]


def test_what_the_reader_of_toml_gives_up_on_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "a = " + "[" * 50_000) == ["1: is nested too deeply"]
    (fault,) = told(tmp_path, "a = " + "1" * 50_000)
    assert fault.startswith("1: Exceeds the limit")


def test_a_device_without_an_end_is_no_file_of_rules() -> None:
    with pytest.raises(RulesInvalid, match=r"/dev/zero:1: must be at most 256 KB"):
        load_rules(Path("/dev/zero"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match=r"nowhere\.toml: No such file"):
        load_rules(tmp_path / "nowhere.toml")
    path = tmp_path / "rules.toml"
    path.write_bytes(b"# one\n# tw\xff")
    with pytest.raises(RulesInvalid, match=r"rules\.toml:2: is no UTF-8 text"):
        load_rules(path)
