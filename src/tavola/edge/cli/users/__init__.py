"""`tavola users`: the directory, and what there is of a person."""

from tavola.edge.cli.users import erase, manage
from tavola.edge.cli.users.group import users

__all__ = ["erase", "manage", "users"]
