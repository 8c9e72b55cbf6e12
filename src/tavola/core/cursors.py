"""Opaque cursors: a position that only who asked may continue from.

A cursor is signed with the server's secret over its position, its list and its owner, so that a
cursor of somebody else, of another list or made up is refused.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from tavola.core.errors import Invalid, invalid

_TAG_BYTES = 16


class CursorKey(msgspec.Struct, frozen=True):
    """What a cursor is bound to: the secret, the list it continues, and who asked."""

    secret: bytes
    list_name: str
    owner: str

    def seal(self, position: tuple[str, ...]) -> str:
        """A position as an opaque cursor."""
        payload = msgspec.json.encode(position)
        return urlsafe_b64encode(self._tag(payload) + payload).decode().rstrip("=")

    def open(self, cursor: str, length: int) -> tuple[str, ...]:
        """The position of `length` parts in a cursor; raises `Invalid`."""
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _refused() from None
        tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(payload)):
            raise _refused()
        position = msgspec.json.decode(payload, type=tuple[str, ...])
        if len(position) != length:
            raise _refused()
        return position

    def _tag(self, payload: bytes) -> bytes:
        bound = b"\0".join((self.list_name.encode(), self.owner.encode(), payload))
        return hmac.new(self.secret, b"cursor\0" + bound, hashlib.sha256).digest()[:_TAG_BYTES]


def _refused() -> Invalid:
    return invalid("cursor", "cursor", "is not a cursor that you were given for this list")
