"""The tables and the page of the evaluation of matching (docs/matching-quality.md). Pure: no Django, no engine.

One rule: a figure never stands without what it is a share or a mean of.
"""

from collections.abc import Mapping, Sequence

from matching.evaluation.extraction_figures import TextFigures, grouped, shares
from matching.evaluation.ranking_figures import FIGURES, RankingFigures, means
from search.evaluation.tables import Table

NOTHING = "–"
SHARES = ("precision", "recall", "recall_of_all_listed", "levels", "kept_aside", "false_answers")
TITLES = {
    "precision": "precision",
    "recall": "recall",
    "recall_of_all_listed": "recall of all that anybody listed",
    "levels": "level as an annotator gave it",
    "kept_aside": "denied or wished, kept aside",
    "false_answers": "texts without skill, answered",
    "person_jobs": "person → jobs, nDCG@5",
    "person_right_job": "person, right job in the first 3",
    "person_trainings": "person + job → trainings, nDCG@5",
    "need_right_job": "need, right job in the first 3",
    "need_trainings": "need → trainings, nDCG@5",
}


def extraction_table(figures: Sequence[TextFigures]) -> Table:
    """Every share, over all texts, then by kind and by language."""
    rows = []
    for (name, value), members in grouped(figures).items():
        found = shares(members)
        cells = [_share(found.get(one)) for one in SHARES]
        rows.append((value or name, str(len(members)), *cells))
    return Table(("texts", "number", *(TITLES[name] for name in SHARES)), tuple(rows))


def _share(share: object) -> str:
    if share is None:
        return NOTHING
    value, low, high, among = (getattr(share, name) for name in ("value", "low", "high", "among"))
    return f"{value:.3f} [{low:.2f}, {high:.2f}] of {among}"


def ranking_table(figures: Mapping[str, Sequence[RankingFigures]]) -> Table:
    """Each figure for the whole and for each variant that leaves a part out."""
    found = {variant: means(members) for variant, members in figures.items()}
    rows = [(TITLES[name], *(_mean(found[variant].get(name)) for variant in found)) for name in FIGURES]
    return Table(("figure", *found), tuple(rows))


def _mean(estimate: object) -> str:
    if estimate is None:
        return NOTHING
    mean, low, high, count = (getattr(estimate, name) for name in ("mean", "low", "high", "count"))
    return f"{mean:.3f} [{low:.2f}, {high:.2f}] of {count}"


def ablation_table(figures: Mapping[str, Sequence[TextFigures]]) -> Table:
    """Precision and recall of the whole and of each variant of reading."""
    names = ("precision", "recall", "false_answers")
    rows = []
    for variant, members in figures.items():
        found = shares(members)
        rows.append((variant, *(_share(found.get(name)) for name in names)))
    return Table(("reading", *(TITLES[name] for name in names)), tuple(rows))
