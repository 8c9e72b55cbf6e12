"""What is packed: all that the functions import, nothing else, small, and the same every time."""

import asyncio
import json
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tavola.app import open_service
from tavola.flows.groups import create_group
from tavola.flows.users import create_user
from tavola.settings import Settings
from tests import builders as b
from tests.api.serving import SECRET
from tests.deploy.lambdas import Emitted, http_event
from tests.deploy.template import chosen, resources
from tests.engine.dynoxide import ENVIRONMENT, Engine

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "package-functions"
BYTES_MAX = 15_000_000
RULED_BYTES_MAX = 40_000_000
UNPACKED_BYTES_MAX = 250 << 20  # what Lambda takes
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NEEDLESS = (
    "click",
    "rich",
    "uvicorn",
    "uvloop",
    "httptools",
    "boto3",
    "botocore",
    "moto",
    "pytest",
)

RULES = """
[[rule]]
name = "everybody"
when = "user.created"
if = 'user.handle != "nobody"'
then = { join = "everybody" }
"""

pytestmark = pytest.mark.slow


def pack(into: Path, architecture: str, *arguments: str) -> list[Path]:
    """Pack for an architecture; the zips: of the API and of the stream."""
    asked = ("--architecture", architecture, "--into", str(into), *arguments)
    subprocess.run([sys.executable, SCRIPT, *asked], check=True, capture_output=True)
    return [into / f"{name}-{architecture}.zip" for name in ("tavola", "tavola-stream")]


def written(folder: Path, text: str) -> str:
    path = folder / "my-rules.toml"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The zips for arm64, as they are deployed."""
    return pack(tmp_path_factory.mktemp("packed"), "arm64")


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same with rules."""
    rules = written(tmp_path_factory.mktemp("rules"), RULES)
    return pack(tmp_path_factory.mktemp("ruled"), "arm64", "--rules", rules)


def contents(packed: Path) -> dict[str, int]:
    """The files of a zip with their sizes."""
    with zipfile.ZipFile(packed) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist()}


def test_they_are_small(packed: list[Path], ruled: list[Path]) -> None:
    assert max(one.stat().st_size for one in packed) < BYTES_MAX
    assert ruled[1].stat().st_size < RULED_BYTES_MAX
    assert max(sum(contents(one).values()) for one in (*packed, *ruled)) < UNPACKED_BYTES_MAX


@pytest.mark.parametrize("number", [0, 1])
def test_what_no_function_imports_is_not_in_it(packed: list[Path], number: int) -> None:
    names = list(contents(packed[number]))
    assert names == sorted(names)
    needless = {*NEEDLESS, "psycopg", "cel_expr_python", "rules.toml"}
    assert not [name for name in names if name.partition("/")[0] in needless]
    own = [name for name in names if name.startswith("tavola/")]
    assert f"tavola/edge/aws/{('http', 'stream')[number]}.py" in own
    assert not [name for name in own if "/cli/" in name or "/webui/" in name or "/demo/" in name]
    compiled = [name for name in names if name.endswith(".so")]
    assert compiled
    assert not [name for name in compiled if "x86_64" in name or "pycache" in name]


def test_the_same_sources_make_the_same_zips(packed: list[Path], tmp_path: Path) -> None:
    again = pack(tmp_path, "arm64")
    assert [one.read_bytes() for one in again] == [one.read_bytes() for one in packed]


def test_rules_are_for_the_stream_alone(packed: list[Path], ruled: list[Path]) -> None:
    assert ruled[0].read_bytes() == packed[0].read_bytes()
    more = contents(ruled[1]).keys() - contents(packed[1])
    tops = {re.split("[/-]", name)[0] for name in more}
    assert tops == {"rules.toml", "cel_expr_python"}
    with zipfile.ZipFile(ruled[1]) as archive:
        assert archive.read("rules.toml").decode() == RULES
    named = resources("AWS::Serverless::Function")["StreamFunction"]["Environment"]["Variables"]
    assert chosen(named, frozenset({"Ruled"})) == {"TAVOLA_RULES": "/var/task/rules.toml"}


def test_bad_rules_are_refused_before_anything_is_packed(tmp_path: Path) -> None:
    rules = written(tmp_path, RULES.replace("user.handle", "user.nope"))
    asked = ("--into", tmp_path / "into", "--rules", rules)
    ended = subprocess.run(
        [sys.executable, SCRIPT, *asked], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{rules}:5: if: ")
    assert "[rules_invalid]" in ended.stderr
    assert not (tmp_path / "into").exists()


RUN = """
import json, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from tavola.edge.aws import cognito, http
from tavola.edge.aws.http import handler
for event in json.loads(sys.argv[2]):
    answer = handler(event, SimpleNamespace(aws_request_id="1"))
    print(answer["statusCode"], answer["body"][:60].replace(chr(10), " "))
handler.close()
print(*sorted({(module.__file__ or "").partition("site-packages")[1] for module in
    sys.modules.values() if getattr(module, "__file__", None)}))
"""

RUN_STREAM = """
import json, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from tavola.edge.aws.stream import handler
context = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 60_000)
print(json.dumps(handler({"Records": json.loads(sys.argv[2])}, context)))
handler.close()
print(*sorted({(module.__file__ or "").partition("site-packages")[1] for module in
    sys.modules.values() if getattr(module, "__file__", None)}))
"""

runs_here = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="it is run, too"
)


def unpacked(into: Path, number: int, *arguments: str) -> Path:
    """A zip for this machine, unpacked."""
    (into / "packed").mkdir()
    packed = pack(into / "packed", "x86_64", "--python", HERE, *arguments)
    with zipfile.ZipFile(packed[number]) as archive:
        archive.extractall(into / "task")
    return into / "task"


def run_alone(code: str, task: Path, given: str, **environment: str) -> str:
    """What code prints without anything that is installed here."""
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, task, given],
        env={**environment, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "site-packages" not in ended.stdout
    return ended.stdout


@runs_here
def test_the_stream_function_applies_rules_with_what_is_in_its_zip(
    tmp_path: Path, engine: Engine
) -> None:
    task = unpacked(tmp_path, 1, "--rules", written(tmp_path, RULES))
    table = engine.new_table()
    emitted = Emitted(engine, table)
    store = engine.store_url(table)

    async def begin() -> None:
        async with open_service(Settings(store=store)) as service:
            await service.run(create_group(b.group("everybody")))
            for name in ("ann", "nobody"):
                await service.run(create_user(b.user(name)))

    async def members() -> list[str]:
        async with open_service(Settings(store=store), write=False) as service:
            items = [item async for part in service.store.scan() for item in part]
        return [item["sk"] for item in items if item["type"] == "GroupUser"]

    asyncio.run(begin())
    printed = run_alone(
        *(RUN_STREAM, task, json.dumps(emitted.read())),
        TAVOLA_STORE=store,
        TAVOLA_RULES=str(task / "rules.toml"),
    )
    assert json.loads(printed.splitlines()[0]) == {"batchItemFailures": []}
    assert asyncio.run(members()) == ["USER#ann"]


@runs_here
def test_it_holds_all_that_the_functions_need(tmp_path: Path, engine: Engine) -> None:
    task = unpacked(tmp_path, 0)
    headers = {"host": "x", "content-type": "application/json"}
    sign_in = json.dumps({"handle": "nobody", "password": "x" * 10}).encode()
    events = [
        http_event("GET", "/api/v1/openapi.json", headers),
        http_event("POST", "/api/v1/session", headers, sign_in),
        http_event("GET", "/api/v1/me", headers),
    ]
    store = engine.store_url(engine.new_table())
    given = json.dumps(events)
    printed = run_alone(RUN, task, given, TAVOLA_STORE=store, TAVOLA_TOKEN_SECRET=SECRET)
    statuses = [line.split()[0] for line in printed.splitlines()[:3]]
    assert statuses == ["200", "401", "401"], printed
