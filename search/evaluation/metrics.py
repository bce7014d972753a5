"""How good a ranking is: the usual figures of information retrieval. Pure: no Django, no engine.

One rule: a ranking names each element once, best first; what it does not name is not found. The figures agree with trec_eval's,
and are 0 where nothing is relevant: whoever takes a mean leaves such queries out.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import log2
from typing import TypeVar

Element = TypeVar("Element", bound=Hashable)
PERSISTENCE = 0.9


def average_precision(ranking: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """The mean, over the relevant elements, of the precision at the rank of each; 0 for those that were not found."""
    wanted = set(relevant)
    found = [rank for rank, element in enumerate(ranking, start=1) if element in wanted]
    return average_precision_of_ranks(found, len(wanted))


def average_precision_of_ranks(ranks: Iterable[int], relevant: int) -> float:
    """The same from the ranks, from 1, of what was found of so many relevant elements: quick where rankings are long."""
    precisions = (found / rank for found, rank in enumerate(sorted(ranks), start=1))
    return sum(precisions) / relevant if relevant else 0.0


def reciprocal_rank(ranking: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """One over the rank of the first relevant element; 0 when none was found."""
    wanted = set(relevant)
    return next((1 / rank for rank, element in enumerate(ranking, start=1) if element in wanted), 0.0)


def hit_at(ranking: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """1 when one of the first `k` elements is relevant, else 0."""
    return float(not set(relevant).isdisjoint(ranking[:k]))


def recall_at(ranking: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """The share of the relevant elements that are among the first `k`."""
    wanted = set(relevant)
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else 0.0


def ndcg_at(ranking: Sequence[Element], grades: Mapping[Element, float], k: int) -> float:
    """Discounted cumulated gain of the first `k`, as a share of the best possible. The gain is the grade (not 2^grade - 1)."""
    ideal = _discounted(sorted(grades.values(), reverse=True)[:k])
    return _discounted([grades.get(element, 0.0) for element in ranking[:k]]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def no_answer_precision(abstained: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """Of the queries on which the engine abstained, the share that have no answer; None when it never abstained."""
    return _share([lacks for stopped, lacks in zip(abstained, unanswerable, strict=True) if stopped])


def no_answer_recall(abstained: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """Of the queries without an answer, the share on which the engine abstained; None when every query has one."""
    return _share([stopped for stopped, lacks in zip(abstained, unanswerable, strict=True) if lacks])


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def rank_biased_overlap(
    one: Sequence[Hashable], other: Sequence[Hashable], persistence: float = PERSISTENCE
) -> float:
    """How alike two rankings are, 0 to 1, their tops counting most; two empty ones are alike, an empty one is like no other.

    The extrapolated measure for lists of uneven lengths (Webber, Moffat and Zobel, 2010, equation 32): what was seen is
    taken to go on below.
    """
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return float(not longer)
    short, long = len(shorter), len(longer)
    overlaps = [len(set(shorter[:depth]).intersection(longer[:depth])) for depth in range(1, long + 1)]
    at_short, at_long = overlaps[short - 1], overlaps[-1]
    seen = sum(overlap / depth * persistence**depth for depth, overlap in enumerate(overlaps, start=1))
    unseen = sum(
        at_short * (depth - short) / (short * depth) * persistence**depth
        for depth in range(short + 1, long + 1)
    )
    beyond = ((at_long - at_short) / long + at_short / short) * persistence**long
    return (1 - persistence) / persistence * (seen + unseen) + beyond
