"""What all of `tavola users` share: the group."""

from tavola.edge.cli.common import group


@group()
def users() -> None:
    r"""Make, show, change, list, export and erase users, and set their passwords.

    \b
    tavola users add mira --name "Mira Castellanos" --admin
    tavola users list
    tavola users export @mira mira.jsonl
    tavola users erase @mira
    """
