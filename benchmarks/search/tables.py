"""The tables of a run, as lines of text. Pure."""

import statistics
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from benchmarks.search.report import (
    MODES,
    Bar,
    agreement,
    bare_figures,
    figures,
    hit_shares,
    overhead,
)
from benchmarks.search.timing import Percentiles, percentiles

NAME = 20
NOTHING = "–"


def size_lines(result: dict[str, Any]) -> Iterator[str]:
    """Everything that one size says."""
    contestants = result["contestants"]
    machine = result["machine"]
    yield f"\n=== {result['size']:,} trainings: {_vectors(result)}"
    yield f"{machine['cores']} cores, of which {machine['load']:.1f} were already at work when this size began"
    yield from (f"{name} is out: {reason}" for name, reason in result["failed"].items())
    yield from _filling(contestants)
    yield from _searching(contestants)
    yield from _bare_searching(contestants)
    yield from _memory(result)
    yield from _overheads(result)
    yield from _recalls(result)
    yield from _sanity(result)


def bar_lines(bars: Sequence[Bar]) -> Iterator[str]:
    yield "\n=== Bars"
    for bar in bars:
        value = NOTHING if bar.value is None else f"{bar.value:.2f}"
        sign = "≥" if bar.is_floor else "≤"
        steady = "" if bar.steady is None else f" (steady: {bar.steady:.2f})"
        yield f"{bar.name:<58}{value:>10}  {sign} {bar.limit:g}  {bar.verdict}{steady}"


def _vectors(result: dict[str, Any]) -> str:
    own, size = result["own_vectors"], result["size"]
    if own >= size:
        return "every vector is the model's own"
    return f"the vectors of the first {own:,} are the model's own, the others are those with noise"


def _filling(contestants: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The peak is that of the process that makes the trainings and writes them."""
    yield f"\n{'filling':<{NAME}}{'documents':>10}{'seconds':>10}{'a second':>10}{'disk MB':>10}{'peak MB':>10}"
    for one in contestants:
        filling = one["filling"]
        rate = filling["documents"] / filling["seconds"]
        yield (
            f"{one['name']:<{NAME}}{filling['documents']:>10,}{filling['seconds']:>10.1f}{rate:>10,.0f}"
            f"{filling['disk_mb']:>10.1f}{filling['memory']['peak']:>10.0f}"
        )


def _searching(contestants: Sequence[dict[str, Any]]) -> Iterator[str]:
    heads = "".join(f"{mode:>10}{'p95':>8}{'p99':>8}{'steady':>8}" for mode in MODES)
    yield f"\n{'searching, ms':<{NAME}}{heads}"
    for one in contestants:
        yield f"{one['name']:<{NAME}}" + "".join(_percentiles(figures(one, mode)) for mode in MODES)


def _percentiles(measured: Percentiles | None) -> str:
    if measured is None:
        return f"{NOTHING:>10}{NOTHING:>8}{NOTHING:>8}{NOTHING:>8}"
    return f"{measured.p50:>10.1f}{measured.p95:>8.1f}{measured.p99:>8.1f}{measured.steady_p95:>8.1f}"


def _bare_searching(contestants: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Beside Wagtail's search: the same queries only, since it knows no filter of ours."""
    reference = next((one for one in contestants if one["name"].startswith("wagtail")), None)
    if reference is None:
        return
    yield f"\n{'no filter, ms':<{NAME}}{'lexical':>10}{'p95':>8}{'p99':>8}{'steady':>8}{'searches':>10}"
    for one in contestants:
        measured = bare_figures(one, reference)
        yield f"{one['name']:<{NAME}}{_percentiles(measured)}{measured.count if measured else 0:>10}"


def _memory(result: dict[str, Any]) -> Iterator[str]:
    yield f"\n{'memory, MB':<{NAME}}{'at rest':>10}{'searching':>10}{'own':>10}{'files':>10}{'peak':>10}{'opens in s':>12}"
    for one in result["contestants"]:
        now = one["memory"]["searching"]
        yield (
            f"{one['name']:<{NAME}}{one['memory']['at_rest']['now']:>10.0f}{now['now']:>10.0f}{now['own']:>10.0f}"
            f"{now['files']:>10.0f}{now['peak']:>10.0f}{one['opening']:>12.2f}"
        )
    if server := result.get("server"):
        resident = f", {server['resident_mb']:.0f} MB resident" if "resident_mb" in server else ""
        yield (
            f"server: Elasticsearch {server['version']}, Java {server['java']}, heap {server['heap_mb']:.0f} of "
            f"{server['heap_max_mb']:.0f} MB{resident}"
        )


def _overheads(result: dict[str, Any]) -> Iterator[str]:
    if "overhead" not in result:
        return
    yield f"\n{'over bare requests':<{NAME}}{'bare ms':>10}{'engine ×':>10}{'search ×':>10}"
    for mode, rounds in result["overhead"].items():
        measured = overhead(rounds)
        yield f"{mode:<{NAME}}{measured.bare_ms:>10.1f}{measured.engine:>10.2f}{measured.whole:>10.2f}"


def _recalls(result: dict[str, Any]) -> Iterator[str]:
    if "recall" not in result:
        return
    yield f"\n{'recall@10':<{NAME + 20}}{'kept':>10}{'recall':>10}"
    for one in result["recall"]:
        yield f"{one['filter']:<{NAME + 20}}{one['share']:>10.1%}{one['recall']:>10.3f}"


def _sanity(result: dict[str, Any]) -> Iterator[str]:
    """What makes the figures believable: how much the words find, what encoding a query costs, how alike the answers are."""
    encoding = percentiles(result["encoding"])
    yield f"\nencoding a query, not counted above: p50 {encoding.p50:.1f} ms, p95 {encoding.p95:.1f} ms"
    for one in result["contestants"]:
        shares = hit_shares(one, result["size"])
        yield (
            f"{one['name']}: by its words, a query finds {statistics.median(shares):.2%} of the trainings (median), "
            f"at most {shares[-1]:.1%}; {shares.count(0.0)} of {len(shares)} find none"
        )
    engines = [one for one in result["contestants"] if "hybrid" in one["surveys"]]
    for left, right in combinations(engines, 2):
        for mode in MODES:
            same, shared = agreement(left, right, mode)
            yield f"{left['name']} and {right['name']}, {mode}: same total {same:.0%}, first pages alike {shared:.0%}"
