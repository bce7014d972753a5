"""How many of the ten nearest an approximate index finds, under filters that keep few, some or all of the trainings.

One rule: a neighbour as near as the tenth is as good as it: equal texts have equal vectors, and no order between them is wrong.
"""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.search.processes import Worker

NEAREST = 10
SHARES = (0.01, 0.10)
FILTERS_A_SHARE = 3
TOLERANCE = 1e-6  # of a cosine in float32


def recall_by_share(exact: Worker, approximate: Worker) -> list[dict[str, Any]]:
    """Against exact search, under the filters whose shares are the nearest to those wanted, and under none."""
    shares = exact.call("shares")
    chosen = [
        *(one for wanted in SHARES for one in _closest(shares, wanted)),
        ("", "", 1.0),
    ]
    return [_measured(exact, approximate, *one) for one in chosen]


def _closest(shares: Sequence[tuple[str, str, float]], wanted: float) -> list[tuple[str, str, float]]:
    return sorted(shares, key=lambda one: (abs(one[2] - wanted), one))[:FILTERS_A_SHARE]


def _measured(exact: Worker, approximate: Worker, name: str, value: str, share: float) -> dict[str, Any]:
    filters = {name: (value,)} if name else {}
    pairs = zip(exact.call("nearest", filters), approximate.call("nearest", filters), strict=True)
    found = [recall(right, given) for right, given in pairs if right]
    return {"filter": f"{name}={value}" if name else "none", "share": share, "recall": statistics.mean(found)}


def recall(right: Mapping[str, float], given: Mapping[str, float]) -> float:
    """`right` has the cosines of the exact neighbours, more than ten of them; `given` what the approximate search says."""
    best = sorted(right.values(), reverse=True)[:NEAREST]
    first = sorted(given, key=lambda code: -given[code])[: len(best)]
    return sum(right.get(code, -1.0) >= best[-1] - TOLERANCE for code in first) / len(best)
