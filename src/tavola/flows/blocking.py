"""Block a user: neither of the two can write to the other, and nothing else is shown to anybody.

The block is kept on the blocker's own joiner of the direct conversation, which may precede any
message. Who blocks sees it in the conversation; who is blocked gets the answer of a closed one.
Reading stays, and groups are not affected.
"""

from collections.abc import Callable

from tavola.core import patterns
from tavola.core.errors import invalid
from tavola.core.ids import Conversation, direct
from tavola.core.operations import Update
from tavola.flows.flow import Flow
from tavola.flows.users import find_user


def block_user(user_id: str, other: str) -> Flow[None]:
    """Block somebody, by id or `@handle`; again changes nothing.

    Raises `UserNotFound`, and `Invalid` for oneself.
    """
    yield from _write(user_id, other, patterns.block_user)


def unblock_user(user_id: str, other: str) -> Flow[None]:
    """Let somebody write again; changes nothing where there is no block.

    Raises `UserNotFound`, and `Invalid` for oneself.
    """
    yield from _write(user_id, other, patterns.unblock_user)


def _write(user_id: str, other: str, write: Callable[[Conversation, str], Update]) -> Flow[None]:
    """A failing condition means that it is so already."""
    found = yield from find_user(other)
    if found.user_id == user_id:
        raise invalid("user", "self", "must be somebody else")
    yield write(direct(user_id, found.user_id), user_id)
