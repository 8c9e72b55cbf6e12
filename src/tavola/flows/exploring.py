"""What operators ask of the table by hand: one read at a time, as it is."""

from tavola.core import patterns
from tavola.core.items import Item, Key
from tavola.core.operations import Get, Page, Query, ScanPage
from tavola.flows.flow import Flow


def ask(read: Get | Query) -> Flow[Page]:
    """What a read answers, also one of a single item, as a page."""
    if isinstance(read, Query):
        page: Page = yield read
        return page
    item: Item | None = yield read
    return Page([item] if item else [])


def scan(limit: int, start: Key | None) -> Flow[ScanPage]:
    """A page of the whole table, behind a key that the page before has told."""
    page: ScanPage = yield patterns.scan_table(limit, start)
    return page
