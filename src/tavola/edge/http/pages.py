"""The web UI: built files from the package, and the app's HTML for every page path.

Files are looked up as they are asked for, so that a UI which is rebuilt while the server runs is
served at once. A file of the build that is not there is a 404: the app's HTML in its place would
be run as a script.
"""

import re
import stat
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

WEB_UI = Path(__file__).parents[2] / "webui"

# Own files only: no inline script or style, no data: image, nothing embedded or embedding.
_SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_NOT_BUILT = "<!doctype html><title>Tavola</title><p>The web UI is not built: run <code>make</code>"
_HASHED = "/assets/"
# What the build puts out: a name, or one in assets. No dot leads a name, so none leads elsewhere.
_BUILT = re.compile(r"/(?:assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]*")


class Pages:
    """Serves files of the built UI by their path, and its page for every other path."""

    def __init__(self, folder: Path = WEB_UI) -> None:
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(scope["path"], scope["method"])
        await response(scope, receive, send)

    def _response(self, path: str, method: str) -> Response:
        if method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"allow": "GET, HEAD", **_SECURITY})
        hashed = path.startswith(_HASHED)
        kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response = self._file(path, kept) if _BUILT.fullmatch(path) else None
        if response is None and hashed:
            return PlainTextResponse("Not found", 404, headers={"cache-control": "no-store"})
        return response or self._file("/index.html", "no-cache") or _not_built()

    def _file(self, path: str, kept: str) -> Response | None:
        """A file of the build; None where it has no such file."""
        file = self._folder / path[1:]
        try:
            found = file.stat()
        except OSError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return FileResponse(file, stat_result=found, headers={"cache-control": kept, **_SECURITY})


def _not_built() -> Response:
    return HTMLResponse(_NOT_BUILT, headers={"cache-control": "no-cache", **_SECURITY})
