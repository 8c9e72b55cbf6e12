"""The web UI: built files from the package, and the app's HTML for every page path."""

from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

WEB_UI = Path(__file__).parents[2] / "webui"

_SECURITY = {
    "content-security-policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_NOT_BUILT = "<!doctype html><title>Tavola</title><p>The web UI is not built: run <code>make</code>"


class Pages:
    """Serves files of the built UI by their path, and its page for every other path."""

    def __init__(self, folder: Path = WEB_UI) -> None:
        self._folder = folder
        self._files = {
            "/" + path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(scope["path"], scope["method"])
        await response(scope, receive, send)

    def _response(self, path: str, method: str) -> Response:
        if method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"allow": "GET, HEAD", **_SECURITY})
        file = self._files.get(path)
        if file is not None and path != "/index.html":
            hashed = path.startswith("/assets/")
            kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
            return FileResponse(file, headers={"cache-control": kept, **_SECURITY})
        index = self._files.get("/index.html")
        headers = {"cache-control": "no-cache", **_SECURITY}
        if index is None:
            return HTMLResponse(_NOT_BUILT, headers=headers)
        return FileResponse(index, headers=headers)
