"""Which uuids there were, in eight bytes each: a million of them are 8 MB.

What is not in it was not there. Two look alike once in some million runs over a million rows, and
then somebody who is gone is taken for being there. Nobody is ever taken for gone.
"""

from array import array
from bisect import bisect_left
from hashlib import blake2b

_BYTES = 8


class Seen:
    """Filled first, asked then."""

    def __init__(self) -> None:
        self._digests = array("Q")
        self._sorted = True

    def add(self, text: str) -> None:
        """It was there."""
        self._digests.append(_digest(text))
        self._sorted = False

    def __len__(self) -> int:
        return len(self._digests)

    def __contains__(self, text: str) -> bool:
        if not self._sorted:
            self._digests = array("Q", sorted(self._digests))
            self._sorted = True
        digest = _digest(text)
        place = bisect_left(self._digests, digest)
        return place < len(self._digests) and self._digests[place] == digest


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=_BYTES).digest())
