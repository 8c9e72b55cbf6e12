"""The limits fit together: no valid record can exceed what the table takes."""

import json

from tavola.core import limits, table
from tavola.core.items import check_item
from tests import builders as b


def test_every_limit_is_a_positive_number() -> None:
    numbers = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert len(numbers) > 20
    assert all(value > 0 for value in numbers.values())


def test_the_largest_message_fits_an_item_and_a_request() -> None:
    body = "😀" * limits.BODY_CODE_POINTS_MAX
    check_item(table.MESSAGE.build(b.entry(1, body=body)))
    assert len(json.dumps({"body": body})) < limits.REQUEST_BYTES_MAX


def test_the_largest_user_fits_an_item() -> None:
    interests = frozenset(
        chr(0x1F300 + n) * limits.INTEREST_CODE_POINTS_MAX for n in range(limits.INTERESTS_MAX)
    )
    location = "😀" * limits.LOCATION_CODE_POINTS_MAX
    check_item(table.USER.build(b.user("ann", interests=interests, location=location)))


def test_the_longest_name_and_id_fit_a_sort_key() -> None:
    key = table.USER_NAME.key(folded="x" * limits.NAME_BYTES_MAX, user_id="u" * 64)
    assert len(key.sk) <= limits.SK_BYTES_MAX


def test_a_page_is_a_part_of_what_a_retry_searches() -> None:
    assert limits.INBOX_PAGE_DEFAULT <= limits.PAGE_DEFAULT <= limits.PAGE_MAX
    assert limits.PAGE_MAX < limits.AFTER_SPAN_MAX
    assert limits.TAIL_ENTRIES_AFTER < limits.TAIL_ENTRIES
