"""What a run found, as tables for people; the bars that it must clear. Pure.

One rule: a bar that was not measured says so; it is neither met nor missed.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.search.timing import Percentiles, percentiles

MODES = ("lexical", "semantic", "hybrid")
OVERHEAD_BAR, GROWTH_BAR, RECALL_BAR = 1.3, 4.0, 0.95
EMBEDDED_P95_BARS = {10_000: 30.0, 100_000: 120.0}
SMALL, LARGE = 10_000, 100_000


@dataclass(frozen=True)
class Bar:
    """`value` is None when the run did not measure it; `steady` is what other people's work hardly moves, told beside it."""

    name: str
    value: float | None
    limit: float
    is_floor: bool = False
    steady: float | None = None

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        return (
            "met" if (self.value >= self.limit if self.is_floor else self.value <= self.limit) else "MISSED"
        )


# --- Figures


def figures(contestant: dict[str, Any], mode: str) -> Percentiles | None:
    return percentiles(contestant["rounds"].get(mode, []))


def bare_figures(contestant: dict[str, Any], reference: dict[str, Any]) -> Percentiles | None:
    """The lexical searches of the queries that `reference` answers too."""
    asked = [answer is not None for answer in reference["surveys"]["lexical"]]
    rounds = contestant["rounds"].get("lexical", [])
    return percentiles(
        [[one if kept else None for one, kept in zip(times, asked, strict=True)] for times in rounds]
    )


@dataclass(frozen=True)
class Overhead:
    """Medians over the searches: milliseconds of the bare requests, and how many times that the engine and the whole take."""

    bare_ms: float
    engine: float
    whole: float


def overhead(rounds: Sequence[Sequence[Sequence[float]]]) -> Overhead:
    triples = [triple for times in rounds for triple in times]
    return Overhead(
        bare_ms=1000 * statistics.median(bare for _, _, bare in triples),
        engine=statistics.median(engine / bare for _, engine, bare in triples),
        whole=statistics.median(whole / bare for whole, _, bare in triples),
    )


def hit_shares(contestant: dict[str, Any], size: int) -> list[float]:
    """The share of the trainings that each query finds by its words, filters included."""
    return sorted(answer["total"] / size for answer in contestant["surveys"]["lexical"] if answer)


def agreement(one: dict[str, Any], other: dict[str, Any], mode: str) -> tuple[float, float]:
    """Of the queries, those that find as many in both; of the first pages, the part that both show."""
    pairs = [
        (left, right)
        for left, right in zip(one["surveys"][mode], other["surveys"][mode], strict=True)
        if left and right and (left["codes"] or right["codes"])
    ]
    same = statistics.mean(left["total"] == right["total"] for left, right in pairs)
    shared = (
        len(set(left["codes"]) & set(right["codes"])) / max(len(left["codes"]), len(right["codes"]))
        for left, right in pairs
    )
    return same, statistics.mean(shared)


# --- Bars


def bars(results: Sequence[dict[str, Any]]) -> list[Bar]:
    by_size = {result["size"]: result for result in results}
    return [
        *_overhead_bars(by_size),
        *_embedded_bars(by_size),
        *_growth_bars(by_size),
        *_recall_bars(by_size),
    ]


def _named(result: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    return next((one for one in (result or {}).get("contestants", ()) if one["name"] == name), None)


def _of(result: dict[str, Any] | None, name: str, mode: str) -> Percentiles | None:
    contestant = _named(result, name)
    return figures(contestant, mode) if contestant else None


def _overhead_bars(by_size: dict[int, dict[str, Any]]) -> Iterator[Bar]:
    for size, result in by_size.items():
        for mode in MODES:
            rounds = result.get("overhead", {}).get(mode)
            yield Bar(
                f"elasticsearch over bare _msearch, {mode}, {size}",
                overhead(rounds).engine if rounds else None,
                OVERHEAD_BAR,
            )


def _embedded_bars(by_size: dict[int, dict[str, Any]]) -> Iterator[Bar]:
    for size, limit in EMBEDDED_P95_BARS.items():
        measured = _of(by_size.get(size), "embedded", "hybrid")
        yield Bar(
            f"embedded, hybrid p95 ms, {size}",
            measured and measured.p95,
            limit,
            steady=measured and measured.steady_p95,
        )


def _growth_bars(by_size: dict[int, dict[str, Any]]) -> Iterator[Bar]:
    for mode in MODES:
        small, large = (_of(by_size.get(size), "elasticsearch", mode) for size in (SMALL, LARGE))
        both = small and large
        yield Bar(
            f"elasticsearch, {mode} p95, {LARGE} over {SMALL}",
            large.p95 / small.p95 if both else None,
            GROWTH_BAR,
            steady=large.steady_p95 / small.steady_p95 if both else None,
        )


def _recall_bars(by_size: dict[int, dict[str, Any]]) -> Iterator[Bar]:
    for size, result in by_size.items():
        lowest = min((one["recall"] for one in result.get("recall", ())), default=None)
        yield Bar(f"elasticsearch, lowest recall@10 under filters, {size}", lowest, RECALL_BAR, is_floor=True)
