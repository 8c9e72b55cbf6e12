"""Whether a record matches a pattern of an event source mapping.

It knows the operators that the template uses, and fails on others.
"""

from typing import Any


def matches(pattern: Any, record: Any) -> bool:
    """Whether a record has all that a pattern says."""
    for name, said in pattern.items():
        if name == "$or":
            if not any(matches(one, record) for one in said):
                return False
        elif isinstance(said, dict):
            inner = record.get(name)
            if not matches(said, inner if isinstance(inner, dict) else {}):
                return False
        elif not any(_fits(rule, record, name) for rule in said):
            return False
    return True


def _fits(rule: Any, record: dict[str, Any], name: str) -> bool:
    there = isinstance(record.get(name), str)
    if isinstance(rule, str):
        return bool(there and record[name] == rule)
    ((operator, said),) = rule.items()
    if operator == "exists":
        return there is said
    if operator == "prefix":
        return bool(there and record[name].startswith(said))
    assert operator == "anything-but", operator
    return bool(there and record[name] not in said)
