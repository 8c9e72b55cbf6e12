"""Figures: what was measured, and what it should be."""

from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured number with its unit, and its target where there is one."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"< {self.at_most:,g} {self.unit}"
        if self.at_least is not None:
            return f"> {self.at_least:,g} {self.unit}"
        return ""

    @property
    def verdict(self) -> str:
        """`ok`, `miss`, or nothing where there is no target."""
        if not self.target:
            return ""
        met = (self.at_most is None or self.value < self.at_most) and (
            self.at_least is None or self.value > self.at_least
        )
        return "ok" if met else "miss"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent lie (the next larger one that was measured)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def latencies(
    name: str, seconds: Sequence[float], *, p99_ms_at_most: float | None = None
) -> list[Figure]:
    """The median and the 99th percentile of some latencies."""
    return [
        Figure(name=f"{name}, p50", value=percentile(seconds, 50) * 1000, unit="ms"),
        Figure(
            name=f"{name}, p99",
            value=percentile(seconds, 99) * 1000,
            unit="ms",
            at_most=p99_ms_at_most,
        ),
    ]
