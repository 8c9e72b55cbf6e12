"""Metrics for Prometheus. Names begin with `tavola_`; operations are counted by access pattern."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from tavola.edge.ports import Feed, Stats

Name = Literal[
    "tavola_requests_total",  # requests answered, by method, route and status
    "tavola_request_seconds",  # how long they took, by route
    "tavola_operations_total",  # operations on the store, by access pattern
    "tavola_read_units_total",  # read request units by DynamoDB's rules, by access pattern
    "tavola_write_units_total",  # write request units, likewise
    "tavola_commit_writes",  # writes in each commit (group commit)
    "tavola_feed_lag_changes",  # committed changes that the feed is known to have still to handle
    "tavola_feed_lag_seconds",  # age of the changes at hand, of a worker that reads a stream
    "tavola_feed_changes_total",  # changes that it has handled
    "tavola_feed_aside_total",  # changes that it could not handle and has set aside
    "tavola_build_info",  # the version that runs
]

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class RequestMetrics:
    """Counts requests."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._total = Counter(
            "tavola_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "tavola_request_seconds",
            "How long requests took, in seconds",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        children = self._children.get((method, route, status))
        if children is None:
            children = (self._total.labels(method, route, status), self._seconds.labels(route))
            self._children[method, route, status] = children
        children[0].inc()
        children[1].observe(seconds)


class StoreCollector(Collector):
    """Reads what store and feed count about themselves, when asked."""

    def __init__(self, stats: Stats, feed: Feed) -> None:
        self._stats = stats
        self._feed = feed

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        stats, feed = self._stats, self._feed
        yield _by_pattern("tavola_operations", "Operations", stats.operations)
        yield _by_pattern("tavola_read_units", "Read request units", stats.read_units)
        yield _by_pattern("tavola_write_units", "Write request units", stats.write_units)
        yield _batches(stats.batches, stats.batch_bounds, stats.batched_writes)
        lag = "Committed changes that the feed is known not to have handled yet"
        yield GaugeMetricFamily("tavola_feed_lag_changes", lag, feed.lag)
        if feed.lag_s is not None:
            age = "How old the changes of the stream at hand are, 0 when there are none"
            yield GaugeMetricFamily("tavola_feed_lag_seconds", age, feed.lag_s)
        yield CounterMetricFamily("tavola_feed_changes", "Changes handled", feed.handled)
        yield CounterMetricFamily("tavola_feed_aside", "Changes set aside", feed.set_aside)
        info = GaugeMetricFamily("tavola_build_info", "The version that runs", labels=("version",))
        info.add_metric((version("tavola"),), 1)
        yield info


def registry_for(stats: Stats, feed: Feed) -> CollectorRegistry:
    """A registry of one process's metrics."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(stats, feed))
    return registry


def page(registry: CollectorRegistry) -> bytes:
    """The metrics page."""
    return generate_latest(registry)


def _by_pattern(name: str, what: str, counts: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, f"{what} by access pattern", labels=("pattern",))
    for pattern, count in sorted(counts.items()):
        family.add_metric((pattern,), count)
    return family


def _batches(counts: list[int], bounds: tuple[int, ...], writes: int) -> Metric:
    family = HistogramMetricFamily("tavola_commit_writes", "Writes in each commit")
    total = 0
    buckets = []
    for bound, count in zip((*map(str, bounds), "+Inf"), counts, strict=True):
        total += count
        buckets.append((bound, total))
    family.add_metric((), buckets, writes)
    return family
