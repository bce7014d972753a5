"""How far the two judges agree: Cohen's kappa, plain and with quadratic weights. Pure: no Django, no engine.

One rule: the pairs counted are told with every figure. Among the pairs that a judge listed, agreement on what is no answer
does not show; among all pairs it drowns the rest. Both are given.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from search.evaluation.golden_set import GRADES, JUDGES, GoldenSet

TOP_GRADE = max(GRADES)
Pairs = Counter[tuple[int, int]]


@dataclass(frozen=True)
class Agreement:
    """Kappa is None where one grade is all that both judges gave: chance explains everything."""

    pairs: int
    kappa: float | None
    weighted_kappa: float | None


@dataclass(frozen=True)
class TargetAgreement:
    """`listed`: over the (query, entry) pairs that one judge or both listed; `all_pairs`: over every entry of the catalogue."""

    target: str
    listed: Agreement
    all_pairs: Agreement


def agreement_by_target(golden: GoldenSet, catalogue_sizes: Mapping[str, int]) -> list[TargetAgreement]:
    """One a target, then one for them together (target « all »)."""
    listed: defaultdict[str, Pairs] = defaultdict(Counter)
    possible: Counter[str] = Counter()
    for query in golden.queries:
        listed[query.target].update(_pairs(golden, query.id))
        possible[query.target] += catalogue_sizes[query.target]
    listed["all"] = sum(listed.values(), Counter())
    possible["all"] = possible.total()
    return [
        TargetAgreement(target, agreement(pairs), agreement(_filled(pairs, possible[target])))
        for target, pairs in listed.items()
    ]


def _pairs(golden: GoldenSet, query: str) -> Pairs:
    one, other = (golden.judgements[judge][query] for judge in JUDGES)
    return Counter((one.get(code, 0), other.get(code, 0)) for code in one.keys() | other.keys())


def _filled(pairs: Pairs, possible: int) -> Pairs:
    """With the pairs that neither judge listed."""
    return pairs + Counter({(0, 0): possible - pairs.total()})


def agreement(pairs: Pairs) -> Agreement:
    return Agreement(
        pairs.total(),
        _kappa(pairs, lambda one, other: float(one != other)),
        _kappa(pairs, lambda one, other: ((one - other) / TOP_GRADE) ** 2),
    )


def _kappa(pairs: Pairs, weight: Callable[[int, int], float]) -> float | None:
    """One minus the disagreement seen, over that expected of two judges who give these grades by chance."""
    total = pairs.total()
    ones, others = Counter[int](), Counter[int]()
    for (one, other), count in pairs.items():
        ones[one] += count
        others[other] += count
    expected = sum(weight(a, b) * ones[a] * others[b] for a in ones for b in others)
    seen = sum(weight(one, other) * count for (one, other), count in pairs.items())
    return 1 - seen * total / expected if expected else None
