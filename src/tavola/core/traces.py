"""What an item still says of somebody who is erased: nothing may be left of it.

Ids stay: that there was somebody, which tombstones are theirs, and a block of somebody with whom
they never had a conversation, which nothing leads to.
"""

from tavola.core.items import Item

_PROFILE = ("handle", "display_name", "admin", "location", "interests")
_JOINER = ("handle", "display_name")
_SAID = ("body", "digest", "edited_at")


def trace_in(item: Item, user_id: str) -> str | None:
    """What an item says of an erased user, in short; None for nothing."""
    pk, sk, kind = item["pk"], item["sk"], item["type"]
    if kind == "User":
        return _named(item, _PROFILE) if pk == f"USER#{user_id}" else None
    if kind == "Message":
        return _named(item, _SAID) if item["sender_id"] == user_id else None
    if kind == "DirectUser":
        return _named(item, _JOINER) if sk == f"USER#{user_id}" else None
    if kind == "FeedState":
        return "a change that was set aside" if _tells_of(item, user_id) else None
    owned = pk in (f"USER#{user_id}", f"PASSWORD#{user_id}") or item.get("user_id") == user_id
    joined = kind == "GroupUser" and sk == f"USER#{user_id}"
    listed = kind == "UserName" and sk.endswith(f"#{user_id}")
    return "the whole item" if owned or joined or listed else None


def _named(item: Item, names: tuple[str, ...]) -> str | None:
    return ", ".join(name for name in names if name in item) or None


def _tells_of(item: Item, user_id: str) -> bool:
    """A change that the feed could not handle is kept with its images, as text in text."""
    change = item.get("change", "")
    quoted = (f"USER#{user_id}", f"PASSWORD#{user_id}", f"#{user_id}", user_id)
    return any(f'{text}\\"' in change for text in quoted)
