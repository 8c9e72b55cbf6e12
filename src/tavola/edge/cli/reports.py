"""What an import did, told at its end."""

import sys

import click

from tavola.edge.cli.common import EXIT_FAILED
from tavola.edge.cli.output import print_facts, print_json, safe
from tavola.edge.importers.report import Problem, Report, told

LINES_MAX = 20


def print_report(report: Report, *, as_json: bool) -> None:
    """Tell a report; exit with 1 if conversations were refused."""
    if as_json:
        print_json(report)
    else:
        _print_counts(report)
        print_problems("could not be read", report.unreadable)
        print_problems("too long and cut", report.cut)
    if report.refused:
        print_problems("conversations could not be written", report.refused)
        sys.exit(EXIT_FAILED)


def _print_counts(report: Report) -> None:
    if not report.changed and not report.refused:
        click.echo("Nothing new: everything was there already.")
    print_facts(
        (
            ("users", _added(report.users_added, report.users_there)),
            ("groups", report.groups),
            ("memberships", f"{report.memberships_added:,} added" if report.groups else ""),
            ("direct conversations", report.direct),
            ("messages", _added(report.messages_added, report.messages_there)),
        )
    )


def _added(added: int, there: int) -> str:
    return f"{added:,} added, {there:,} were there"


def print_problems(what: str, problems: list[Problem]) -> None:
    """List problems on standard error, the first of them."""
    if problems:
        click.echo(f"{len(problems):,} {what}:", err=True)
        for line in told(problems, LINES_MAX):
            click.echo(f"  {safe(line)}", err=True)
