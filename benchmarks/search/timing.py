"""Durations and what is said of them. Pure."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Answer = TypeVar("Answer")


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timed_round(works: Sequence[Callable[[], object]], limit: float, first: int = 0) -> list[float | None]:
    """The duration of each, in turn from `first` on; None for those that were not begun within the limit (in seconds)."""
    until = time.perf_counter() + limit
    durations: list[float | None] = [None] * len(works)
    for number in (*range(first, len(works)), *range(first)):
        if time.perf_counter() < until:
            durations[number] = seconds(works[number])
    return durations


def within(limit: float, works: Iterable[Callable[[], Answer]]) -> list[Answer | None]:
    """The answer of each, in turn; None for those that were not begun within the limit (in seconds)."""
    until = time.perf_counter() + limit
    return [work() if time.perf_counter() < until else None for work in works]


@dataclass(frozen=True)
class Percentiles:
    """Milliseconds over every search of every round. `steady_p95` is over the median of each query, which other people's work
    on a shared machine hardly moves."""

    p50: float
    p95: float
    p99: float
    steady_p95: float
    count: int


def percentiles(rounds: Iterable[Sequence[float | None]]) -> Percentiles | None:
    """Of rounds over the same queries; None when nothing was measured."""
    by_query = [[one for one in times if one is not None] for times in zip(*rounds, strict=True)]
    flat = [1000 * one for times in by_query for one in times]
    if not flat:
        return None
    steady = [1000 * statistics.median(times) for times in by_query if times]
    return Percentiles(
        _quantile(flat, 0.50),
        _quantile(flat, 0.95),
        _quantile(flat, 0.99),
        _quantile(steady, 0.95),
        len(flat),
    )


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
