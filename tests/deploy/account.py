"""An account of AWS as far as the scripts see it, and the two tools that they call, made up.

What the tools are called with is written down; what is there of the stack follows from it. They
know what the scripts ask, and fail on anything else.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOL = f"""#!{sys.executable} -I
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.deploy.account import Account
sys.exit(Account.at({{place!r}}).called({{name!r}}, sys.argv[1:]))
"""
OUTPUTS = {
    "WebBucket": "the-bucket",
    "Distribution": "the-distribution",
    "Url": "https://the.example",
}


class Account:
    """An account with one stack at most, kept in a file."""

    def __init__(self, place: Path, state: dict[str, Any]) -> None:
        self._place = place
        self.state = state

    @classmethod
    def at(cls, place: str | Path) -> "Account":
        """The account as it is now."""
        return cls(Path(place), json.loads(Path(place).read_text()))

    @property
    def calls(self) -> list[str]:
        """What the tools were called with."""
        called: list[str] = self.state["calls"]
        return called

    def made(self, what: str) -> list[str]:
        """The calls that begin so."""
        return [one for one in self.calls if one.startswith(what)]

    def keep(self, **changed: Any) -> None:
        """Change it."""
        self.state |= changed
        self._place.write_text(json.dumps(self.state))

    def called(self, tool: str, arguments: list[str]) -> int:
        """Do what a tool is called for; its exit code."""
        self.calls.append(" ".join([tool, *arguments]))
        self.state["regions"] = sorted({*self.state["regions"], os.environ["AWS_REGION"]})
        code = getattr(self, f"_{tool}")(arguments)
        self.keep()
        return int(code or 0)

    def _package(self, arguments: list[str]) -> int:
        return 1 if "bad.toml" in arguments else 0

    def _sam(self, arguments: list[str]) -> int:
        assert arguments[0] == "deploy"
        at = arguments.index("--parameter-overrides")
        wanted = dict(one.split("=", 1) for one in arguments[at + 1 :])
        if arguments[1] == "--no-execute-changeset":
            return self._show(wanted)
        assert arguments[1] == "--no-confirm-changeset"
        self.state["shown"] = []
        if self.state["refuses"] == "changes":
            new = self.state["parameters"] is None
            self.state["status"] = "ROLLBACK_COMPLETE" if new else "UPDATE_ROLLBACK_COMPLETE"
            return _fail("CREATE_FAILED Web: LimitExceeded", 1)
        self.state["parameters"] = {**(self.state["parameters"] or {}), **wanted}
        self.state["status"] = "UPDATE_COMPLETE"
        return 0

    def _show(self, wanted: dict[str, str]) -> int:
        if self.state["status"] == "ROLLBACK_COMPLETE":
            return _fail("The stack is in ROLLBACK_COMPLETE state and can not be updated", 1)
        if self.state["parameters"] is None:
            self.state["status"] = "REVIEW_IN_PROGRESS"
        if self.state["refuses"] == "change set":
            return _fail("ChangeSetLimitExceeded", 1)
        now = {**(self.state["parameters"] or {}), **wanted}
        if now == self.state["parameters"]:
            _say("No changes to deploy. Stack is up to date")
            return 0
        _say("+ Add  Table  AWS::DynamoDB::Table")
        self.state["shown"] += ["arn:one", "arn:two"]
        return 0

    def _aws(self, arguments: list[str]) -> int:
        match arguments:
            case ["sts", "get-caller-identity", *_]:
                _say(123456789012)
            case ["configure", "get", "region"] | ["s3", *_] | ["cloudfront", *_]:
                pass
            case ["cloudformation", "describe-stacks", *_, query]:
                return self._describe(query)
            case ["cloudformation", "list-change-sets", *_]:
                _say("\n".join(self.state["shown"]))
            case ["cloudformation", "delete-change-set", *_, shown]:
                self.state["shown"].remove(shown)
            case ["cloudformation", "delete-stack", *_]:
                self.state |= {"status": None, "shown": []}
            case _:
                raise AssertionError(arguments)
        return 0

    def _describe(self, query: str) -> int:
        if self.state["status"] is None:
            return _fail("Stack with id does not exist", 254)
        if query == "Stacks[0].StackStatus":
            _say(self.state["status"])
        elif "Parameters" in query:
            _say((self.state["parameters"] or {}).get(query.split("'")[1], ""))
        else:
            _say(OUTPUTS[query.split("'")[1]])
        return 0


def _say(text: object) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


class Clone:
    """A copy of what the scripts need, with tools that act on an account of nobody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        for name in ("deploy", "stage"):
            (self.folder / "scripts").mkdir(parents=True, exist_ok=True)
            copy(ROOT / "scripts" / name, self.folder / "scripts" / name)
        copytree(ROOT / "deploy", self.folder / "deploy")
        self._place = folder / "account.json"
        Account(self._place, {}).keep(
            calls=[], regions=[], status=None, parameters=None, shown=[], refuses=None
        )
        self._tools = folder / "tools"
        self.tool(self._tools / "sam", "sam")
        self.tool(self._tools / "aws", "aws")
        self.tool(self.folder / ".venv" / "bin" / "python", "package")

    def tool(self, path: Path, name: str) -> None:
        """Make a tool that acts on the account."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TOOL.format(place=str(self._place), name=name))
        path.chmod(0o755)

    @property
    def account(self) -> Account:
        """The account as it is now."""
        return Account.at(self._place)

    def lose(self, name: str) -> None:
        """Uninstall a tool."""
        (self._tools / name).unlink()

    def deploy(
        self, *arguments: str, typed: str = "y\n", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Call the script, from anywhere."""
        return subprocess.run(
            [self.folder / "scripts" / "deploy", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": f"{self._tools}:/usr/bin:/bin", "AWS_REGION": "eu-west-1", **environment},
        )
