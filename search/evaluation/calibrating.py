"""Fitting the curves of a model on the tuning half of the golden set.

One rule: what is fitted is what is served: the best of an object's vectors against the query's, among the neighbours that a
search would look at. The holdout is never read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from search.calibration import Calibration
from search.evaluation.golden_files import TUNING
from search.evaluation.golden_set import RELEVANT, GoldenSet
from search.neighbours import nearest
from search.request import Kind

NEIGHBOURS = 100


@dataclass(frozen=True)
class Judged:
    """A neighbour of a query: its cosine, and whether the judges found it relevant."""

    similarity: float
    is_relevant: bool


@dataclass(frozen=True)
class Fit:
    """A curve, what it was fitted on, and its mean squared error beside that of always saying the mean (Brier, 1950)."""

    curve: Calibration
    pairs: int
    relevant: int
    brier: float
    brier_of_mean: float


def judged_neighbours(golden: GoldenSet, kind: Kind, engine: str = "") -> list[Judged]:
    """Of every tuning query of this kind. Raises `SearchUnavailable` without vectors."""
    return list(_judged(golden, kind, engine))


def _judged(golden: GoldenSet, kind: Kind, engine: str) -> Iterator[Judged]:
    queries = [query for query in golden.half(TUNING) if query.target == kind.value]
    # Named even when it is the configured one: a standby index never answers in its place.
    chosen = engine or settings.SEARCH_ENGINE
    found = nearest(kind, [query.text for query in queries], NEIGHBOURS, chosen) or []
    for query, neighbours in zip(queries, found, strict=True):
        grades = golden.grades(query.id)
        for one in neighbours:
            yield Judged(one.similarity, grades.get(one.code, 0.0) >= RELEVANT)


def fit(judged: Sequence[Judged]) -> Fit:
    """The most likely curve. Raises `ValueError` where all are relevant, or none."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    similarities = np.array([[one.similarity] for one in judged])
    relevant = np.array([one.is_relevant for one in judged])
    if relevant.all() or not relevant.any():
        raise ValueError("Il faut des voisins pertinents et d'autres qui ne le sont pas.")
    model = LogisticRegression(C=1e6).fit(similarities, relevant)
    curve = Calibration(float(model.coef_[0, 0]), float(model.intercept_[0]))
    said = np.array([curve.probability(one.similarity) for one in judged])
    mean = relevant.mean()
    return Fit(
        curve,
        len(judged),
        int(relevant.sum()),
        float(np.mean((said - relevant) ** 2)),
        float(np.mean((mean - relevant) ** 2)),
    )
