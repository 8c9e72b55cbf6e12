"""Opaque cursors: a position that only who asked may continue from.

A cursor is signed with the server's secret over its position, its list and its owner, so that a
cursor of somebody else, of another list or made up is refused. And it is veiled: the position may
be at something that its owner must not see. The signature is the nonce of the veil, so that the
same position always has the same cursor, and each position a veil of its own.
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
        tag = self._tag(payload)
        return urlsafe_b64encode(tag + self._veiled(tag, payload)).decode().rstrip("=")

    def open(self, cursor: str, length: int) -> tuple[str, ...]:
        """The position of `length` parts in a cursor; raises `Invalid`."""
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _refused() from None
        tag = raw[:_TAG_BYTES]
        payload = self._veiled(tag, raw[_TAG_BYTES:])
        if not hmac.compare_digest(tag, self._tag(payload)):
            raise _refused()
        position = msgspec.json.decode(payload, type=tuple[str, ...])
        if len(position) != length:
            raise _refused()
        return position

    def _tag(self, payload: bytes) -> bytes:
        bound = b"\0".join((self.list_name.encode(), self.owner.encode(), payload))
        return hmac.new(self.secret, b"cursor\0" + bound, hashlib.sha256).digest()[:_TAG_BYTES]

    def _veiled(self, tag: bytes, payload: bytes) -> bytes:
        """The payload under a veil, or what was veiled."""
        blocks = range(0, len(payload), hashlib.sha256().digest_size)
        veil = b"".join(
            hmac.new(self.secret, b"veil\0%b%d" % (tag, block), hashlib.sha256).digest()
            for block in blocks
        )
        return bytes(a ^ b for a, b in zip(payload, veil, strict=False))


def _refused() -> Invalid:
    return invalid("cursor", "cursor", "is not a cursor that you were given for this list")
