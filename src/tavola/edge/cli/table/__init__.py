"""`tavola table`: the table itself, and the items in it as they are."""

from tavola.edge.cli.table import describe, items, listing, manage, partiql
from tavola.edge.cli.table.group import table

__all__ = ["describe", "items", "listing", "manage", "partiql", "table"]
