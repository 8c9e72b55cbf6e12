"""`tavola users`: the directory, and what there is of a person."""

from tavola.edge.cli.users import erase, export, manage
from tavola.edge.cli.users.group import users

__all__ = ["erase", "export", "manage", "users"]
