"""What is packed: all that the functions import, nothing else, small, and the same every time."""

import json
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.api.serving import SECRET
from tests.deploy.lambdas import http_event
from tests.engine.dynoxide import ENVIRONMENT, Engine

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "package-functions"
BYTES_MAX = 15_000_000
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

pytestmark = pytest.mark.slow


def pack(into: Path, architecture: str, *arguments: str) -> Path:
    """Pack for an architecture; the zip."""
    asked = ("--architecture", architecture, "--into", str(into), *arguments)
    subprocess.run([sys.executable, SCRIPT, *asked], check=True, capture_output=True)
    return into / f"tavola-{architecture}.zip"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip for arm64, as it is deployed."""
    return pack(tmp_path_factory.mktemp("packed"), "arm64")


def test_it_is_small(packed: Path) -> None:
    assert packed.stat().st_size < BYTES_MAX
    with zipfile.ZipFile(packed) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) < UNPACKED_BYTES_MAX


def test_what_no_function_imports_is_not_in_it(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert not [name for name in names if name.partition("/")[0] in NEEDLESS]
    own = [name for name in names if name.startswith("tavola/")]
    assert "tavola/edge/aws/http.py" in own
    assert not [name for name in own if "/cli/" in name or "/webui/" in name or "/demo/" in name]
    compiled = [name for name in names if name.endswith(".so")]
    assert compiled
    assert not [name for name in compiled if "x86_64" in name or "pycache" in name]


def test_the_same_sources_make_the_same_zip(packed: Path, tmp_path: Path) -> None:
    assert pack(tmp_path, "arm64").read_bytes() == packed.read_bytes()


RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from tavola.edge.aws import cognito, http, stream
from tavola.edge.aws.http import handler
for event in json.loads(sys.argv[2]):
    answer = handler(event, None)
    print(answer["statusCode"], answer["body"][:60].replace(chr(10), " "))
handler.close()
print(*sorted({(module.__file__ or "").partition("site-packages")[1] for module in
    sys.modules.values() if getattr(module, "__file__", None)}))
"""


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="it is run, too"
)
def test_it_holds_all_that_the_functions_need(tmp_path: Path, engine: Engine) -> None:
    """Run without anything that is installed here."""
    with zipfile.ZipFile(pack(tmp_path, "x86_64", "--python", HERE)) as archive:
        archive.extractall(tmp_path / "task")
    headers = {"host": "x", "content-type": "application/json"}
    sign_in = json.dumps({"handle": "nobody", "password": "x" * 10}).encode()
    events = [
        http_event("GET", "/api/v1/openapi.json", headers),
        http_event("POST", "/api/v1/session", headers, sign_in),
        http_event("GET", "/api/v1/me", headers),
    ]
    store = engine.store_url(engine.new_table())
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, tmp_path / "task", json.dumps(events)],
        env={"TAVOLA_STORE": store, "TAVOLA_TOKEN_SECRET": SECRET, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    statuses = [line.split()[0] for line in ended.stdout.splitlines()[:3]]
    assert statuses == ["200", "401", "401"], ended.stdout
    assert "site-packages" not in ended.stdout
