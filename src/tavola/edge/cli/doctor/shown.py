"""A report as people read it: what is wrong, what it means, what to do, and where."""

import click

from tavola.edge.cli.output import safe
from tavola.edge.doctor.report import CheckReport, Report


def print_report(report: Report, *, mend: bool, shown_max: int | None) -> None:
    """Tell a report; of each check at most so many findings, None for all."""
    if any(one.name == "table" for one in report.sections):
        click.echo(
            f"{report.items:,} items: {report.users:,} users, {report.groups:,} groups, "
            f"{report.conversations:,} conversations."
        )
    for note in report.notes:
        click.echo(f"Note: {note.text} [{note.code}]")
    if report.mended:
        click.echo("\nMended:")
        for check in report.mended:
            click.echo(f"  {check.count:,}  {check.code}: {check.mends}")
    for check in report.found:
        _print_check(check, shown_max)
    if report.unexamined:
        click.echo(f"\n{len(report.unexamined):,} parts could not be examined:")
        for problem in report.unexamined[:shown_max]:
            click.echo(f"  {safe(problem.where)}: {safe(problem.reason)}")
    _print_end(report, mend=mend)


def _print_check(check: CheckReport, shown_max: int | None) -> None:
    click.echo(f"\n{check.asks} No: {check.count:,}. [{check.code}]")
    click.echo(f"  {check.means}")
    click.echo(f"  What to do: {check.advice}")
    if check.mends:
        click.echo(f"  With --fix: {check.mends}")
    for told in check.findings[:shown_max]:
        click.echo(f"    {safe(told.pk)}  {safe(told.sk)}: {safe(told.detail)}")
        for other in told.others[:shown_max]:
            click.echo(f"      with {safe(other.pk)}  {safe(other.sk)}")
    if shown_max is not None and check.count > shown_max:
        click.echo(f"    … and {check.count - shown_max:,} more; --all shows all")


def _print_end(report: Report, *, mend: bool) -> None:
    if report.clean:
        click.echo("Everything is right.")
        return
    found = sum(check.count for check in report.found)
    mendable = sum(check.count for check in report.found if check.mends)
    told = f"\n{found:,} things are wrong."
    if mendable and not mend:
        told += f" {mendable:,} of them have one right answer: `tavola doctor --fix` mends them."
    click.echo(told)
