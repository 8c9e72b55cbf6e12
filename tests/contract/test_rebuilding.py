"""A rebuild on each store: what no feed has written is derived, and then nothing more."""

from tavola.core import patterns
from tavola.edge.feed.rebuild import Report, look, rebuild
from tavola.edge.importers.report import Silent
from tavola.flows.flow import Flow
from tavola.flows.groups import create_group, join_group
from tavola.flows.sending import Target, send
from tavola.flows.users import Profile, create_user, update_user
from tavola.stores.port import run
from tests import builders as b
from tests.contract.conftest import Database, T

PEOPLE = ("ann", "bob", "cleo")
GROUPS = 20  # more than are walked side by side


def fill(db: Database) -> None:
    for name in PEOPLE:
        db.run(create_user(b.user(name)))
    db.run(send(b.draft(1), Target(to="@bob"), None, b.T0, "day"))
    for n in range(GROUPS):
        db.run(create_group(b.group(f"g{n}")))
        for name in PEOPLE:
            db.run(join_group(f"g{n}", name, "member", b.T0))
        db.run(send(b.draft(n, "bob"), Target(conversation=f"group:g{n}"), None, b.T0, "day"))
    db.run(update_user("cleo", Profile(display_name="Cleopatra")))


def rebuilt(db: Database, *, dry: bool = False) -> Report:
    async def on_store(flow: Flow[T]) -> T:
        return await run(flow, db.store)

    return db.wait((look if dry else rebuild)(db.store, on_store, "day", Silent()))


def test_a_store_without_a_feed_gets_all_that_the_feed_writes(db: Database) -> None:
    fill(db)
    db.do(patterns.put_pointer("ann", "2026-11-19", "group:g3"))
    before = db.items()
    expected = Report(
        conversations=GROUPS + 1,
        users=len(PEOPLE),
        pointers_put=2 + len(PEOPLE) * GROUPS,
        pointers_removed=1,
        names_copied=2 + GROUPS,
        markers_moved=GROUPS,
    )
    assert rebuilt(db, dry=True) == expected
    assert db.items() == before
    assert rebuilt(db) == expected
    after, last = db.items(), db.store.last_change
    assert rebuilt(db).mended == 0
    assert (db.items(), db.store.last_change) == (after, last)


def test_what_cannot_be_read_is_told_and_does_not_keep_the_rest_from_it(db: Database) -> None:
    fill(db)
    newer = {"pk": "GROUP#g7", "sk": "USER#dan", "type": "GroupUser", "v": 99}
    db.do(patterns.copy_item(newer))
    report = rebuilt(db)
    assert [problem.where for problem in report.unreadable] == ["GROUP#g7"]
    assert report.pointers_put == 2 + len(PEOPLE) * (GROUPS - 1)


def test_an_empty_store_has_nothing_to_rebuild(db: Database) -> None:
    assert rebuilt(db) == Report()
