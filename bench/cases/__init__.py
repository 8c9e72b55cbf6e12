"""The cases, by the name that `--only` takes."""

from collections.abc import Callable, Coroutine
from typing import Any

from bench.cases import (
    copying,
    directory,
    dynamodb,
    functions,
    importing,
    inbox,
    memory,
    reading,
    ruling,
    sending,
    starting,
)
from bench.figures import Figure
from bench.world import World

Case = Callable[[World], Coroutine[Any, Any, list[Figure]]]

CASES: dict[str, Case] = {
    "closed": sending.closed_loop_of_pairs,
    "closed-users": sending.closed_loop_of_users,
    "open": sending.open_loop,
    "page": reading.newest_page,
    "inbox": inbox.first_pages,
    "group": directory.large_group,
    "rename": directory.rename,
    "rules": ruling.rules_run,
    "start": starting.cold_start,
    "memory": memory.resident,
    "import": importing.slack,
    "copy": copying.there_and_back,
    "dynamodb": dynamodb.on_dynamodb,
    "lambda": functions.on_lambda,
}
