"""One visit to a store: the feed catches up, everything is looked at, and mended where asked."""

from collections.abc import Sequence
from typing import NamedTuple

from tavola.app import Service, open_asking, open_postgres
from tavola.core import limits
from tavola.core.errors import StoreInUse
from tavola.edge import clock
from tavola.edge.aws.services import COGNITO
from tavola.edge.cli.common import on_store
from tavola.edge.cli.progress import Lines
from tavola.edge.cognito.pool import PoolAddress
from tavola.edge.doctor import feed
from tavola.edge.doctor.elsewhere import (
    Elsewhere,
    cognito_place,
    compare_handles,
    postgres_place,
)
from tavola.edge.doctor.examination import PAUSES_S, Examination, Examined, Pace
from tavola.edge.doctor.mending import Treated, mend_all
from tavola.edge.doctor.report import Note, Report, Section, report_of, section
from tavola.edge.postgres.address import Source
from tavola.settings import Settings, sqlite_path
from tavola.stores.memory import MemoryStore
from tavola.stores.sqlite import SQLiteStore

_STOPPED = "There is more: the examination stopped at {:,} findings. Mend these, and look again."
_STRANGERS = "{:,} people in {} are nobody here yet: they come {}."


class Wish(NamedTuple):
    """What an examination is to do. `follows` says whether it may follow a table's stream."""

    mend: bool
    follows: bool
    wait_s: float
    segments: int
    rate: int | None
    pool: PoolAddress | None
    source: Source | None


def visit(settings: Settings, wish: Wish, shown: Lines) -> Report:
    """Alone on an embedded store if that can be had, beside a server else."""

    async def examined(service: Service) -> Report:
        return await _visit(service, wish, shown)

    path = sqlite_path(settings.store)
    if path and not (path.exists() and path.stat().st_size):
        return on_store(settings, examined)  # says so, where a writer would make a new store of it
    if wish.mend or path is None:
        return on_store(settings, examined, write=wish.mend)
    try:
        return on_store(settings, examined, write=True)
    except StoreInUse:
        return on_store(settings, examined)


async def _visit(service: Service, wish: Wish, shown: Lines) -> Report:
    shown.stage("feed", None)
    notes = [*(await _catch_up(service, wish)), *(await feed.set_aside(service.store))]
    treated = await _treat(service, wish, shown)
    sections = [section("table", "table", treated.now.findings)]
    if wish.pool:
        async with open_asking(COGNITO, wish.pool.region, wish.pool.endpoint) as ask:
            place = cognito_place(wish.pool, ask)
            sections.append(await _elsewhere(service, place, notes, shown))
    if wish.source:
        async with open_postgres(wish.source) as directory:
            place = postgres_place(wish.source, directory)
            sections.append(await _elsewhere(service, place, notes, shown))
    if not treated.now.complete:
        notes.append(Note("stopped", _STOPPED.format(limits.DOCTOR_FINDINGS_MAX)))
    return report_of(treated, notes, sections)


async def _catch_up(service: Service, wish: Wish) -> list[Note]:
    store = service.store
    if isinstance(store, SQLiteStore) and not store.writable:
        return await feed.wait_for_server(store, wish.wait_s)
    if isinstance(store, SQLiteStore | MemoryStore) or wish.follows:
        return await feed.settle(service.feed, wish.wait_s)
    return await feed.is_followed(store)


async def _treat(service: Service, wish: Wish, shown: Lines) -> Treated:
    bucketing = service.settings.bucket
    pace = Pace(wish.segments, wish.rate, _pauses(service, wish))

    async def look() -> Examined:
        return await Examination(service.run, bucketing, clock.now(), pace, shown).all()

    if not wish.mend:
        return Treated(await look(), [])
    return await mend_all(look, service.run, lambda: _catch_up(service, wish), shown)


def _pauses(service: Service, wish: Wish) -> Sequence[float]:
    """Before each further look at what seems wrong: none where nobody else can have written."""
    if isinstance(service.store, SQLiteStore) and service.store.writable:
        return (0.0,)
    pauses: list[float] = []
    for pause_s in PAUSES_S:
        if sum(pauses) + pause_s <= wish.wait_s:
            pauses.append(pause_s)
    return pauses or (0.0,)


async def _elsewhere(
    service: Service, place: Elsewhere, notes: list[Note], shown: Lines
) -> Section:
    compared = await compare_handles(place, service.run, shown)
    if compared.strangers:
        text = _STRANGERS.format(compared.strangers, place.name, place.comes)
        notes.append(Note("strangers", text))
    return section(place.name, "people elsewhere", compared.findings)
