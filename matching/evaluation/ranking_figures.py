"""How right rankings of jobs and trainings are, over judged people and needs. Pure: no Django, no engine.

One rule: the mean of each figure is over those that have something to find, and is told with its interval and count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.evaluation.ranked_set import PEOPLE, RankedSet, RankedText
from search.evaluation.metrics import hit_at, ndcg_at
from search.evaluation.statistics import Estimate, mean_interval

DEPTH = 5
TOP = 3
FIGURES = ("person_jobs", "person_right_job", "person_trainings", "need_right_job", "need_trainings")


@dataclass(frozen=True)
class RankingFigures:
    """Of one text, by name of `FIGURES`: nDCG@5 of rankings, 1 or 0 for a right job among the first three."""

    id: str
    kind: str
    lang: str
    values: dict[str, float]


def figures_of(
    ranked: RankedSet, text: RankedText, jobs: Sequence[str], trainings: Sequence[str]
) -> RankingFigures:
    right = hit_at(jobs, ranked.right_jobs(text.id), TOP)
    of_trainings = ndcg_at(trainings, ranked.trainings(text.id), DEPTH)
    if text.kind == PEOPLE:
        values = {
            "person_jobs": ndcg_at(jobs, ranked.jobs(text.id), DEPTH),
            "person_right_job": right,
            "person_trainings": of_trainings,
        }
    else:
        values = {"need_right_job": right, "need_trainings": of_trainings}
    return RankingFigures(text.id, text.kind, text.lang, values)


def means(figures: Sequence[RankingFigures]) -> dict[str, Estimate]:
    found = {
        name: mean_interval([one.values[name] for one in figures if name in one.values]) for name in FIGURES
    }
    return {name: estimate for name, estimate in found.items() if estimate}
