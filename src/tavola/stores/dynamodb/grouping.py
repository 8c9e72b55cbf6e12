"""Which operations of a tuple go out together, as one batch in place of many requests.

A batch holds unconditional Puts and Deletes of one access pattern, or Gets of one pattern and
consistency. The tuple names each of its keys once, so nothing hangs on the order in which a batch
is done. All else goes out alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from tavola.core import limits
from tavola.core.apply import keys_written
from tavola.core.items import Key
from tavola.core.operations import Delete, Get, Operation, Put, Query, Scan
from tavola.core.units import size_bytes

Places = tuple[int, ...]
_Kind = tuple[str, bool | None]


def grouped(operations: Sequence[Operation]) -> list[Places]:
    """The places of the operations: those of a batch together, each other one alone.

    They are in the order of their first places.
    """
    if len(operations) < limits.STORE_BATCH_MIN:
        return [(place,) for place in range(len(operations))]
    named = Counter(key for operation in operations for key in _keys_of(operation))
    groups: list[Places] = []
    kinds: dict[_Kind, list[int]] = {}
    for place, operation in enumerate(operations):
        kind = _kind_of(operation)
        if kind is None or named[_keys_of(operation)[0]] > 1:
            groups.append((place,))
        else:
            kinds.setdefault(kind, []).append(place)
    for places in kinds.values():
        groups += _batches(operations, places)
    return sorted(groups)


def _keys_of(operation: Operation) -> tuple[Key, ...]:
    """The keys of the items that an operation names one by one."""
    if isinstance(operation, Query | Scan):
        return ()
    return (operation.key,) if isinstance(operation, Get) else keys_written(operation)


def _kind_of(operation: Operation) -> _Kind | None:
    """What the operations of a batch have in common; None for one that goes out alone."""
    match operation:
        case Get():
            return operation.pattern, operation.consistent
        case Put() | Delete() if operation.condition is None:
            return operation.pattern, None
        case _:
            return None


def _batches(operations: Sequence[Operation], places: list[int]) -> Iterator[Places]:
    if len(places) < limits.STORE_BATCH_MIN:
        yield from ((place,) for place in places)
        return
    batch: Places = ()
    free_bytes = 0
    for place in places:
        operation = operations[place]
        count_max = limits.BATCH_GETS_MAX if isinstance(operation, Get) else limits.BATCH_WRITES_MAX
        size = _bytes_of(operation)
        if batch and (len(batch) == count_max or size > free_bytes):
            yield batch
            batch = ()
        if not batch:
            free_bytes = limits.BATCH_BYTES_MAX
        batch += (place,)
        free_bytes -= size
    yield batch


def _bytes_of(operation: Operation) -> int:
    """About how much a request grows by an operation."""
    if not isinstance(operation, Put):
        return 0
    try:
        return size_bytes(operation.item)
    except (TypeError, UnicodeEncodeError):  # no table holds it: it is to be refused alone
        return limits.BATCH_BYTES_MAX
