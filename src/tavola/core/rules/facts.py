"""What a condition may look at: of the user, and of the group that they joined.

Nothing in it is ever written by a rule, so that no rule can make another condition true. What is
absent of a user is absent here, too; interests are a list, empty when there are none.
"""

from typing import Any, Literal

from tavola.core import entities as e

FactType = Literal["text", "bool", "texts"]
Facts = dict[str, dict[str, Any]]

USER_FACTS: dict[str, FactType] = {
    "id": "text",
    "handle": "text",
    "display_name": "text",
    "created_at": "text",
    "admin": "bool",
    "location": "text",
    "interests": "texts",
}
GROUP_FACTS: dict[str, FactType] = {
    "id": "text",
    "name": "text",
    "visibility": "text",
    "created_at": "text",
    "created_by": "text",
}


def user_facts(user: e.User) -> dict[str, Any]:
    """What a condition sees of a user."""
    facts: dict[str, Any] = {
        "id": user.user_id,
        "handle": user.handle,
        "display_name": user.display_name,
        "created_at": user.created_at,
        "admin": bool(user.admin),
        "interests": sorted(user.interests or ()),
    }
    return facts if user.location is None else facts | {"location": user.location}


def group_facts(group: e.Group) -> dict[str, Any]:
    """What a condition sees of the group that somebody joined."""
    return {
        "id": group.group_id,
        "name": group.name,
        "visibility": group.visibility,
        "created_at": group.created_at,
        "created_by": group.created_by,
    }


def facts_of(user: e.User, group: e.Group | None = None) -> Facts:
    """All that a condition sees."""
    facts = {"user": user_facts(user)}
    return facts | {"group": group_facts(group)} if group else facts
