"""Which changes the consumers act on, as data: for others nobody need be woken.

It may name a little more than they act on, as a change of a user's record that renames nobody, and
never less: a test holds the plans of all consumers against it.
"""

from typing import Literal, NamedTuple

Event = Literal["INSERT", "MODIFY", "REMOVE"]  # as a table's stream says it


class Want(NamedTuple):
    """A kind of change: of an item of a type, where it has an attribute or such a key."""

    event: Event
    type: str
    has: str | None = None  # a path of attributes
    pk: str | None = None  # how it begins
    sk: str | None = None


WANTED = (
    Want("INSERT", "Message", has="bump.to"),
    Want("INSERT", "Message", pk="GROUP#"),  # the sender's marker follows
    Want("INSERT", "Message", sk=f"{1:012d}"),  # both joiners of a direct conversation
    Want("INSERT", "GroupUser"),
    Want("INSERT", "User", has="deleted_at"),
    Want("MODIFY", "User"),
    Want("MODIFY", "Group"),
    Want("REMOVE", "GroupUser"),
)

RULES_WANTED = (*WANTED, Want("INSERT", "User"))
"""The same where there are rules."""
