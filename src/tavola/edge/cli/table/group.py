"""What all of `tavola table` share: the group, and which table is meant."""

from tavola.core.errors import invalid
from tavola.edge.cli.common import group
from tavola.settings import Settings, TableAddress, dynamodb_address

COUNTED = "DynamoDB counts items and bytes about every six hours."


@group()
def table() -> None:
    r"""Make, describe and drop the table, and look at its items.

    \b
    tavola --store 'dynamodb://chat?region=eu-west-1' table create
    tavola table scan --type Message --limit 20
    tavola table query 'USER#mira' --from INBOX# --to 'INBOX#~'
    """


def address_of(settings: Settings, otherwise: str) -> TableAddress:
    """The table on DynamoDB that the store setting names.

    Raises `Invalid` where it names another kind of store, saying what to do `otherwise`.
    """
    address = dynamodb_address(settings.store)
    if address is None:
        raise invalid("store", "dynamodb", f"{settings.store} is not on DynamoDB: {otherwise}")
    return address
