"""What every function opens: the store that its environment names, with logs for machines."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tavola.app import Service, open_service
from tavola.core.errors import invalid
from tavola.edge.logs import configure
from tavola.settings import dynamodb_address, load
from tavola.stores.dynamodb import connect  # noqa: F401 - imported before the first invocation


@asynccontextmanager
async def opened(environment: Mapping[str, str]) -> AsyncIterator[Service]:
    """The service of a function's settings. Raises `Invalid`, and what opening a table raises."""
    settings = load({}, environment)
    configure(settings.log_format)
    if dynamodb_address(settings.store) is None:
        raise invalid("store", "store", "must be a DynamoDB table: a function has no disk to keep")
    async with open_service(settings) as service:
        yield service
