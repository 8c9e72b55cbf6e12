"""What is imported makes nothing that two copies of a container must not share."""

import subprocess
import sys

import pytest

FUNCTIONS = ("http", "stream", "cognito")
WATCHED = """
import importlib, sys, threading

found = []

def audit(event, args):
    if event.startswith(("socket.", "subprocess.", "sqlite3.")) and event != "socket.__new__":
        found.append(f"{event} {args}")
    if event == "socket.__new__" and "aiohttp" not in sys._getframe(1).f_globals["__name__"]:
        found.append(f"{event} {args}")

def called(frame, event, arg):
    code = frame.f_code
    if event == "call" and code.co_filename.endswith("tavola/edge/clock.py"):
        if code.co_name in ("now", "ago", "new_id", "signing_date"):
            found.append(code.co_name)
    if event == "c_call" and getattr(arg, "__name__", "") in ("uuid4", "uuid7", "token_bytes"):
        found.append(arg.__name__)

sys.addaudithook(audit)
sys.setprofile(called)
made = importlib.import_module("tavola.edge.aws." + sys.argv[1])
sys.setprofile(None)
threads = threading.active_count()
assert threads == 1, threads
assert not found, found
container = made.handler._container
assert container._loop is None
assert container._held is None
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_import_makes_no_ids_clocks_or_connections(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, name], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_imports_no_command_line_and_no_server(name: str) -> None:
    told = f"import sys, tavola.edge.aws.{name}; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    # `rich` is not among them: structlog imports it where it is installed, which it is not there.
    unwanted = {"click", "uvicorn", "uvloop", "httptools", "mypy", "boto3"}
    assert not unwanted & set(ended.stdout.split())
