"""How right text to skills is, over annotated texts: precision, recall, false answers, levels. Pure: no Django, no engine.

One rule: figures are over all the skills of a group of texts together (micro), and their intervals over its texts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.evaluation.annotated_set import KINDS, LANGUAGES, AnnotatedSet, AnnotatedText
from search.evaluation.statistics import CONFIDENCE, RESAMPLES, SEED

Group = tuple[str, str]
EVERY_TEXT: Group = ("all", "")


@dataclass(frozen=True)
class Found:
    """What was read out of one text: the level by skill held, and the skills set aside."""

    held: Mapping[str, int]
    set_aside: Collection[str] = ()


@dataclass(frozen=True)
class TextFigures:
    """The counts of one text. `right`: found and acceptable; `found_required`: found of what must be."""

    id: str
    lang: str
    kind: str
    found: int
    right: int
    required: int
    found_required: int
    listed: int
    levels: int
    close_levels: int
    set_aside: int
    found_set_aside: int


@dataclass(frozen=True)
class Share:
    """A share, and the interval that holds 95 % of its resamples; `among` is what it is a share of."""

    value: float
    low: float
    high: float
    among: int


def text_figures(annotated: AnnotatedSet, text: AnnotatedText, found: Found) -> TextFigures:
    acceptable, required = annotated.acceptable(text.id), annotated.required(text.id)
    right = acceptable.intersection(found.held)
    aside = annotated.set_aside(text.id)
    return TextFigures(
        text.id,
        text.lang,
        text.kind,
        found=len(found.held),
        right=len(right),
        required=len(required),
        found_required=len(required.intersection(found.held)),
        listed=len(acceptable),
        levels=len(right),
        close_levels=sum(_is_close(found.held[code], annotated.levels(text.id, code)) for code in right),
        set_aside=len(aside),
        found_set_aside=len(aside.difference(found.held)),
    )


def _is_close(level: int, given: Sequence[int]) -> bool:
    """The level is one that an annotator gave, or lies between."""
    return min(given) <= level <= max(given)


def grouped(figures: Sequence[TextFigures]) -> dict[Group, list[TextFigures]]:
    """All of them, then by kind and by language; groups without texts are missing."""
    groups: dict[Group, list[TextFigures]] = {EVERY_TEXT: list(figures)}
    for name, values in (("kind", KINDS), ("lang", LANGUAGES)):
        for value in values:
            if members := [one for one in figures if getattr(one, name) == value]:
                groups[name, value] = members
    return groups


# What each figure is a share of: (what is counted, among what).
SHARES = {
    "precision": ("right", "found"),
    "recall": ("found_required", "required"),
    "recall_of_all_listed": ("right", "listed"),
    "levels": ("close_levels", "levels"),
    "kept_aside": ("found_set_aside", "set_aside"),
}


def shares(figures: Iterable[TextFigures]) -> dict[str, Share]:
    """Those that have something to be a share of; `false_answers` is over the texts in which nobody found anything."""
    texts = list(figures)
    found = {
        name: share
        for name, (part, whole) in SHARES.items()
        if (share := _share([getattr(one, part) for one in texts], [getattr(one, whole) for one in texts]))
    }
    empty = [one for one in texts if not one.listed]
    if share := _share([int(one.found > 0) for one in empty], [1] * len(empty)):
        found["false_answers"] = share
    return found


def _share(parts: Sequence[int], wholes: Sequence[int]) -> Share | None:
    total = sum(wholes)
    if not total:
        return None
    drawn = _drawn(len(parts))
    sums = np.asarray(wholes)[drawn].sum(axis=1)
    resampled = np.asarray(parts)[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Share(sum(parts) / total, float(low), float(high), total)


def _drawn(size: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, size, (RESAMPLES, size))
