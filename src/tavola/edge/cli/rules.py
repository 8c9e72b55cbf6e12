"""`tavola rules`: what the rules of the installation are, would do, and do to everybody."""

import sys
from pathlib import Path

import click
import msgspec

from tavola.app import Service, rules_of
from tavola.core.errors import RulesInvalid, invalid
from tavola.core.rules import Ready, Undecided
from tavola.edge import clock
from tavola.edge.cli.common import EXIT_FAILED, as_json, command, group, on_store, settings_of
from tavola.edge.cli.output import print_json, print_table, safe
from tavola.edge.cli.progress import Lines, progress
from tavola.edge.rules.reading import RuleFile
from tavola.edge.rules.running import RunReport, run_rules
from tavola.flows.ruling import Finding, foresee_joining, foresee_user
from tavola.flows.ruling.checking import find_gone
from tavola.flows.ruling.preparing import Moment
from tavola.flows.users import find_user
from tavola.settings import Settings


class Fault(msgspec.Struct):
    """Something wrong in the file, or that names what the store does not have."""

    where: str
    message: str


class Checked(msgspec.Struct):
    """What a check found."""

    file: str
    rules: list[str]
    faults: list[Fault]


class Tried(msgspec.Struct):
    """What a rule would do about somebody now; `holds` is null where that cannot be judged."""

    rule: str
    where: str
    holds: bool | None
    acted: bool
    does: tuple[str, ...]
    leaves_out: tuple[str, ...]
    problem: str | None


@group()
def rules() -> None:
    r"""Check rules, try them on a user, and apply them to all.

    The rules are in the file that the setting `rules` names; docs/rules.md says how they are
    written. A server and a worker apply them by themselves.

    \b
    TAVOLA_RULES=rules.toml tavola rules check
    TAVOLA_RULES=rules.toml tavola rules run --dry-run
    """


@command(rules)
@click.option("--without-store", is_flag=True, help="Look at the file alone.")
@as_json
def check(ctx: click.Context, /, *, without_store: bool, as_json: bool) -> None:
    r"""Check the file, and whether the groups and users are there that it names.

    Everything wrong is told with file and line; exit code 1 if there is anything.

    \b
    TAVOLA_RULES=rules.toml tavola rules check
    TAVOLA_RULES=rules.toml tavola rules check --without-store --json
    """
    settings = settings_of(ctx)
    file = _file_of(settings)
    try:
        loaded = _load(settings)
    except RulesInvalid as error:
        faults = [Fault(one.field, one.message) for one in error.errors]
        if not faults:  # the package is missing: no fault of the file
            raise
        checked = Checked(file, [], faults)
    else:
        faults = [] if without_store else on_store(settings, lambda one: _find_gone(one, loaded))
        checked = Checked(file, [ready.rule.name for ready in loaded.rules], faults)
    if as_json:
        print_json(checked)
    else:
        _tell_checked(checked)
    if checked.faults:
        sys.exit(EXIT_FAILED)


@command(rules)
@click.argument("user")
@click.option("--group", "group_id", metavar="ID", help="As if they joined this group now.")
@as_json
def test(ctx: click.Context, /, user: str, *, group_id: str | None, as_json: bool) -> None:
    r"""Show which rules would act about a user now, and why. Nothing is written.

    Rules about the user look at them as they are. With --group it is the rules about joining, as
    if the user joined that group now.

    \b
    TAVOLA_RULES=rules.toml tavola rules test @mira
    TAVOLA_RULES=rules.toml tavola rules test @mira --group hikers --json
    """
    settings = settings_of(ctx)
    loaded = _load(settings)
    findings = on_store(settings, lambda service: _try(service, loaded, user, group_id))
    tried = [_tried(finding, loaded) for finding in findings]
    if as_json:
        print_json({"rules": tried})
    else:
        _tell_tried(tried)


@command(rules, writes=lambda flags: not flags["dry_run"])
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@as_json
def run(ctx: click.Context, /, *, dry_run: bool, as_json: bool) -> None:
    r"""Apply the rules about users to everybody who is there, also from before there were rules.

    Where a rule has acted it does not act again, so repeating it changes nothing and finishes what
    was interrupted. Joinings of the past are not looked at. On an embedded store, stop the server
    first. Exit code 1 if a rule could not be applied to somebody.

    \b
    TAVOLA_RULES=rules.toml tavola rules run --dry-run
    TAVOLA_RULES=rules.toml tavola rules run
    """
    settings = settings_of(ctx)
    loaded = _load(settings)
    with progress() as shown:
        report = on_store(
            settings,
            lambda service: _run(service, loaded.rules, shown, dry_run=dry_run),
            write=not dry_run,
        )
    if as_json:
        print_json(report)
    else:
        _tell_run(report)
    if report.troubles:
        sys.exit(EXIT_FAILED)


def _file_of(settings: Settings) -> str:
    if settings.rules is None:
        raise invalid("rules", "missing", "no file is named: set TAVOLA_RULES")
    return str(Path(settings.rules))


def _load(settings: Settings) -> RuleFile:
    file = _file_of(settings)
    return rules_of(settings) or RuleFile(Path(file), [], {})


async def _find_gone(service: Service, loaded: RuleFile) -> list[Fault]:
    gone = await service.run(find_gone(loaded.rules))
    return [Fault(_where(loaded, one.rule), f"{one.rule}: {one.problem}") for one in gone]


async def _try(
    service: Service, loaded: RuleFile, user: str, group_id: str | None
) -> list[Finding]:
    user_id = (await service.run(find_user(user))).user_id
    at = Moment(clock.now(), service.settings.bucket)
    about_joining = [one for one in loaded.rules if one.rule.is_about_joining]
    if group_id is None:
        about_users = [one for one in loaded.rules if not one.rule.is_about_joining]
        return await service.run(foresee_user(about_users, user_id, at))
    there = [one for one in about_joining if group_id in (one.rule.groups or (group_id,))]
    return await service.run(foresee_joining(there, group_id, user_id, at))


async def _run(service: Service, ready: list[Ready], shown: Lines, *, dry_run: bool) -> RunReport:
    """Then the feed does what follows: inboxes, and rules about joining."""
    report = await run_rules(service, ready, shown, dry_run=dry_run)
    if not dry_run:
        shown.stage("feed", None)
        await service.settle()
    return report


def _where(loaded: RuleFile, rule: str) -> str:
    return f"{loaded.path}:{loaded.lines[rule]}"


def _tried(finding: Finding, loaded: RuleFile) -> Tried:
    verdict = finding.verdict
    holds, reason = (None, verdict.reason) if isinstance(verdict, Undecided) else (verdict, None)
    return Tried(
        rule=finding.rule,
        where=_where(loaded, finding.rule),
        holds=holds,
        acted=finding.acted,
        does=finding.does,
        leaves_out=finding.leaves_out,
        problem=finding.problem or reason,
    )


def _tell_checked(checked: Checked) -> None:
    for fault in checked.faults:
        click.echo(f"{safe(fault.where)}: {safe(fault.message)}")
    if not checked.faults:
        click.echo(f"{safe(checked.file)}: {len(checked.rules):,} rules, nothing wrong.")


def _tell_tried(tried: list[Tried]) -> None:
    if not tried:
        click.echo("There are no such rules.")
        return
    print_table(
        ("rule", "condition", "would do", "because"),
        ((one.rule, _condition(one), ", ".join(one.does) or "nothing", _why(one)) for one in tried),
    )


def _condition(tried: Tried) -> str:
    return {True: "holds", False: "does not hold", None: "cannot be judged"}[tried.holds]


def _why(tried: Tried) -> str:
    if tried.problem:
        return tried.problem
    told = list(tried.leaves_out)
    if tried.acted and not tried.does:
        told.append("it has acted before")
    return "; ".join(told)


def _tell_run(report: RunReport) -> None:
    would = "would act" if report.dry_run else "acted"
    click.echo(f"{report.users:,} users looked at.")
    for one in report.rules:
        click.echo(f"  {one.rule} {would} about {one.users:,}")
    for trouble in report.troubles:
        told = f"{trouble.rule}: {safe(trouble.problem)}"
        click.echo(f"{told} ({trouble.users:,} users)", err=True)
