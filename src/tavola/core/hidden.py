"""What nobody is shown, whichever way an item is looked at: the hashes of passwords.

Whatever is called `hash` is hidden, because a projection of an item need not say whose it is. So is
what looks like a hash anywhere in a text: a change that was set aside holds items as text.
"""

import re
from typing import Any

HIDDEN = "(hidden)"

_MARK = "$argon2"
_HASH = re.compile(r"\$argon2[A-Za-z0-9+/=$,.-]*")


def without_hashes(attributes: dict[str, Any]) -> dict[str, Any]:
    """The same attributes, with what is hidden in place of hashes, however deep they lie."""
    return {
        name: HIDDEN if name == "hash" else _without(value) for name, value in attributes.items()
    }


def _without(value: Any) -> Any:
    match value:
        case str():
            return _HASH.sub(HIDDEN, value) if _MARK in value else value
        case dict():
            return without_hashes(value)
        case list():
            return [_without(part) for part in value]
        case frozenset():
            return frozenset(map(_without, value))
        case _:
            return value
