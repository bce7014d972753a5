"""Whether search has become worse than the run recorded. Pure: no Django, no engine.

One rule: a fall counts when the whole interval of the paired difference is below what another machine's arithmetic may cost;
the luck of a few queries does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search.evaluation.figures import EVERY_QUERY, MAIN, Group, grouped
from search.evaluation.recorded import Baseline, FiguresByMode
from search.evaluation.statistics import Estimate, paired_difference

# Two machines round differently: near neighbours change places, and some queries lose a little.
ARITHMETIC = 0.005
# The mode that the site serves is held kind by kind; the others as a whole.
BY_KIND = "hybrid"


@dataclass(frozen=True)
class Fall:
    mode: str
    group: Group
    difference: Estimate

    def __str__(self) -> str:
        where = self.group[1] or "all queries"
        return (
            f"{self.mode}, {where}: nDCG@10 {self.difference.mean:+.3f} "
            f"[{self.difference.low:+.3f}, {self.difference.high:+.3f}] over {self.difference.count} queries"
        )


def falls(baseline: Baseline, figures: FiguresByMode) -> list[Fall]:
    """Where the figures are surely below the baseline, over the queries that both have."""
    return [
        fall
        for mode, recorded in baseline.ndcg10.items()
        for fall in _differences(mode, recorded, figures)
        if fall.difference.high < -ARITHMETIC
    ]


def _differences(mode: str, recorded: Mapping[str, float], figures: FiguresByMode) -> Iterator[Fall]:
    common = [one for one in figures[mode] if one.id in recorded]
    for group, members in grouped(common).items():
        if group == EVERY_QUERY or (group[0] == "kind" and mode == BY_KIND):
            difference = paired_difference(
                [one.values[MAIN] for one in members], [recorded[one.id] for one in members]
            )
            if difference is not None:
                yield Fall(mode, group, difference)
