"""Fitting the probability that a text shows a skill, and the floor under which nothing is answered. Pure: no Django.

One rule: a curve is fitted, and a floor chosen, on signs that come from models which never saw the text (`folds`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from matching.reading.weighing import Curve

PENALTY = 10.0  # on the squared weights of the scaled signs
LEAST_PRECISION = 0.85
# By how many standard errors over texts the precision of the tuning texts must exceed it, for others to reach it as well.
MARGIN = 1.0
MOST_FALSE_ANSWERS = 0.05  # of the texts in which nobody found anything


@dataclass(frozen=True)
class JudgedCandidate:
    """A candidate's signs, and what annotators say of it. `is_tuning`: of a text on which the floor may be chosen."""

    text: str
    code: str
    signs: Mapping[str, float]
    is_acceptable: bool
    is_required: bool
    is_tuning: bool


@dataclass(frozen=True)
class ChosenFloor:
    """The floor and what it gives on the tuning texts, as shares."""

    floor: float
    precision: float
    recall: float
    false_answers: float


def folds(texts: Sequence[str], count: int) -> list[frozenset[str]]:
    """Parts of about the same size, in turn, in the order given."""
    return [frozenset(texts[place::count]) for place in range(count)]


def fit_curve(candidates: Sequence[JudgedCandidate], names: Sequence[str]) -> Curve:
    """The most likely logistic curve over these signs, its weights held back by `PENALTY`."""
    from scipy.optimize import minimize

    signs = np.array([[one.signs[name] for name in names] for one in candidates])
    shift, scale = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-6)
    scaled = (signs - shift) / scale
    right = np.array([one.is_acceptable for one in candidates], dtype=np.float64)

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, intercept = values[:-1], values[-1]
        logits = scaled @ weights + intercept
        said = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
        likelihood = np.logaddexp(0, logits) - right * logits
        slopes = np.append(scaled.T @ (said - right) + PENALTY * weights, (said - right).sum())
        return float(likelihood.sum() + PENALTY / 2 * (weights**2).sum()), slopes

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 2_000})
    weights = {
        name: (float(shift[place]), float(scale[place]), float(found.x[place]))
        for place, name in enumerate(names)
    }
    return Curve(weights, float(found.x[-1]))


def choose_floor(
    candidates: Sequence[JudgedCandidate],
    probabilities: Sequence[float],
    required: int,
    empty_texts: frozenset[str],
) -> ChosenFloor:
    """The floor that finds most of what is required at `LEAST_PRECISION` and `MARGIN`, with few enough false answers.

    `required` counts all that must be found in the tuning texts; `empty_texts` are those with nothing to find. Raises
    ValueError when no floor is good enough.
    """
    tuning = [(p, one) for p, one in zip(probabilities, candidates, strict=True) if one.is_tuning]
    best: ChosenFloor | None = None
    for floor in sorted({round(p, 3) for p, _ in tuning if p >= 0.2}):
        answered = [one for p, one in tuning if p >= floor]
        if not answered:
            continue
        false = len({one.text for one in answered} & empty_texts) / max(1, len(empty_texts))
        found = ChosenFloor(
            floor,
            sum(one.is_acceptable for one in answered) / len(answered),
            sum(one.is_required for one in answered) / max(1, required),
            false,
        )
        surely = found.precision - MARGIN * _standard_error(answered, found.precision)
        good = surely >= LEAST_PRECISION and false <= MOST_FALSE_ANSWERS
        if good and (best is None or found.recall > best.recall):
            best = found
    if best is None:
        raise ValueError("Aucun seuil n'atteint la précision demandée.")
    return best


def _standard_error(answered: Sequence[JudgedCandidate], precision: float) -> float:
    """Of the precision, texts being drawn by chance and the answers of one text together."""
    beyond: defaultdict[str, float] = defaultdict(float)
    for one in answered:
        beyond[one.text] += one.is_acceptable - precision
    return sqrt(sum(value**2 for value in beyond.values())) / len(answered)
