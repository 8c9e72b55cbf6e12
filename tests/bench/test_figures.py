"""Figures are compared with their targets as the table says."""

import pytest

from bench.figures import Figure, latencies, percentile


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 51), (99, 100), (100, 100)], ids=str)
def test_a_percentile_is_a_measured_value(percent: float, value: int) -> None:
    assert percentile(range(100, 0, -1), percent) == value


def test_a_figure_is_judged_by_its_target() -> None:
    assert Figure(name="a", value=2.9, unit="ms", at_most=3).verdict == "ok"
    assert Figure(name="a", value=3.0, unit="ms", at_most=3).verdict == "miss"
    assert Figure(name="a", value=3001, unit="/s", at_least=3000).verdict == "ok"
    assert Figure(name="a", value=3000, unit="/s", at_least=3000).verdict == "miss"
    assert Figure(name="a", value=3, unit="s").verdict == ""


def test_latencies_are_told_in_milliseconds() -> None:
    median, tail = latencies("send", [0.001, 0.002, 0.003], p99_ms_at_most=3)
    assert (median.value, median.verdict) == (2.0, "")
    assert (tail.value, tail.target, tail.verdict) == (3.0, "< 3 ms", "miss")
