"""Names from elsewhere in the forms that Tavola keeps: handles, ids, display names."""

import hashlib
import re
import unicodedata

from tavola.core import limits
from tavola.core.errors import Invalid
from tavola.core.ids import check_name, fold_name

HANDLE_CHARS_MAX = 32
_ID_CHARS_MAX = 64

_NOT_IN_HANDLE = re.compile(r"[^a-z0-9_.-]+")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f]+")


def handle_from(text: str, otherwise: str) -> str:
    """A handle like this text; of something else where no two characters of it can stay."""
    for source in (text, otherwise):
        handle = _NOT_IN_HANDLE.sub("-", _ascii(source).lower()).strip("-")[:HANDLE_CHARS_MAX]
        if len(handle.strip("-.")) > 1:
            return handle
    return f"user-{_digest(text)}"


def another_handle(handle: str, user_id: str) -> str:
    """The handle to try when somebody else has this one: with the user's own id behind it."""
    tail = f"-{handle_from(user_id, _digest(user_id))}"[:HANDLE_CHARS_MAX]
    return f"{handle[: HANDLE_CHARS_MAX - len(tail)]}{tail}".lstrip("-")


def id_from(text: str) -> str:
    """The text itself where it can be an id, else something that always comes of it."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        return text
    kept = _NOT_IN_ID.sub("-", _ascii(text)).strip("-").lower()
    return f"{kept[: _ID_CHARS_MAX - 9]}-{_digest(text)}".lstrip("-")


def name_from(*candidates: object) -> str:
    """The first of these that can be a name, on one line and cut to what fits."""
    for candidate in candidates:
        if isinstance(candidate, str):
            text = clean(_NOT_PRINTED.sub(" ", candidate)).strip()
            try:
                return check_name(_fitting(text))
            except Invalid:
                continue
    return "Somebody"


def clean(text: str) -> str:
    """Text that can be stored: halves of surrogate pairs and NUL become U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


def _fitting(name: str) -> str:
    while max(len(name.encode()), len(fold_name(name).encode())) > limits.NAME_BYTES_MAX:
        name = name[:-1]
    return name


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", clean(text)).encode("ascii", "ignore").decode()


def _digest(text: str) -> str:
    return hashlib.sha256(clean(text).encode()).hexdigest()[:8]
