"""`tavola patterns`: the access patterns, as they are declared."""

import click

from tavola.core.patterns import PATTERNS
from tavola.edge.cli.common import as_json, command, group
from tavola.edge.cli.output import print_json, print_table


@group()
def patterns() -> None:
    r"""Show the access patterns: what each asks and costs.

    \b
    tavola patterns list
    """


@command(patterns, "list")
@as_json
def list_patterns(_: click.Context, /, *, as_json: bool) -> None:
    r"""List every question and every write that is asked of the table.

    Each has its key condition, the index that it needs, and its promised cost in DynamoDB's
    request units for items under 1 KB.

    \b
    tavola patterns list
    tavola patterns list --json
    """
    declared = list(PATTERNS.values())
    if as_json:
        print_json({"patterns": declared})
        return
    rows = ((one.name, one.question, one.key, one.index or "none", one.units) for one in declared)
    print_table(("pattern", "question", "key condition", "index", "units"), rows)
