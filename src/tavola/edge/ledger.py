"""What a piece of work took, as fields of its log line: time, request units, and what those cost.

Where a namespace is set, CloudWatch makes metrics of each line, one of every kind for each use
case: nobody can come and fetch them from functions that come and go. The line says so in the form
of its "embedded metric format", under `_aws`.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tavola.core.units import Prices, Units, usd_per_million
from tavola.edge.ports import Measure

USE_CASE: Final = "use_case"
METRICS: Final[Mapping[str, str]] = {  # with their units, as CloudWatch calls them
    "ms": "Milliseconds",
    "read_units": "Count",
    "write_units": "Count",
    "usd": "None",
}
USD_DIGITS: Final = 12  # a thousandth of what the smallest read costs


class Ledger(msgspec.Struct, frozen=True):
    """How work is measured, what its units cost, and where that is a metric."""

    measured: Measure
    prices: Prices
    namespace: str | None

    def entry(self, use_case: str, seconds: float, units: Units, at_ms: int) -> dict[str, Any]:
        """The fields of a line about work that ended at a time, in milliseconds since 1970."""
        fields: dict[str, Any] = {
            USE_CASE: use_case,
            "ms": round(seconds * 1000, 2),
            "read_units": units.read,
            "write_units": units.write,
            "usd": round(usd_per_million(units, self.prices) / 1e6, USD_DIGITS),
        }
        if self.namespace is None:
            return fields
        made = {
            "Namespace": self.namespace,
            "Dimensions": [[USE_CASE]],
            "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
        }
        return fields | {"_aws": {"Timestamp": at_ms, "CloudWatchMetrics": [made]}}
